// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/clause.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

/// Leaves rows out that another transaction has locked: `for_update(skip_locked)`.
struct skip_locked_t {
    static constexpr fixed_string words = " SKIP LOCKED";
};
/// Fails at once where another transaction has locked a row: `for_update(nowait)`.
struct nowait_t {
    static constexpr fixed_string words = " NOWAIT";
};
/// Waits for the other transaction.
struct wait_t {
    static constexpr fixed_string words = "";
};
inline constexpr skip_locked_t skip_locked{};
inline constexpr nowait_t nowait{};
inline constexpr wait_t wait{};

/// Keeps how the rows of a query are locked until the transaction ends.
template <fixed_string Strength, class Wait, class... Of>
struct lock_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::lock;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Strength.view());
        if constexpr (sizeof...(Of) > 0) {
            bool first = true;
            w.put(" OF ");
            ((w.put_separator(first, ", "), sql::put_identifier(w, table_name<Of>)), ...);
        }
        w.put(Wait::words.view());
    }
    void bind(parameters&) const {}
};

namespace rules {

template <class Table, class Tables>
struct locked_table_is_in_the_query {
    static constexpr bool holds = Tables::template contains<Table>;
};

template <class Tables, class Nullable, class... Of>
struct locked_rows_are_always_there {
    static constexpr bool holds = sizeof...(Of) == 0 ? Nullable::size == 0 : !(Nullable::template contains<Of> || ...);
};

/// Asks that a row of the result is a row of a table.
template <bool GroupedOrDistinct>
struct locked_rows_are_rows_of_tables {
    static constexpr bool holds = !GroupedOrDistinct;
};

}  // namespace rules
}  // namespace sark
