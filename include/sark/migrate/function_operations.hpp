// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Creates a function: `create_function{{.name = …, .returns = "trigger", .language = "plpgsql", .body = …}}`.
struct create_function {
    schema::function created;

    constexpr void up(sql::writer& w) const { schema::put_create_function(w, created); }
    constexpr void down(sql::writer& w) const {
        w.put("DROP FUNCTION ");
        sql::put_identifier(w, created.name);
        w.put('(');
        w.put(created.arguments);
        w.put(')');
    }
    constexpr void apply(schema::definition& d) const { detail::add_new(d.functions, created); }
    constexpr void revert(schema::definition& d) const { detail::remove_equal(d.functions, created); }
    [[nodiscard]] constexpr facts up_facts() const { return {}; }
    [[nodiscard]] constexpr facts down_facts() const { return {}; }
};

/// Drops a function; takes its definition, so that its down creates it again.
[[nodiscard]] constexpr reversed<create_function> drop_function(schema::function const& dropped) {
    return {create_function{dropped}};
}

/// Creates a row trigger that calls a function.
struct create_trigger {
    std::string_view table;
    schema::trigger created;

    constexpr void up(sql::writer& w) const { schema::put_create_trigger(w, table, created); }
    constexpr void down(sql::writer& w) const {
        w.put("DROP TRIGGER ");
        sql::put_identifier(w, created.name);
        w.put(" ON ");
        sql::put_identifier(w, table);
    }
    constexpr void apply(schema::definition& d) const {
        if (!detail::has_name(d.functions, created.function))
            throw detail::misfit{"sark: create_trigger: its function does not exist at that point."};
        detail::add_new(detail::table_of(d, table).triggers, created);
    }
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(detail::table_of(d, table).triggers, created);
    }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::share_row_exclusive};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive};
    }
};

/// Drops a trigger; takes its definition, so that its down creates it again.
[[nodiscard]] constexpr reversed<create_trigger> drop_trigger(std::string_view table, schema::trigger const& dropped) {
    return {create_trigger{table, dropped}};
}

}  // namespace sark::migrate
