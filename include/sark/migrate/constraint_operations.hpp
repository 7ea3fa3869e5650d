// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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
        if (added.unchecked) w.put(" NOT VALID");
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
                .scans = !added.unchecked};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive};
    }
};

/// Reads the rows that were there when a constraint was added by `not_valid(…)`; others write meanwhile.
///
/// Nothing is run on the way back: what holds for every row holds for new rows too. The fold does go back, so that
/// the way back of the migration that added the constraint finds what that one made.
struct validate_constraint {
    std::string_view table;
    constraint_part validated;

    [[nodiscard]] constexpr std::size_t down_count() const { return 0; }
    constexpr void up(sql::writer& w) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" VALIDATE CONSTRAINT ");
        schema::put_constraint_name(w, table, validated.to_schema());
    }
    constexpr void down(sql::writer&) const {}
    constexpr void apply(schema::definition& d) const { set(d, true); }
    constexpr void revert(schema::definition& d) const { set(d, false); }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::share_update_exclusive, .scans = true};
    }
    [[nodiscard]] constexpr facts down_facts() const { return {}; }

private:
    constexpr void set(schema::definition& d, bool valid) const {
        schema::constraint before = validated.to_schema();
        before.not_valid = valid;
        for (schema::constraint& c : detail::table_of(d, table).constraints) {
            if (c != before) continue;
            c.not_valid = !valid;
            return;
        }
        throw detail::misfit{"sark: validate_constraint: no constraint of that kind is not_valid at that point."};
    }
};

/// Makes a unique or primary key of a unique index that exists, so that adding the key reads no row. The index takes
/// the key's name; the way back drops the key and builds the index anew.
struct add_constraint_using_index {
    std::string_view table;
    constraint_part added;
    std::string_view index;

    [[nodiscard]] constexpr std::size_t down_count() const { return 2; }
    constexpr void up(sql::writer& w, std::size_t) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" ADD CONSTRAINT ");
        schema::put_constraint_name(w, table, added.to_schema());
        w.put(added.kind == schema::constraint_kind::unique ? " UNIQUE" : " PRIMARY KEY");
        w.put(" USING INDEX ");
        sql::put_identifier(w, index);
    }
    constexpr void down(sql::writer& w, std::size_t i) const {
        if (i == 1) return schema::put_create_index(w, table, used());
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" DROP CONSTRAINT ");
        schema::put_constraint_name(w, table, added.to_schema());
    }
    constexpr void apply(schema::definition& d) const {
        if (added.kind != schema::constraint_kind::unique && added.kind != schema::constraint_kind::primary_key)
            throw detail::misfit{"sark: add_constraint_using_index makes unique and primary keys only."};
        for (std::string_view name : added.columns)
            if (added.kind == schema::constraint_kind::primary_key && detail::column_of(d, table, name).nullable)
                throw detail::misfit{"sark: add_constraint_using_index: a column of the primary key allows NULL."};
        detail::remove_equal(detail::table_of(d, table).indexes, used());
        detail::table_of(d, table).constraints.push_back(added.to_schema());
    }
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(detail::table_of(d, table).constraints, added.to_schema());
        detail::add_new(detail::table_of(d, table).indexes, used());
    }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .scans = true};
    }

private:
    /// The server takes plain unique b-tree indexes only, so the key's columns describe the index.
    [[nodiscard]] constexpr schema::index used() const {
        schema::index made{.name = index, .unique = true};
        for (std::string_view name : added.columns) made.keys.push_back({.column = name});
        return made;
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
            if (!detail::same_but_for_validity(c, before.to_schema())) continue;
            c.name = after.name;
            return;
        }
        throw detail::misfit{"sark: rename_constraint: no such constraint at that point."};
    }
};

}  // namespace sark::migrate
