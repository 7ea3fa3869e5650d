// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/citus_ddl.hpp>

namespace sark::migrate {

/// Moves a table, with the rows it has, into shards or onto every node; on the way back Citus moves them to the
/// coordinator again.
///
/// Triggers and foreign keys go before it, and foreign keys that are legal there come after it. Stands in
/// `when_extension("citus", …)` where the chain also runs without it.
struct distribute_t {
    std::string_view table;
    schema::distribution to;

    constexpr void up(sql::writer& w) const { schema::put_distribute(w, table, to); }
    constexpr void down(sql::writer& w) const { schema::put_undistribute(w, table, to); }
    constexpr void apply(schema::definition& d) const {
        schema::table& t = detail::table_of(d, table);
        if (!t.shards.is_local()) throw detail::misfit{"sark: the table is distributed already at that point."};
        no_foreign_keys(d);
        t.shards = to;
    }
    constexpr void revert(schema::definition& d) const {
        schema::table& t = detail::table_of(d, table);
        if (!(t.shards == to)) throw detail::misfit{"sark: the table is not distributed so at that point."};
        no_foreign_keys(d);
        t.shards = {};
    }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .rewrites = true, .scans = true};
    }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    /// The server refuses some orders and cascades in others; this one is always legal, both ways.
    constexpr void no_foreign_keys(schema::definition const& d) const {
        for (schema::table const& t : d.tables)
            for (schema::constraint const& c : t.constraints)
                if (c.kind == schema::constraint_kind::foreign_key &&
                    (schema::same_text(t.name, table) || schema::same_text(c.references, table)))
                    throw detail::misfit{"sark: a table with foreign keys is distributed. Drop them before it, and "
                                         "add them after it."};
    }
};

template <>
inline constexpr bool places_rows<distribute_t> = true;

/// Distributes a table by the value of a column: `distribute("lines", "order_id", "orders")` puts it beside the shards
/// of orders, without a third word it begins a group of its own.
[[nodiscard]] constexpr distribute_t distribute(std::string_view table, std::string_view column,
                                                std::string_view with = {}) {
    if (!with.empty()) detail::checked_name(with);
    return {detail::checked_name(table),
            {.kind = schema::placement::distributed, .column = detail::checked_name(column), .with = with}};
}

/// Keeps all rows of a table on every node.
[[nodiscard]] constexpr distribute_t make_reference_table(std::string_view table) {
    return {detail::checked_name(table), {.kind = schema::placement::reference}};
}

}  // namespace sark::migrate
