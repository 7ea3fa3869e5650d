// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

#include <sark/migrate/constraint_parts.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Creates a table; its down drops it. Columns are created in the order in which they stand.
template <std::size_t Columns, std::size_t Constraints>
struct create_table_t {
    std::string_view name;
    std::array<column, Columns> columns;
    std::array<constraint_part, Constraints> constraints;

    [[nodiscard]] constexpr schema::table to_schema() const {
        schema::table t{.name = name};
        t.columns.assign(columns.begin(), columns.end());
        t.constraints.reserve(Constraints);
        for (constraint_part const& part : constraints) t.constraints.push_back(part.to_schema());
        return t;
    }

    constexpr void up(sql::writer& w) const { schema::put_create_table(w, to_schema()); }
    constexpr void down(sql::writer& w) const {
        w.put("DROP TABLE ");
        sql::put_identifier(w, name);
    }
    constexpr void apply(schema::definition& d) const { detail::add_new(d.tables, to_schema()); }
    /// The table must be as `apply` made it: what was added to it has to be dropped by operations of its own, or the
    /// way back could not restore it.
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(d.tables, to_schema(), detail::same_table);
    }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = name, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = name, .lock = lock_level::access_exclusive, .loses_data = true};
    }
};

/// Creates a table from `column{…}`, `primary_key(…)`, `unique(…)`, `foreign_key(…)` and `check(…)`.
template <class... Parts>
[[nodiscard]] constexpr auto create_table(std::string_view name, Parts const&... parts) {
    static_assert(((std::same_as<Parts, column> || std::same_as<Parts, constraint_part>)&&...),
                  "sark: a part of create_table is neither a column nor a constraint. Write column{.name = …, "
                  ".type = …}, primary_key(…), unique(…), foreign_key(…) or check(…). [sark-M08]");
    constexpr std::size_t column_count = (std::size_t{0} + ... + std::size_t{std::same_as<Parts, column>});
    create_table_t<column_count, sizeof...(Parts) - column_count> made{detail::checked_name(name), {}, {}};
    std::size_t next_column = 0;
    std::size_t next_constraint = 0;
    auto const take = [&](auto const& part) {
        if constexpr (std::same_as<decltype(part), column const&>) {
            static_cast<void>(detail::checked_name(part.name));
            static_cast<void>(detail::checked_text(part.type));
            made.columns[next_column++] = part;
        } else {
            if (part.unchecked) detail::only_checks_and_foreign_keys_can_be_not_valid();
            made.constraints[next_constraint++] = part;
        }
    };
    (take(parts), ...);
    return made;
}

/// Drops a table; takes its full definition, so that its down creates it again (without its rows).
template <class... Parts>
[[nodiscard]] constexpr auto drop_table(std::string_view name, Parts const&... parts) {
    return reverse(create_table(name, parts...));
}

/// Renames a table. Constraints without a name of their own would keep the old table's name, so they must have one.
struct rename_table {
    std::string_view from;
    std::string_view to;

    constexpr void up(sql::writer& w) const { put(w, from, to); }
    constexpr void down(sql::writer& w) const { put(w, to, from); }
    constexpr void apply(schema::definition& d) const { rename(d, from, to); }
    constexpr void revert(schema::definition& d) const { rename(d, to, from); }
    [[nodiscard]] constexpr bool changes_other_relations() const { return true; }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = from, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return {.relation = to, .lock = lock_level::access_exclusive}; }

private:
    static constexpr void put(sql::writer& w, std::string_view old_name, std::string_view new_name) {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, old_name);
        w.put(" RENAME TO ");
        sql::put_identifier(w, new_name);
    }
    static constexpr void rename(schema::definition& d, std::string_view old_name, std::string_view new_name) {
        for (schema::constraint const& c : detail::table_of(d, old_name).constraints)
            if (c.name.empty())
                throw detail::misfit{"sark: rename_table needs constraints with names (rename_constraint)."};
        if (detail::has_name(d.tables, new_name))
            throw detail::misfit{"sark: a migration renames a table to a name that is taken."};
        detail::table_of(d, old_name).name = new_name;
        for (schema::table& t : d.tables)
            for (schema::constraint& c : t.constraints)
                if (c.references == old_name) c.references = new_name;
    }
};

}  // namespace sark::migrate
