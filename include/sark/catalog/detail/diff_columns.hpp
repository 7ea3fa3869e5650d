// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sark/catalog/detail/diff_base.hpp>

namespace sark::catalog::detail {

/// Holds what has to go before a column changes, and what has to come afterwards.
struct around {
    statements before;
    statements after;
    statements views;  // come back last
};

/// Compares the columns of tables that are there.
class diff_columns {
public:
    explicit diff_columns(diff_base& base) : base_{base} {}

    void compare(relation const& want, relation const& live) {
        std::vector<column const*> missing;
        std::vector<column const*> extra;
        for (column const& c : want.columns)
            if (find(live.columns, c.name) == nullptr) missing.push_back(&c);
        for (column const& c : live.columns)
            if (find(want.columns, c.name) == nullptr) extra.push_back(&c);
        for (column const* c : missing) base_.touch(want.name, c->name);
        for (column const* c : extra) base_.touch(want.name, c->name);
        if (missing.size() == 1 && extra.size() == 1 && is_rename(*missing[0], *extra[0]))
            return renamed(want, live, *missing[0], *extra[0]);
        for (column const* c : missing)
            if (!is_of_lost_enum(*c)) lacks(want, live, *c);
        for (column const* c : extra) has_besides(want, *c);
        for (column const& c : want.columns)
            if (column const* const there = find(live.columns, c.name)) differ(want, live, c, *there);
    }

    /// Adds a column, and what went with it.
    [[nodiscard]] statements restored(relation const& want, relation const& live, column const& c) const {
        statements repair;
        for (sequence const& s : base_.want_.sequences)
            if (owns(s, want, c) && find(base_.live_.sequences, s.name) == nullptr)
                repair.push_back(create_sequence(s));
        repair.push_back(alter_table(want.name) + "ADD COLUMN " + column_text(c));
        for (sequence const& s : base_.want_.sequences)
            if (owns(s, want, c)) repair.push_back(own_sequence(s));
        if (!c.comment.empty()) repair.push_back(column_comment(want.name, c));
        append(repair, hanging_on(want, live, c.name, false).after);
        return repair;
    }

    /// Gives what depends on a column and is missing or different; with `all` also the views that stand in the way.
    [[nodiscard]] around hanging_on(relation const& want, relation const& live, std::string const& name,
                                    bool all) const {
        around made;
        views(want, name, all, made);
        for (constraint const& c : want.constraints) {
            if (!diff_base::has(c.columns, name)) continue;
            constraint const* const there = find(live.constraints, c.name);
            if (there != nullptr && base_.same(c.definition, there->definition)) continue;
            if (there != nullptr) made.before.push_back(drop_constraint(want.name, *there));
            made.after.push_back(add_constraint(want.name, c));
        }
        append(made.after, base_.missing_references(
                               want.name, [&](constraint const& c) { return diff_base::has(c.referenced, name); }));
        for (index const& i : want.indexes) {
            if (i.of_constraint || !diff_base::has(i.columns, name)) continue;
            index const* const there = find(live.indexes, i.name);
            if (there != nullptr && base_.same(i.shape, there->shape)) continue;
            if (there != nullptr) made.before.push_back(drop_index(*there));
            made.after.push_back(create_index(i));
        }
        append(made.after, made.views);
        return made;
    }

private:
    static bool owns(sequence const& s, relation const& t, column const& c) {
        return s.table == t.name && s.column == c.name && !s.of_identity;
    }
    [[nodiscard]] bool is_of_lost_enum(column const& c) const {
        std::string const bare = c.type.substr(0, c.type.find("[]"));
        for (std::string const& name : base_.lost_enums_)
            if (bare == name || bare == quoted_name(name)) return true;
        return false;
    }

    static bool is_rename(column const& before, column after) {
        after.name = before.name;
        after.comment = before.comment;
        return after == before;
    }

    void renamed(relation const& want, relation const& live, column const& before, column const& after) {
        base_.add(
            "column-renamed", want.name + '.' + before.name,
            "Column " + want.name + '.' + before.name + " is called " + after.name + ".", {},
            {alter_table(want.name) + "RENAME COLUMN " + quoted_name(after.name) + " TO " + quoted_name(before.name)});
        for (column const& c : want.columns)
            if (column const* const there = find(live.columns, c.name)) differ(want, live, c, *there);
    }

    void lacks(relation const& want, relation const& live, column const& c) {
        base_.add("column-missing", want.name + '.' + c.name, "Column " + want.name + '.' + c.name + " is missing.",
                  "expected: " + column_text(c), restored(want, live, c));
    }

    void has_besides(relation const& want, column const& c) {
        bool const required = !c.nullable && c.fallback.empty() && c.identity.empty();
        base_.add(required ? "column-required" : "column-unexpected", want.name + '.' + c.name,
                  "Column " + want.name + '.' + c.name + " is not in the schema" +
                      (required ? " and is required." : "."),
                  "found: " + column_text(c), {alter_table(want.name) + "DROP COLUMN " + quoted_name(c.name)});
    }

    void differ(relation const& want, relation const& live, column const& c, column const& there) {
        std::string const name = "Column " + want.name + '.' + c.name;
        std::string const subject = want.name + '.' + c.name;
        bool const other_type = c.type != there.type || c.collation != there.collation ||
                                c.generated != there.generated || c.identity != there.identity ||
                                (!c.generated.empty() && !base_.same(c.fallback, there.fallback));
        if (other_type) {
            base_.touch(want.name, c.name);
            base_.add("column-type", subject, name + " is " + kind_text(there) + " and not " + kind_text(c) + ".",
                      diff_base::both(column_text(c), column_text(there)), retyped(want, live, c, there));
        }
        if (c.nullable != there.nullable)
            base_.add("column-null", subject, name + (c.nullable ? " is NOT NULL." : " may be NULL."), {},
                      {alter_column(want.name, c.name) + (c.nullable ? "DROP NOT NULL" : "SET NOT NULL")});
        if (!other_type && !base_.same(c.fallback, there.fallback) && !lost_its_sequence(want, c))
            base_.add("column-default", subject,
                      name + (there.fallback.empty() ? " has no default."
                              : c.fallback.empty()   ? " has a default."
                                                     : " has another default."),
                      diff_base::both(c.fallback, there.fallback),
                      {alter_column(want.name, c.name) +
                       (c.fallback.empty() ? "DROP DEFAULT" : "SET DEFAULT " + c.fallback)});
        if (c.comment != there.comment)
            base_.add("comment", subject, name + " has another comment.", diff_base::both(c.comment, there.comment),
                      {column_comment(want.name, c)});
    }

    static std::string kind_text(column const& c) {
        return c.type + (c.collation.empty() ? "" : " COLLATE " + c.collation) +
               (c.generated.empty() ? "" : " (generated)") + (c.identity.empty() ? "" : " (identity)");
    }

    [[nodiscard]] bool lost_its_sequence(relation const& want, column const& c) const {
        for (sequence const& s : base_.want_.sequences)
            if (owns(s, want, c) && find(base_.live_.sequences, s.name) == nullptr) return true;
        return false;
    }

    [[nodiscard]] statements retyped(relation const& want, relation const& live, column const& c,
                                     column const& there) const {
        around const parts = hanging_on(want, live, c.name, true);
        statements repair = parts.before;
        std::string const alter = alter_column(want.name, c.name);
        if (c.generated != there.generated || (!c.generated.empty() && !base_.same(c.fallback, there.fallback))) {
            if (!c.generated.empty() || there.generated == "v") {
                repair.push_back(alter_table(want.name) + "DROP COLUMN " + quoted_name(c.name));
                repair.push_back(alter_table(want.name) + "ADD COLUMN " + column_text(c));
                append(repair, parts.after);
                return repair;
            }
            repair.push_back(alter + "DROP EXPRESSION");
        }
        if (c.identity != there.identity && !there.identity.empty()) repair.push_back(alter + "DROP IDENTITY");
        bool const retype = c.type != there.type || c.collation != there.collation;
        bool const redefault = c.fallback != there.fallback && there.generated.empty() && there.identity.empty();
        if (redefault && !there.fallback.empty()) repair.push_back(alter + "DROP DEFAULT");
        if (retype)
            repair.push_back(alter + "TYPE " + c.type + (c.collation.empty() ? "" : " COLLATE " + c.collation) +
                             " USING " + converted(c, there));
        if (c.identity != there.identity && !c.identity.empty())
            repair.push_back(alter + (c.identity == "a" ? "ADD GENERATED ALWAYS AS IDENTITY"
                                                        : "ADD GENERATED BY DEFAULT AS IDENTITY"));
        if (c.fallback != there.fallback && !c.fallback.empty()) repair.push_back(alter + "SET DEFAULT " + c.fallback);
        append(repair, parts.after);
        return repair;
    }

    /// Converts a value. Times without zone are UTC, as everywhere; what has no cast goes through text.
    [[nodiscard]] std::string converted(column const& c, column const& there) const {
        bool const from_zone = there.type.starts_with("timestamp") && there.type.ends_with("with time zone");
        bool const to_zone = c.type.starts_with("timestamp") && c.type.ends_with("with time zone");
        if (from_zone != to_zone && c.type.starts_with("timestamp") && there.type.starts_with("timestamp"))
            return quoted_name(c.name) + " AT TIME ZONE 'UTC'";
        auto const is_enum = [](snapshot const& s, std::string const& type) {
            for (enum_type const& e : s.enums)
                if (type == e.name || type == quoted_name(e.name)) return true;
            return false;
        };
        bool const by_text = is_enum(base_.want_, c.type) || is_enum(base_.live_, there.type);
        return quoted_name(c.name) + (by_text ? "::text::" : "::") + c.type;
    }

    /// Adds the views that read a column: those that went with it, or all that stand in the way of its change.
    void views(relation const& want, std::string const& name, bool all, around& made) const {
        auto const reads = [&](relation const& v) {
            for (column_use const& u : v.uses)
                if (u.table == want.name && u.column == name) return true;
            return false;
        };
        for (relation const& v : base_.live_.relations) {
            if (!all || !v.is_view() || !reads(v)) continue;
            made.before.push_back(drop_view(v));
            relation const* const expected = find(base_.want_.relations, v.name);
            append(made.views, create_view(expected != nullptr && expected->is_view() ? *expected : v));
        }
        for (relation const& v : base_.want_.relations)
            if (v.is_view() && reads(v) && find(base_.live_.relations, v.name) == nullptr)
                append(made.views, create_view(v));
    }

    diff_base& base_;
};

}  // namespace sark::catalog::detail
