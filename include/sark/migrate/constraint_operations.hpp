// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/constraint_parts.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Adds a constraint to a table.
struct add_constraint {
    std::string_view table;
    constraint_part added;

    constexpr void up(sql::writer& w) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" ADD ");
        schema::put_constraint(w, table, added.to_schema());
    }
    constexpr void down(sql::writer& w) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" DROP CONSTRAINT ");
        schema::put_constraint_name(w, table, added.to_schema());
    }
    constexpr void apply(schema::definition& d) const {
        detail::table_of(d, table).constraints.push_back(added.to_schema());
    }
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(detail::table_of(d, table).constraints, added.to_schema());
    }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table,
                .lock = added.kind == schema::constraint_kind::foreign_key ? lock_level::share_row_exclusive
                                                                           : lock_level::access_exclusive,
                .scans = true};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive};
    }
};

/// Drops a constraint; takes its full definition, so that its down adds it again.
[[nodiscard]] constexpr reversed<add_constraint> drop_constraint(std::string_view table,
                                                                 constraint_part const& dropped) {
    return {add_constraint{table, dropped}};
}

/// Gives a constraint another name.
struct rename_constraint {
    std::string_view table;
    constraint_part renamed;
    std::string_view to;

    constexpr void up(sql::writer& w) const { put(w, renamed, renamed_to()); }
    constexpr void down(sql::writer& w) const { put(w, renamed_to(), renamed); }
    constexpr void apply(schema::definition& d) const { replace(d, renamed, renamed_to()); }
    constexpr void revert(schema::definition& d) const { replace(d, renamed_to(), renamed); }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    [[nodiscard]] constexpr constraint_part renamed_to() const {
        constraint_part part = renamed;
        part.name = to;
        return part;
    }
    constexpr void put(sql::writer& w, constraint_part const& before, constraint_part const& after) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" RENAME CONSTRAINT ");
        schema::put_constraint_name(w, table, before.to_schema());
        w.put(" TO ");
        schema::put_constraint_name(w, table, after.to_schema());
    }
    constexpr void replace(schema::definition& d, constraint_part const& before, constraint_part const& after) const {
        for (schema::constraint& c : detail::table_of(d, table).constraints) {
            if (c != before.to_schema()) continue;
            c = after.to_schema();
            return;
        }
        throw detail::misfit{"sark: rename_constraint: no such constraint at that point."};
    }
};

}  // namespace sark::migrate
