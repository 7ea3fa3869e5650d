// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <sark/migrate/constraint_parts.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/detail/lint_rewrites.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate::detail {

constexpr void put_alter_table(sql::writer& w, std::string_view table, std::string_view action,
                               std::string_view object) {
    w.put("ALTER TABLE ");
    sql::put_identifier(w, table);
    w.put(action);
    sql::put_identifier(w, object);
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Adds a column at the end of a table.
struct add_column {
    std::string_view table;
    column added;

    constexpr void up(sql::writer& w) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        w.put(" ADD COLUMN ");
        schema::put_column(w, added);
    }
    constexpr void down(sql::writer& w) const { detail::put_alter_table(w, table, " DROP COLUMN ", added.name); }
    constexpr void apply(schema::definition& d) const { detail::add_new(detail::table_of(d, table).columns, added); }
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(detail::table_of(d, table).columns, added);
    }
    [[nodiscard]] constexpr facts up_facts() const {
        bool const rewrites = detail::new_column_rewrites(added);
        return {.relation = table, .lock = lock_level::access_exclusive, .rewrites = rewrites, .scans = rewrites};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .loses_data = true};
    }
};

/// Drops a column; its down adds it again, empty, at the end of the table.
[[nodiscard]] constexpr reversed<add_column> drop_column(std::string_view table, column const& dropped) {
    return {add_column{table, dropped}};
}

/// Renames a column. Checks, expressions and predicates that mention it are text and must be dropped before.
struct rename_column {
    std::string_view table;
    std::string_view from;
    std::string_view to;

    constexpr void up(sql::writer& w) const { put(w, from, to); }
    constexpr void down(sql::writer& w) const { put(w, to, from); }
    constexpr void apply(schema::definition& d) const { rename(d, from, to); }
    constexpr void revert(schema::definition& d) const { rename(d, to, from); }
    [[nodiscard]] constexpr bool changes_other_relations() const { return true; }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    constexpr void put(sql::writer& w, std::string_view old_name, std::string_view new_name) const {
        detail::put_alter_table(w, table, " RENAME COLUMN ", old_name);
        w.put(" TO ");
        sql::put_identifier(w, new_name);
    }
    constexpr void rename(schema::definition& d, std::string_view old_name, std::string_view new_name) const {
        schema::table& t = detail::table_of(d, table);
        if (detail::has_name(t.columns, new_name))
            throw detail::misfit{"sark: a migration renames a column to a name that is taken."};
        detail::column_of(d, table, old_name).name = new_name;
        for (schema::constraint& c : t.constraints) {
            refuse_mention(c.expression, old_name);
            for (std::string_view& name : c.columns) {
                if (name != old_name) continue;
                if (c.name.empty() && c.kind != schema::constraint_kind::primary_key)
                    throw detail::misfit{"sark: rename_column needs constraints with names (rename_constraint)."};
                name = new_name;
            }
        }
        for (schema::index& i : t.indexes) {
            refuse_mention(i.where, old_name);
            for (schema::index_key& key : i.keys) {
                refuse_mention(key.expression, old_name);
                if (key.column == old_name) key.column = new_name;
            }
            for (std::string_view& name : i.include)
                if (name == old_name) name = new_name;
        }
        for (schema::table& other : d.tables)
            for (schema::constraint& c : other.constraints)
                if (c.references == table)
                    for (std::string_view& name : c.referenced)
                        if (name == old_name) name = new_name;
    }
    static constexpr void refuse_mention(std::string_view text, std::string_view name) {
        if (text.find(name) != std::string_view::npos)
            throw detail::misfit{"sark: rename_column: a check, expression or predicate mentions the column."};
    }
};

/// Describes the change of one column's type. `using_up` and `using_down` compute the new value where no assignment
/// cast exists; `fallback` restates the default around the change where the server cannot convert it.
struct type_change {
    std::string_view column;
    std::string_view from;
    std::string_view to;
    std::string_view using_up = {};
    std::string_view using_down = {};
    std::string_view fallback = {};
};

/// Changes the types of columns of one table in one statement, so the table is rewritten once.
template <std::size_t N>
struct alter_column_type_t {
    std::string_view table;
    std::array<type_change, N> changes;

    constexpr void up(sql::writer& w) const { put(w, &type_change::to, &type_change::using_up); }
    constexpr void down(sql::writer& w) const { put(w, &type_change::from, &type_change::using_down); }
    constexpr void apply(schema::definition& d) const { change(d, &type_change::from, &type_change::to); }
    constexpr void revert(schema::definition& d) const { change(d, &type_change::to, &type_change::from); }
    [[nodiscard]] constexpr facts up_facts() const {
        return cost(&type_change::from, &type_change::to, &type_change::using_up);
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return cost(&type_change::to, &type_change::from, &type_change::using_down);
    }

private:
    using text = std::string_view type_change::*;

    [[nodiscard]] constexpr facts cost(text before, text after, text conversion) const {
        bool rewrites = false;
        for (type_change const& c : changes)
            rewrites = rewrites || !(c.*conversion).empty() || detail::type_change_rewrites(c.*before, c.*after);
        return {.relation = table, .lock = lock_level::access_exclusive, .rewrites = rewrites, .scans = rewrites};
    }

    constexpr void put(sql::writer& w, text type, text conversion) const {
        w.put("ALTER TABLE ");
        sql::put_identifier(w, table);
        bool first = true;
        for (type_change const& c : changes) {
            w.put_separator(first, ",");
            auto const alter = [&](std::string_view action) {
                w.put("\n    ALTER COLUMN ");
                sql::put_identifier(w, c.column);
                w.put(action);
            };
            if (!c.fallback.empty()) {
                alter(" DROP DEFAULT");
                w.put(',');
            }
            alter(" TYPE ");
            w.put(c.*type);
            if (!(c.*conversion).empty()) {
                w.put(" USING ");
                w.put(c.*conversion);
            }
            if (!c.fallback.empty()) {
                w.put(',');
                alter(" SET DEFAULT ");
                w.put(c.fallback);
            }
        }
    }
    constexpr void change(schema::definition& d, text before, text after) const {
        for (type_change const& c : changes) {
            schema::column& found = detail::column_of(d, table, c.column);
            if (found.type != c.*before || (!c.fallback.empty() && found.fallback != c.fallback))
                throw detail::misfit{"sark: alter_column_type: the column has another type or default there."};
            found.type = c.*after;
        }
    }
};

template <class... Changes>
[[nodiscard]] constexpr auto alter_column_type(std::string_view table, type_change const& first,
                                               Changes const&... others) {
    return alter_column_type_t<1 + sizeof...(Changes)>{detail::checked_name(table), {{first, others...}}};
}

/// Forbids NULL in a column. `proven_by` names a valid check that says `column IS NOT NULL`: then the server (12 and
/// newer) reads no row, and the check can go afterwards.
struct set_not_null {
    std::string_view table;
    std::string_view column;
    std::string_view proven_by = {};

    constexpr void up(sql::writer& w) const {
        detail::put_alter_table(w, table, " ALTER COLUMN ", column);
        w.put(" SET NOT NULL");
    }
    constexpr void down(sql::writer& w) const {
        detail::put_alter_table(w, table, " ALTER COLUMN ", column);
        w.put(" DROP NOT NULL");
    }
    constexpr void apply(schema::definition& d) const {
        if (!proven_by.empty())
            static_cast<void>(detail::named(detail::table_of(d, table).constraints, proven_by,
                                            "sark: set_not_null: the check that proves it does not exist there."));
        set(d, false);
    }
    constexpr void revert(schema::definition& d) const { set(d, true); }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .scans = proven_by.empty()};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive};
    }

private:
    constexpr void set(schema::definition& d, bool nullable) const {
        schema::column& found = detail::column_of(d, table, column);
        if (found.nullable == nullable)
            throw detail::misfit{"sark: set_not_null or drop_not_null changes nothing at that point."};
        found.nullable = nullable;
    }
};

/// Allows NULL in a column.
[[nodiscard]] constexpr reversed<set_not_null> drop_not_null(std::string_view table, std::string_view column) {
    return {set_not_null{table, column}};
}

/// Changes a column's default from one expression to another; an empty one is no default.
struct set_default {
    std::string_view table;
    std::string_view column;
    std::string_view to;
    std::string_view from = {};

    constexpr void up(sql::writer& w) const { put(w, to); }
    constexpr void down(sql::writer& w) const { put(w, from); }
    constexpr void apply(schema::definition& d) const { set(d, from, to); }
    constexpr void revert(schema::definition& d) const { set(d, to, from); }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    constexpr void put(sql::writer& w, std::string_view expression) const {
        detail::put_alter_table(w, table, " ALTER COLUMN ", column);
        w.put(expression.empty() ? " DROP DEFAULT" : " SET DEFAULT ");
        w.put(expression);
    }
    constexpr void set(schema::definition& d, std::string_view before, std::string_view after) const {
        schema::column& found = detail::column_of(d, table, column);
        if (found.fallback != before)
            throw detail::misfit{"sark: set_default: the column has another default at that point."};
        found.fallback = after;
    }
};

/// Removes a column's default; takes the expression, so that its down sets it again.
[[nodiscard]] constexpr reversed<set_default> drop_default(std::string_view table, std::string_view column,
                                                           std::string_view expression) {
    return {set_default{.table = table, .column = column, .to = expression}};
}

}  // namespace sark::migrate
