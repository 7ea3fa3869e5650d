// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate/lint_change.hpp>
#include <sark/migrate/lint_rules.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate {

/// Says what the linter found. It holds views of the migration's own constants.
struct finding {
    std::string_view rule;  ///< its id
    migrate::severity severity = migrate::severity::info;
    std::string_view migration;
    std::string_view table = {};   ///< table or view, empty for none
    std::string_view object = {};  ///< column, constraint, index or type, empty for none
    std::string_view sentence;
    std::string_view cure;

    constexpr bool operator==(finding const&) const = default;
};

/// Says what the linter may take for granted.
struct lint_options {
    int server = 150000;          ///< oldest server the chain runs on, as `server_version_num` has it
    std::string_view today = {};  ///< `2027-01-31`: reports waivers that are past their day; empty reports none
};

/// Writes a finding as one sentence.
constexpr void put_finding(sql::writer& w, finding const& f) {
    w.put("sark: migration ");
    w.put(f.migration);
    if (!f.table.empty() || !f.object.empty()) {
        w.put(", ");
        w.put(f.table);
        if (!f.table.empty() && !f.object.empty()) w.put('.');
        w.put(f.object);
    }
    w.put(": ");
    w.put(f.sentence);
    w.put(". ");
    w.put(f.cure);
    w.put(" (");
    w.put(f.rule);
    w.put(")");
}

/// Gives a finding as one sentence.
[[nodiscard]] inline std::string text_of(finding const& f) {
    return sql::render([&](sql::writer& w) { put_finding(w, f); });
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Tells whether changes concern a relation; a verbatim statement with an effect may concern any.
[[nodiscard]] constexpr bool names_relation(std::vector<change> const& changes, std::string_view relation) {
    for (change const& c : changes) {
        if (c.table == relation || (c.kind == change_kind::rename_table && c.name == relation)) return true;
        if (c.statement != nullptr && c.statement->apply_effect != nullptr) return true;
        for (migrate::enum_use const& use : c.uses)
            if (use.table == relation) return true;
    }
    return false;
}

/// Copies what changes concern: a chain of a hundred migrations must not copy a hundred schemas.
[[nodiscard]] constexpr schema::definition touched_part(schema::definition const& whole,
                                                        std::vector<change> const& changes) {
    schema::definition part;
    for (schema::table const& t : whole.tables)
        if (names_relation(changes, t.name)) part.tables.push_back(t);
    for (schema::view const& v : whole.views)
        if (names_relation(changes, v.name)) part.views.push_back(v);
    return part;
}

/// Is what the rules look at: one migration, and the schema before and after it.
struct scene {
    std::string_view migration;
    schema::definition const& before;  ///< only the relations the migration touches, see `touched_part`
    schema::definition const& after;
    std::vector<change> const& changes;
    migrate::lint_options const& options;
    std::vector<migrate::finding>& findings;
    bool errors_only = false;  ///< for proofs: only the first error counts, and what cannot be one is not looked at

    /// Tells whether rows may be in the relation: it was there before the migration.
    [[nodiscard]] constexpr bool exists(std::string_view relation) const {
        return has_name(before.tables, relation) || has_name(before.views, relation);
    }
    /// Tells whether the migration names the relation, or has a statement whose effect only its author knows.
    [[nodiscard]] constexpr bool touches(std::string_view relation) const { return names_relation(changes, relation); }
    [[nodiscard]] constexpr bool is_waived(std::string_view id) const {
        for (change const& c : changes)
            if (c.waiver != nullptr && c.waiver->rule == id) return true;
        return false;
    }
    constexpr void report(std::string_view id, std::string_view table, std::string_view object = {}) const {
        if (errors_only && (!findings.empty() || is_waived(id))) return;
        migrate::rule const* const r = migrate::find_rule(id);
        if (errors_only && r->severity != migrate::severity::error) return;
        migrate::finding const made{.rule = r->id,
                                    .severity = r->severity,
                                    .migration = migration,
                                    .table = table,
                                    .object = object,
                                    .sentence = r->sentence,
                                    .cure = r->cure};
        for (migrate::finding const& f : findings)
            if (f == made) return;
        findings.push_back(made);
    }
};

template <class T>
[[nodiscard]] constexpr T const* find_named(std::vector<T> const& items, std::string_view name) {
    for (T const& item : items)
        if (item.name == name) return &item;
    return nullptr;
}

[[nodiscard]] constexpr schema::column const* find_column(schema::definition const& d, std::string_view table,
                                                          std::string_view name) {
    schema::table const* const t = find_named(d.tables, table);
    return t == nullptr ? nullptr : find_named(t->columns, name);
}

}  // namespace sark::migrate::detail
