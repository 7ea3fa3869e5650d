// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
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

using change_span = std::span<change const>;

/// Tells whether changes concern a relation; what is opaque may concern any.
[[nodiscard]] constexpr bool names_relation(change_span changes, std::string_view relation) {
    for (change const& c : changes) {
        if (c.table == relation || (c.kind == change_kind::rename_table && c.name == relation)) return true;
        if (c.is_opaque()) return true;
        for (migrate::enum_use const& use : c.uses)
            if (use.table == relation) return true;
    }
    return false;
}

/// Copies what changes concern: a chain of a hundred migrations must not copy a hundred schemas.
[[nodiscard]] constexpr schema::definition touched_part(schema::definition const& whole, change_span changes) {
    schema::definition part;
    for (schema::table const& t : whole.tables)
        if (names_relation(changes, t.name)) part.tables.push_back(t);
    for (schema::view const& v : whole.views)
        if (names_relation(changes, v.name)) part.views.push_back(v);
    return part;
}

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

/// Is a table that a migration touches, and what of it may have changed.
struct touched_table {
    schema::table const* now;
    schema::table const* old = nullptr;  ///< null for a new one
    bool touched = false;                ///< false only while the tables are looked through
    bool columns = false;
    bool constraints = false;
    bool indexes = false;

    constexpr void add(change const& c) {
        touched = true;
        change_kind const k = c.kind;
        bool const everything = c.is_opaque() || k == change_kind::create_table || k == change_kind::rename_table ||
                                k == change_kind::rename_column;
        columns = columns || everything || k == change_kind::add_column || k == change_kind::change_type ||
                  k == change_kind::set_default;
        constraints = constraints || everything || k == change_kind::add_constraint ||
                      k == change_kind::rename_constraint || k == change_kind::key_from_index;
        indexes = indexes || constraints || k == change_kind::create_index;
    }
};

/// Is what the rules look at: one migration, and the schema before and after it.
struct scene {
    std::string_view migration;
    schema::definition const& before;  ///< only the relations the migration touches, see `touched_part`
    schema::definition const& after;
    change_span changes;
    migrate::lint_options const& options;
    std::vector<migrate::finding>& findings;
    bool errors_only = false;  ///< for proofs: only the first error counts, and what cannot be one is not looked at
    // What `prepare` finds out once, because rules ask for it once per change.
    std::vector<char> there = {};
    std::vector<std::string_view> waived = {};
    std::vector<touched_table> tables = {};

    constexpr void prepare() {
        for (schema::table const& t : after.tables) tables.push_back({&t});
        auto const touch = [&](std::string_view relation, change const& c) {
            for (std::size_t n = 0; n < tables.size(); ++n) {
                if (after.tables[n].name != relation) continue;
                return tables[n].add(c);
            }
        };
        for (change const& c : changes) {
            if (c.waiver != nullptr) waived.push_back(c.waiver->rule);
            there.push_back(exists(c.table) ? 1 : 0);
            if (!c.table.empty()) touch(c.table, c);
            if (c.kind == change_kind::rename_table) touch(c.name, c);
            for (migrate::enum_use const& use : c.uses) touch(use.table, c);
            for (std::size_t n = 0; c.is_opaque() && n < tables.size(); ++n) touch(after.tables[n].name, c);
        }
        std::size_t kept = 0;
        for (touched_table const& t : tables) {
            if (!t.touched) continue;
            tables[kept] = t;
            tables[kept].old = find_named(before.tables, t.now->name);
            ++kept;
        }
        while (tables.size() > kept) tables.pop_back();
    }

    /// Tells whether rows may be in the relation: it was there before the migration.
    [[nodiscard]] constexpr bool exists(std::string_view relation) const {
        return has_name(before.tables, relation) || has_name(before.views, relation);
    }
    [[nodiscard]] constexpr bool exists(change const& c) const {
        return there[static_cast<std::size_t>(&c - changes.data())] != 0;
    }
    [[nodiscard]] constexpr bool is_waived(std::string_view id) const {
        for (std::string_view name : waived)
            if (name == id) return true;
        return false;
    }
    /// Reports what is an error.
    constexpr void report(std::string_view id, std::string_view table, std::string_view object = {}) const {
        if (errors_only && (!findings.empty() || is_waived(id))) return;
        add(*migrate::find_rule(id), table, object);
    }
    /// Reports what is no error, so proofs pass it over.
    constexpr void advise(std::string_view id, std::string_view table, std::string_view object = {}) const {
        if (errors_only) return;
        migrate::rule const& r = *migrate::find_rule(id);
        if (r.severity == migrate::severity::error) throw std::logic_error{"sark: a proof would miss this error"};
        add(r, table, object);
    }

private:
    constexpr void add(migrate::rule const& r, std::string_view table, std::string_view object) const {
        migrate::finding const made{.rule = r.id,
                                    .severity = r.severity,
                                    .migration = migration,
                                    .table = table,
                                    .object = object,
                                    .sentence = r.sentence,
                                    .cure = r.cure};
        for (migrate::finding const& f : findings)
            if (f == made) return;
        findings.push_back(made);
    }
};

}  // namespace sark::migrate::detail
