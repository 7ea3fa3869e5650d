// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/detail/diff_columns.hpp>
#include <sark/catalog/detail/diff_parts.hpp>
#include <sark/catalog/detail/diff_things.hpp>

namespace sark::catalog {

struct diff_options {
    /// Reports, as INFO, what the schema does not speak of: further tables, views, types, functions, sequences, what
    /// named roles may do, storage parameters and hypertables that it does not ask for.
    bool unmanaged = false;
};

}  // namespace sark::catalog

namespace sark::catalog::detail {

/// Compares two snapshots, what others hang on first.
class differ {
public:
    differ(snapshot const& want, snapshot const& live, diff_options const& how)
        : base_{want, live}, columns_{base_}, parts_{base_}, things_{base_}, how_{how} {}

    [[nodiscard]] std::vector<report::finding> run() {
        things_.extensions();
        things_.enums();
        things_.functions();
        tables();
        for_both([&](relation const& w, relation const& l) {
            if (!w.is_view()) columns_.compare(w, l);
        });
        lose_keys();
        things_.sequences();
        for_both([&](relation const& w, relation const& l) {
            if (w.is_view()) return;
            parts_.constraints(w, l);
            parts_.indexes(w, l);
            parts_.policies(w, l);
        });
        views();
        for_both([&](relation const& w, relation const& l) { parts_.triggers(w, l); });
        things_.grants();
        if (how_.unmanaged) unmanaged();
        return std::move(base_.findings_);
    }

private:
    template <class F>
    void for_both(F const& compare) {
        for (relation const& w : base_.want_.relations) {
            relation const* const l = find(base_.live_.relations, w.name);
            if (l != nullptr && !base_.is_lost(w.name) && !base_.reads_touched(w)) compare(w, *l);
        }
    }

    void tables() {
        for (relation const& w : base_.want_.relations) {
            if (w.is_view()) continue;
            relation const* const l = find(base_.live_.relations, w.name);
            if (l == nullptr || l->kind != w.kind) base_.lost_.insert(w.name);
        }
        for (relation const& w : base_.want_.relations) {
            if (w.is_view()) continue;
            relation const* const l = find(base_.live_.relations, w.name);
            if (l == nullptr)
                lacks(w);
            else if (l->kind != w.kind)
                base_.add("table-kind", w.name, "Table " + w.name + " is " + kind_of(*l) + ".", {}, {});
            else
                settings(w, *l);
        }
    }

    static std::string kind_of(relation const& r) {
        switch (r.kind) {
            case 'p': return "a partitioned table";
            case 'v': return "a view";
            case 'm': return "a materialized view";
            case 'f': return "a foreign table";
            default: return "a plain table";
        }
    }

    void lacks(relation const& w) {
        for (relation const& other : base_.live_.relations) {
            if (other.kind != w.kind || find(base_.want_.relations, other.name) != nullptr || w.columns.empty())
                continue;
            if (other.columns == w.columns)
                return base_.add("table-renamed", w.name, "Table " + w.name + " is called " + other.name + ".", {},
                                 {alter_table(other.name) + "RENAME TO " + quoted_name(w.name)});
        }
        // Of two tables that are both missing, the second one brings the keys between them.
        auto const is_there = [&](std::string const& name) {
            return find(base_.live_.relations, name) != nullptr || name <= w.name;
        };
        statements repair = create_table(w, base_.want_.sequences, [&](constraint const& c) {
            return c.references.empty() || is_there(c.references);
        });
        for (relation const& other : base_.want_.relations) {
            relation const* const live = find(base_.live_.relations, other.name);
            if (other.name == w.name || (live == nullptr && other.name > w.name)) continue;
            for (constraint const& c : other.constraints)
                if (c.kind == 'f' && c.references == w.name &&
                    (live == nullptr || find(live->constraints, c.name) == nullptr))
                    repair.push_back(add_constraint(other.name, c));
        }
        for (relation const& v : base_.want_.relations)
            if (v.is_view() && find(base_.live_.relations, v.name) == nullptr && last_lost(v) == w.name)
                append(repair, create_view(v));
        base_.add("table-missing", w.name, "Table " + w.name + " is missing.", {}, repair);
    }

    /// Gives the last of the missing tables that a view reads: when that one is back, the view can be.
    [[nodiscard]] std::string last_lost(relation const& view) const {
        std::string last;
        for (column_use const& u : view.uses)
            if (base_.is_lost(u.table)) last = std::max(last, u.table);
        return last;
    }

    void settings(relation const& w, relation const& l) {
        if (w.persistence != l.persistence)
            base_.add("table-persistence", w.name,
                      "Table " + w.name + (l.persistence == 'u' ? " is unlogged." : " is logged."), {},
                      {alter_table(w.name) + (w.persistence == 'u' ? "SET UNLOGGED" : "SET LOGGED")});
        if (w.row_security != l.row_security)
            base_.add("row-security", w.name, "Row security of " + w.name + (l.row_security ? " is on." : " is off."),
                      {}, {alter_table(w.name) + (w.row_security ? "ENABLE" : "DISABLE") + " ROW LEVEL SECURITY"});
        if (w.row_security_forced != l.row_security_forced)
            base_.add(
                "row-security", w.name,
                "Row security of " + w.name + (l.row_security_forced ? " binds" : " does not bind") + " its owner.", {},
                {alter_table(w.name) + (w.row_security_forced ? "FORCE" : "NO FORCE") + " ROW LEVEL SECURITY"});
        if (w.definition != l.definition)
            base_.add("partition-key", w.name, "Table " + w.name + " is partitioned by another key.",
                      diff_base::both(w.definition, l.definition), {});
        if (!w.hypertable.empty() && w.hypertable != l.hypertable)
            base_.add("hypertable", w.name, "Table " + w.name + " has other hypertable settings.",
                      diff_base::both(w.hypertable, l.hypertable), {});
        comment(w, l, "TABLE ");
    }

    void comment(relation const& w, relation const& l, std::string const& words) {
        if (w.comment == l.comment) return;
        base_.add("comment", w.name, (w.is_view() ? "View " : "Table ") + w.name + " has another comment.",
                  diff_base::both(w.comment, l.comment), {comment_text(words + quoted_name(w.name), w.comment)});
    }

    /// Notes which keys are gone: foreign keys to them come back with them.
    void lose_keys() {
        for_both([&](relation const& w, relation const& l) {
            for (constraint const& c : w.constraints)
                if ((c.kind == 'p' || c.kind == 'u') && find(l.constraints, c.name) == nullptr &&
                    std::none_of(l.constraints.begin(), l.constraints.end(),
                                 [&](constraint const& o) { return base_.same(c.definition, o.definition); }))
                    base_.lost_keys_.emplace(w.name, c.columns);
        });
    }

    void views() {
        for (relation const& w : base_.want_.relations) {
            if (!w.is_view() || base_.reads_touched(w)) continue;
            relation const* const l = find(base_.live_.relations, w.name);
            if (l == nullptr) {
                base_.add("view-missing", w.name, "View " + w.name + " is missing.", "expected: " + w.definition,
                          create_view(w));
                continue;
            }
            if (l->kind != w.kind && !l->is_view()) {
                base_.lost_.insert(w.name);
                base_.add("table-kind", w.name, "View " + w.name + " is " + kind_of(*l) + ".", {}, {});
                continue;
            }
            if (l->kind != w.kind || !base_.same(w.definition, l->definition) || l->options != w.options) {
                base_.lost_.insert(w.name);
                statements repair{drop_view(*l)};
                append(repair, create_view(w));
                base_.add("view-changed", w.name, "View " + w.name + " is another one.",
                          diff_base::both(w.definition, l->definition), repair);
                continue;
            }
            if (w.filled && !l->filled)
                base_.add("view-not-filled", w.name, "Materialized view " + w.name + " is not filled.", {},
                          {"REFRESH MATERIALIZED VIEW " + quoted_name(w.name)});
            parts_.indexes(w, *l);
            comment(w, *l, view_words(w));
        }
    }

    void unmanaged() {
        auto const say = [&](std::string const& kind, std::string const& name, std::string const& evidence = {}) {
            base_.add("unmanaged", name, kind + ' ' + name + " is not in the schema.", evidence, {});
        };
        for (relation const& r : base_.live_.relations) {
            relation const* const w = find(base_.want_.relations, r.name);
            if (w == nullptr) {
                if (!is_ledger(r.name) && r.parent.empty()) say(r.is_view() ? "View" : "Table", r.name);
                continue;
            }
            if (!r.is_view() && r.options != w->options)
                base_.add("unmanaged", r.name, "Table " + r.name + " has storage parameters of its own.",
                          diff_base::both(w->options, r.options), {});
            if (w->hypertable.empty() && !w->is_placed && !r.hypertable.empty())
                base_.add("unmanaged", r.name, "Table " + r.name + " is a hypertable.", r.hypertable, {});
        }
        for (enum_type const& e : base_.live_.enums)
            if (find(base_.want_.enums, e.name) == nullptr) say("Type", e.name);
        for (function const& f : base_.live_.functions)
            if (std::none_of(base_.want_.functions.begin(), base_.want_.functions.end(),
                             [&](function const& w) { return w.name == f.name && w.arguments == f.arguments; }))
                say("Function", f.name + '(' + f.arguments + ')');
        for (sequence const& s : base_.live_.sequences)
            if (s.table.empty() && find(base_.want_.sequences, s.name) == nullptr) say("Sequence", s.name);
        for (other_object const& o : base_.live_.others)
            if (find(base_.want_.others, o.name) == nullptr) say("Object", o.name, o.kind);
        std::string last;
        for (grant const& g : base_.live_.grants) {
            std::string const sentence = "Role " + g.grantee + " may use " + g.object + '.';
            if (g.grantee == "PUBLIC" || sentence == last || find(base_.want_.relations, g.object) == nullptr) continue;
            base_.add("unmanaged", g.object, last = sentence, {}, {});
        }
    }

    /// The books of migration tools belong to the tools.
    static bool is_ledger(std::string_view name) {
        return name.starts_with("sark_migration") || name.starts_with("sark_upgrade_") || name == "alembic_version";
    }

    diff_base base_;
    diff_columns columns_;
    diff_parts parts_;
    diff_things things_;
    diff_options how_;
};

}  // namespace sark::catalog::detail

namespace sark::catalog {

/// Compares what a schema should be with what it is; empty when the live side has all of it as it should be.
///
/// Both sides are spelled by a server: the expected one by `build`, or by `read` of another database. One cause is one
/// finding, with the statements that repair it. What the expected side does not speak of is left alone, unless it hangs on
/// something that it does speak of: a further column, key, index or trigger of a table changes what the table does.
/// Owners, and what named roles may do, are the deployment's business; what everybody may do is a finding.
[[nodiscard]] inline std::vector<report::finding> diff(snapshot const& expected, snapshot const& live,
                                                       diff_options const& how = {}) {
    return detail::differ{expected, live, how}.run();
}

}  // namespace sark::catalog
