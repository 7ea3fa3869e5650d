// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Sets the comment of a column; an empty one is none.
struct comment_on_column {
    std::string_view table;
    std::string_view column;
    std::string_view to;
    std::string_view from = {};

    constexpr void up(sql::writer& w) const { schema::put_comment_on_column(w, table, column, to); }
    constexpr void down(sql::writer& w) const { schema::put_comment_on_column(w, table, column, from); }
    constexpr void apply(schema::definition& d) const { set(d, from, to); }
    constexpr void revert(schema::definition& d) const { set(d, to, from); }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::share_update_exclusive};
    }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    constexpr void set(schema::definition& d, std::string_view before, std::string_view after) const {
        schema::column& found = detail::column_of(d, table, column);
        if (found.comment != before)
            throw detail::misfit{"sark: comment_on_column: the column has another comment at that point."};
        found.comment = after;
    }
};

/// Sets the comment of a table; an empty one is none.
struct comment_on_table {
    std::string_view table;
    std::string_view to;
    std::string_view from = {};

    constexpr void up(sql::writer& w) const { schema::put_comment_on_table(w, table, to); }
    constexpr void down(sql::writer& w) const { schema::put_comment_on_table(w, table, from); }
    constexpr void apply(schema::definition& d) const { set(d, from, to); }
    constexpr void revert(schema::definition& d) const { set(d, to, from); }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::share_update_exclusive};
    }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    constexpr void set(schema::definition& d, std::string_view before, std::string_view after) const {
        schema::table& found = detail::table_of(d, table);
        if (found.comment != before)
            throw detail::misfit{"sark: comment_on_table: the table has another comment at that point."};
        found.comment = after;
    }
};

}  // namespace sark::migrate
