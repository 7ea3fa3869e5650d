// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/function.hpp>
#include <sark/query/row.hpp>
#include <sark/schema/table.hpp>

namespace sark {

/// Keeps what rows are grouped by.
template <class... Keys>
struct group_by_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::group_by;
    using columns = joined_t<typename Keys::columns...>;
    using key_list = type_list<Keys...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" GROUP BY ");
        detail::write_list<Scope, Keys...>(w, ", ");
    }
    void bind(parameters&) const {}
};

/// Keeps the conditions on groups.
template <class... Conditions>
struct having_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::having;
    using columns = joined_t<typename Conditions::columns...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" HAVING ");
        detail::write_list<Scope, Conditions...>(w, " AND ");
    }
    void bind(parameters& out) const { detail::bind_all(out, conditions); }

    detail::bundle<Conditions...> conditions;

    constexpr explicit having_clause(detail::bundle<Conditions...> c) : conditions{std::move(c)} {}
};

namespace detail {

/// Tells whether the keys of a grouping have the whole primary key of a table, which makes all its columns known.
template <class Table, class Keys>
struct key_is_grouped;
template <class Table, class... Keys>
struct key_is_grouped<Table, type_list<Keys...>> {
private:
    template <class Key>
    static constexpr bool is_column(std::size_t i) {
        if constexpr (requires { Key::member; })
            return std::is_same_v<typename Key::table, Table> && member_position<Key::member> == i;
        else
            return false;
    }

public:
    static constexpr bool value = [] {
        using base = base_table_t<Table>;
        if constexpr (key_size<base> == 0) {
            return false;
        } else {
            for (std::size_t i = 0; i < field_count<base>; ++i)
                if (key_fields<base>[i] && !(is_column<Keys>(i) || ...)) return false;
            return true;
        }
    }();
};

/// Tells whether a column has one value per group.
template <class Column, class Keys>
consteval bool is_grouped_column() {
    if constexpr (Keys::template contains<Column>)
        return true;
    else if constexpr (requires { Column::is_document_path; })
        return false;  // of which table it is, only a query knows
    else if constexpr (
        requires { typename Column::outer_column; } || !requires { typename Column::table; })
        return true;
    else
        return key_is_grouped<typename Column::table, Keys>::value;
}

template <class E, class Keys>
consteval bool is_grouped();
template <class Keys, class... Es>
consteval bool are_grouped(type_list<Es...>) {
    return (is_grouped<Es, Keys>() && ...);
}
template <class Keys, class... Cs>
consteval bool are_grouped_columns(type_list<Cs...>) {
    return (is_grouped_column<Cs, Keys>() && ...);
}
/// Tells whether an expression has one value per group: a key, an aggregate, or something made of these.
template <class E, class Keys>
consteval bool is_grouped() {
    if constexpr (Keys::template contains<E> || requires { E::is_aggregate; })
        return true;
    else if constexpr (requires { typename E::operands; })
        return are_grouped<Keys>(typename E::operands{});
    else
        return are_grouped_columns<Keys>(typename E::columns{});
}

/// Counts the placeholders that an expression writes.
template <class E>
inline constexpr std::size_t placeholders_of = [] {
    sql::writer w;
    E::template write<type_list<>>(w);
    return w.placeholders();
}();

template <class Clause>
struct group_keys {
    using type = type_list<>;
};
template <class... Keys>
struct group_keys<group_by_clause<Keys...>> {
    using type = type_list<Keys...>;
};
/// Lists what a query groups by.
template <class... Clauses>
using group_keys_t = typename group_keys<clause_of_t<clause_slot::group_by, Clauses...>>::type;

}  // namespace detail

namespace rules {

template <class... Keys>
struct group_by_takes_expressions {
    static constexpr bool holds = sizeof...(Keys) > 0 && (expression_like<Keys> && ...);
};

template <class Key>
struct group_by_key_is_the_same_in_select {
    static constexpr bool holds = detail::placeholders_of<Key> == 0 && !detail::has_aggregate<Key> &&
                                  !detail::has_window<Key>;
};

template <class Expression, class Keys>
struct expression_is_grouped_or_aggregated {
    static constexpr bool holds = detail::is_grouped<Expression, Keys>();
};

template <class Projection, class... Clauses>
struct group_by_comes_before_select {
    static constexpr bool holds = requires { Projection::is_whole_row; };
};

template <class... Clauses>
struct having_has_groups {
    static constexpr bool holds = detail::has_slot<detail::clause_slot::group_by, Clauses...>;
};

template <class... Arguments>
struct having_takes_conditions {
    static constexpr bool holds = sizeof...(Arguments) > 0 && (condition<Arguments> && ...);
};

template <class Expression>
struct condition_on_rows_has_no_aggregate {
    static constexpr bool holds = !detail::has_aggregate<Expression>;
};
template <class Expression>
struct condition_has_no_window_function {
    static constexpr bool holds = !detail::has_window<Expression>;
};
template <class Expression>
struct window_function_has_over {
    static constexpr bool holds = !detail::finds<detail::is_waiting_node, Expression>();
};

}  // namespace rules

namespace detail {

template <class Key>
consteval bool check_group_key() {
    using same = rules::group_by_key_is_the_same_in_select<Key>;
    static_assert(same::holds,
                  "sark: group_by(...) is given a value, an aggregate or a window function. Group by columns and what "
                  "is made of them; a value would be another parameter than the same one in select(...). [sark-Q54]");
    return same::holds;
}

template <class E, class Keys>
consteval bool check_grouped() {
    using grouped = rules::expression_is_grouped_or_aggregated<E, Keys>;
    if constexpr (!grouped::holds)
        static_assert(grouped::holds,
                      "sark: a column is mixed with aggregates or groups and has many values in each. Add it to "
                      "group_by(...), before this clause, or aggregate it. [sark-Q55]");
    return grouped::holds;
}

template <class E>
consteval bool check_over() {
    using over = rules::window_function_has_over<E>;
    if constexpr (!over::holds)
        static_assert(over::holds, "sark: a window function has no window. Add .over(window().order_by(...)) or "
                                   ".over(partition_by(...)). [sark-Q56]");
    return over::holds;
}

template <class E>
consteval bool check_windowless() {
    using windowless = rules::condition_has_no_window_function<E>;
    if constexpr (!windowless::holds)
        static_assert(windowless::holds,
                      "sark: a condition uses a window function, which is computed after the rows were chosen. "
                      "Compute it in a query of its own, give that to with(...), and compare there. [sark-Q57]");
    return windowless::holds;
}

template <class E>
consteval bool check_row_condition() {
    using plain = rules::condition_on_rows_has_no_aggregate<E>;
    if constexpr (!check_windowless<E>())
        return false;
    else if constexpr (!plain::holds)
        static_assert(plain::holds,
                      "sark: where(...) or a join uses an aggregate, which is computed after the rows were chosen. "
                      "Use having(...). [sark-Q58]");
    return plain::holds;
}

}  // namespace detail
}  // namespace sark
