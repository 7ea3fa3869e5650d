// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <sark/catalog/detail/diff_columns.hpp>

namespace sark::catalog::detail {

/// Compares what stands beside the tables: enums, functions, sequences, extensions, grants.
class diff_things {
public:
    explicit diff_things(diff_base& base) : base_{base} {}

    void enums() {
        for (enum_type const& e : base_.want_.enums) {
            enum_type const* const there = find(base_.live_.enums, e.name);
            if (there == nullptr) {
                base_.lost_enums_.insert(e.name);
                continue;
            }
            if (e.labels != there->labels) labels(e, *there);
            if (e.comment != there->comment)
                base_.add("comment", e.name, "Type " + e.name + " has another comment.",
                          diff_base::both(e.comment, there->comment),
                          {comment_text("TYPE " + quoted_name(e.name), e.comment)});
        }
        for (enum_type const& e : base_.want_.enums)
            if (base_.lost_enums_.contains(e.name)) lacks(e);
    }

    void functions() {
        for (function const& f : base_.want_.functions) {
            function const* const there = same_signature(base_.live_.functions, f);
            std::string const subject = f.name + '(' + f.arguments + ')';
            if (there == nullptr) {
                base_.lost_functions_.insert(f.name);
                statements repair{f.definition};
                for (relation const& t : base_.want_.relations)
                    if (relation const* const live = find(base_.live_.relations, t.name))
                        for (trigger const& g : t.triggers)
                            if (g.function == f.name && find(live->triggers, g.name) == nullptr)
                                append(repair, create_trigger(t.name, g));
                base_.add("function-missing", subject, "Function " + subject + " is missing.",
                          "expected: " + f.definition, repair);
                continue;
            }
            bool const other_result = f.result != there->result;
            if (other_result || f.language != there->language || f.attributes != there->attributes ||
                f.body_hash != there->body_hash)
                base_.add("function-changed", subject, "Function " + subject + " is another one.",
                          diff_base::both(f.definition, there->definition),
                          other_result ? statements{"DROP FUNCTION " + quoted_name(f.name) + '(' + f.arguments + ')',
                                                    f.definition}
                                       : statements{f.definition});
            if (f.comment != there->comment)
                base_.add("comment", subject, "Function " + subject + " has another comment.",
                          diff_base::both(f.comment, there->comment),
                          {comment_text("FUNCTION " + quoted_name(f.name) + '(' + f.arguments + ')', f.comment)});
        }
    }

    void sequences() {
        for (sequence const& s : base_.want_.sequences) {
            if (s.of_identity || base_.is_lost(s.table) || base_.is_touched(s.table, s.column)) continue;
            sequence const* const there = find(base_.live_.sequences, s.name);
            if (there == nullptr) {
                statements repair{create_sequence(s)};
                if (!s.table.empty()) {
                    column const* const c = find(find(base_.want_.relations, s.table)->columns, s.column);
                    if (c != nullptr && !c->fallback.empty())
                        repair.push_back(alter_column(s.table, s.column) + "SET DEFAULT " + c->fallback);
                    repair.push_back(own_sequence(s));
                }
                base_.add("sequence-missing", s.name, "Sequence " + s.name + " is missing.", "expected: " + s.settings,
                          repair);
                continue;
            }
            if (s.settings != there->settings)
                base_.add("sequence-settings", s.name, "Sequence " + s.name + " has other settings.",
                          diff_base::both(s.settings, there->settings),
                          {"ALTER SEQUENCE " + quoted_name(s.name) + ' ' + s.settings});
            if (s.table != there->table || s.column != there->column)
                base_.add("sequence-owner", s.name,
                          "Sequence " + s.name + " does not belong to " +
                              (s.table.empty() ? "itself" : s.table + '.' + s.column) + ".",
                          {}, {own_sequence(s)});
        }
    }

    void extensions() {
        for (extension const& e : base_.want_.extensions)
            if (find(base_.live_.extensions, e.name) == nullptr)
                base_.add("extension-missing", e.name, "Extension " + e.name + " is not installed.",
                          "expected: version " + e.version, {"CREATE EXTENSION " + quoted_name(e.name)});
    }

    /// Judges what everybody may do. What a named role may do is the deployment's business.
    void grants() {
        std::map<std::pair<std::string, std::string>, std::string> open;
        for (grant const& g : base_.live_.grants) {
            if (g.grantee != "PUBLIC" || !is_ours(g)) continue;
            auto const& known = base_.want_.grants;
            if (std::find(known.begin(), known.end(), g) != known.end()) continue;
            std::string& list = open[{g.kind, g.object}];
            list += (list.empty() ? "" : ", ") + g.privilege + (g.column.empty() ? "" : " (" + g.column + ')');
        }
        for (auto const& [object, privileges] : open)
            base_.add("grant-public", object.second, "Everybody may " + privileges + " on " + object.second + ".", {},
                      {"REVOKE ALL ON " + object.first + ' ' + quoted_name(object.second) + " FROM PUBLIC"});
    }

private:
    static function const* same_signature(std::vector<function> const& list, function const& wanted) {
        for (function const& f : list)
            if (f.name == wanted.name && f.arguments == wanted.arguments) return &f;
        return nullptr;
    }
    [[nodiscard]] bool is_ours(grant const& g) const {
        return find(base_.want_.relations, g.object) != nullptr || find(base_.want_.sequences, g.object) != nullptr;
    }

    void lacks(enum_type const& e) {
        statements repair{create_enum(e.name, e)};
        for (relation const& t : base_.want_.relations) {
            relation const* const live = find(base_.live_.relations, t.name);
            if (live == nullptr || t.is_view()) continue;
            for (column const& c : t.columns)
                if (is_of(c.type, e) && find(live->columns, c.name) == nullptr) {
                    base_.touch(t.name, c.name);
                    append(repair, diff_columns{base_}.restored(t, *live, c));
                }
        }
        base_.add("enum-missing", e.name, "Type " + e.name + " is missing.", "expected: " + create_enum(e.name, e),
                  repair);
    }

    void labels(enum_type const& want, enum_type const& live) {
        std::string const type = "Type " + want.name;
        std::string const evidence = diff_base::both(create_enum(want.name, want), create_enum(live.name, live));
        auto const missing_in = [](enum_type const& a, enum_type const& b) {
            std::vector<std::string> found;
            for (std::string const& label : a.labels)
                if (!diff_base::has(b.labels, label)) found.push_back(label);
            return found;
        };
        std::vector<std::string> const missing = missing_in(want, live);
        std::vector<std::string> const extra = missing_in(live, want);
        if (missing.empty() && extra.empty())
            return base_.add("enum-order", want.name, type + " has its labels in another order.", evidence,
                             rebuilt(want));
        if (is_renaming(want, live)) {
            statements repair;
            for (std::size_t i = 0; i < want.labels.size(); ++i) {
                if (want.labels[i] == live.labels[i]) continue;
                base_.rename_label(want.name, live.labels[i], want.labels[i]);
                repair.push_back("ALTER TYPE " + quoted_name(want.name) + " RENAME VALUE " + literal(live.labels[i]) +
                                 " TO " + literal(want.labels[i]));
            }
            return base_.add("enum-label-renamed", want.name,
                             type + " spells " + listed(missing) + " as " + listed(extra) + ".", evidence, repair);
        }
        if (extra.empty() && rest(want, missing) == live.labels)
            return base_.add("enum-label-missing", want.name, type + " lacks " + listed(missing) + ".", evidence,
                             added(want, missing));
        base_.add(missing.empty() ? "enum-label-unexpected" : "enum-label-missing", want.name,
                  type + (missing.empty() ? " also has " + listed(extra) : " lacks " + listed(missing)) + ".", evidence,
                  rebuilt(want));
    }

    static bool is_renaming(enum_type const& want, enum_type const& live) {
        if (want.labels.size() != live.labels.size()) return false;
        for (std::size_t i = 0; i < want.labels.size(); ++i)
            if (want.labels[i] != live.labels[i] &&
                (diff_base::has(live.labels, want.labels[i]) || diff_base::has(want.labels, live.labels[i])))
                return false;
        return true;
    }
    static std::vector<std::string> rest(enum_type const& e, std::vector<std::string> const& without) {
        std::vector<std::string> left;
        for (std::string const& label : e.labels)
            if (!diff_base::has(without, label)) left.push_back(label);
        return left;
    }
    static std::string listed(std::vector<std::string> const& labels) {
        std::string text;
        for (std::string const& label : labels) text += (text.empty() ? "" : ", ") + label;
        return text;
    }

    static statements added(enum_type const& want, std::vector<std::string> const& missing) {
        statements repair;
        for (std::size_t i = 0; i < want.labels.size(); ++i) {
            if (!diff_base::has(missing, want.labels[i])) continue;
            std::string text = "ALTER TYPE " + quoted_name(want.name) + " ADD VALUE " + literal(want.labels[i]);
            if (i > 0) {
                text += " AFTER " + literal(want.labels[i - 1]);
            } else {
                for (std::string const& label : want.labels)
                    if (!diff_base::has(missing, label)) {
                        text += " BEFORE " + literal(label);
                        break;
                    }
            }
            repair.push_back(text);
        }
        return repair;
    }

    static bool is_of(std::string const& type, enum_type const& e) {
        std::string const bare = type.substr(0, type.find("[]"));
        return bare == e.name || bare == quoted_name(e.name);
    }

    /// Makes the type anew, for the server can neither drop a label nor move one.
    [[nodiscard]] statements rebuilt(enum_type const& want) const {
        std::string const old = want.name + "_before";
        statements repair{"ALTER TYPE " + quoted_name(want.name) + " RENAME TO " + quoted_name(old),
                          create_enum(want.name, want)};
        statements again;
        for (relation const& t : base_.live_.relations) {
            relation const* const expected = find(base_.want_.relations, t.name);
            for (column const& c : t.columns) {
                if (t.is_view() || !is_of(c.type, want)) continue;
                // Predicates and expressions would go on to speak of the old type.
                for (index const& i : t.indexes)
                    if (!i.of_constraint && diff_base::has(i.columns, c.name)) {
                        repair.push_back(drop_index(i));
                        again.push_back(create_index(i));
                    }
                column const* const meant = expected == nullptr ? nullptr : find(expected->columns, c.name);
                std::string const& fallback = meant == nullptr ? c.fallback : meant->fallback;
                std::string const alter = alter_column(t.name, c.name);
                if (!c.fallback.empty()) repair.push_back(alter + "DROP DEFAULT");
                repair.push_back(alter + "TYPE " + c.type + " USING " + quoted_name(c.name) +
                                 (c.type.ends_with("[]") ? "::text[]::" : "::text::") + c.type);
                if (!fallback.empty()) repair.push_back(alter + "SET DEFAULT " + fallback);
            }
        }
        append(repair, again);
        repair.push_back("DROP TYPE " + quoted_name(old));
        return repair;
    }

    diff_base& base_;
};

}  // namespace sark::catalog::detail
