// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <type_traits>

#include <sark/query/clause.hpp>
#include <sark/query/distinct.hpp>
#include <sark/query/group_by.hpp>
#include <sark/query/json_coverage.hpp>
#include <sark/query/limit.hpp>
#include <sark/query/lock.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/select.hpp>
#include <sark/query/where.hpp>
#include <sark/query/with.hpp>

namespace sark {

namespace rules {

template <class Projection>
struct children_are_loaded_for_whole_rows {
    static constexpr bool holds = requires { Projection::is_whole_row; };
};

template <class Projection>
struct select_is_given_once {
    static constexpr bool holds = requires { Projection::is_whole_row; };
};

}  // namespace rules

/// The rules of each clause, in the order in which they speak: the first broken one is the only one.
namespace detail {

template <class Row, class Child>
struct row_with_child {
    using type = with_children<Row, Child>;
};
template <class Row, class... Children, class Child>
struct row_with_child<with_children<Row, Children...>, Child> {
    using type = with_children<Row, Children..., Child>;
};

template <clause_slot Slot, class... Clauses>
consteval bool is_first(type_list<Clauses...>) {
    return rules::clause_is_given_once<Slot, Clauses...>::holds;
}

template <class Tables, class Row, class Clauses, class... Conditions>
consteval bool check_where() {
    using kinds = rules::where_takes_conditions<Conditions...>;
    if constexpr (!is_first<clause_slot::where>(Clauses{})) {
        static_assert(is_first<clause_slot::where>(Clauses{}),
                      "sark: where(...) was given twice. Pass all conditions to one where(...): they are joined by "
                      "AND. [sark-Q02]");
        return false;
    } else if constexpr (!kinds::holds) {
        static_assert(kinds::holds,
                      "sark: where(...) takes conditions. Compare the column with something, or pass a boolean "
                      "column. [sark-Q08]");
        return false;
    } else {
        constexpr bool sound = (check_columns<Tables>(typename Conditions::columns{}) && ...) &&
                               (check_row_condition<Conditions>() && ...);
        if constexpr (sound)
            return check_json_served<Tables, type_list<implied_by_row<Row>>, Conditions...>();
        else
            return false;
    }
}

template <class Tables, class Projection, class Clauses, class... Keys>
consteval bool check_group_by() {
    using kinds = rules::group_by_takes_expressions<Keys...>;
    using before = rules::group_by_comes_before_select<Projection>;
    constexpr bool first = is_first<clause_slot::group_by>(Clauses{});
    if constexpr (!first) {
        static_assert(first, "sark: group_by(...) was given twice. Pass all keys to one group_by(...). [sark-Q67]");
        return false;
    } else if constexpr (!kinds::holds) {
        static_assert(kinds::holds,
                      "sark: group_by(...) takes columns and expressions. Name the members to group by. [sark-Q68]");
        return false;
    } else if constexpr (!before::holds) {
        static_assert(before::holds,
                      "sark: group_by(...) comes after select(...), which has to know the groups. Group first, select "
                      "last. [sark-Q69]");
        return false;
    } else {
        return (check_columns<Tables>(typename Keys::columns{}) && ...) && (check_group_key<Keys>() && ...);
    }
}

template <class Tables, class Groups, class Clauses, class... Conditions>
consteval bool check_having() {
    using kinds = rules::having_takes_conditions<Conditions...>;
    constexpr bool first = is_first<clause_slot::having>(Clauses{});
    constexpr bool grouped = Groups::size > 0;
    if constexpr (!grouped) {
        static_assert(grouped,
                      "sark: having(...) without group_by(...) before it. Group first; conditions on rows go to "
                      "where(...). [sark-Q70]");
        return false;
    } else if constexpr (!first || !kinds::holds) {
        static_assert(first && kinds::holds,
                      "sark: having(...) takes conditions, all of them at once. Compare an aggregate with something, "
                      "and join conditions with a comma. [sark-Q71]");
        return false;
    } else {
        return (check_columns<Tables>(typename Conditions::columns{}) && ...) &&
               (check_windowless<Conditions>() && ...) && (check_grouped<Conditions, Groups>() && ...);
    }
}

template <class Tables, class Clauses, class... Keys>
consteval bool check_distinct() {
    constexpr bool first = is_first<clause_slot::distinct>(Clauses{});
    static_assert(first, "sark: distinct was asked for twice. Give distinct() or distinct_on(...) once. [sark-Q72]");
    return first && (check_columns<Tables>(typename Keys::columns{}) && ...);
}

template <class Tables, class Clauses, class... Keys>
consteval bool check_order_by() {
    using kinds = rules::order_by_takes_expressions<Keys...>;
    constexpr bool first = is_first<clause_slot::order_by>(Clauses{});
    if constexpr (!first) {
        static_assert(first,
                      "sark: order_by(...) was given twice. Pass all keys to one order_by(...), the first one first. "
                      "[sark-Q13]");
        return false;
    } else if constexpr (!kinds::holds) {
        static_assert(kinds::holds,
                      "sark: order_by(...) takes columns and desc(...) of columns. Name the members to sort by. "
                      "[sark-Q14]");
        return false;
    } else {
        return (check_columns<Tables>(typename key_expression_t<Keys>::columns{}) && ...) &&
               (check_over<key_expression_t<Keys>>() && ...);
    }
}

template <class... Clauses>
consteval bool check_limit() {
    using once = rules::clause_is_given_once<clause_slot::limit, Clauses...>;
    static_assert(once::holds, "sark: limit(...) was given twice. Give it once. [sark-Q15]");
    return once::holds;
}
template <std::int64_t Rows>
consteval bool check_constant_limit() {
    using counts = rules::limit_is_not_negative<Rows>;
    static_assert(counts::holds, "sark: limit counts rows from 0. Give a number that is not negative. [sark-Q73]");
    return counts::holds;
}

template <class Tables, class Nullable, bool Merged, class... Of>
consteval bool check_lock() {
    using rows = rules::locked_rows_are_rows_of_tables<Merged>;
    if constexpr (!rows::holds) {
        static_assert(rows::holds,
                      "sark: rows of groups, aggregates and distinct rows are no rows of a table, so they cannot be "
                      "locked. Lock the rows in a query of their own. [sark-Q74]");
        return false;
    } else if constexpr (!(rules::locked_table_is_in_the_query<Of, Tables>::holds && ...)) {
        static_assert((rules::locked_table_is_in_the_query<Of, Tables>::holds && ...),
                      "sark: rows of a table that is not part of the query cannot be locked. Join it, or name another. "
                      "[sark-Q75]");
        return false;
    } else {
        using there = rules::locked_rows_are_always_there<Tables, Nullable, Of...>;
        static_assert(there::holds,
                      "sark: rows that an outer join may leave out cannot be locked. Name the other tables: "
                      "for_update<T>(). [sark-Q76]");
        return there::holds;
    }
}

template <class Tables, class Groups, bool Grouped, class Item>
consteval bool check_item() {
    if constexpr (!check_columns<Tables>(typename Item::columns{}))
        return false;
    else if constexpr (!check_over<Item>())
        return false;
    else if constexpr (Grouped)
        return check_grouped<Item, Groups>();
    else
        return true;
}

template <class Into, class Projection, class Tables, class Nullable, class Groups, class... Items>
consteval bool check_select() {
    using once = rules::select_is_given_once<Projection>;
    using kinds = rules::select_takes_expressions<Items...>;
    if constexpr (!once::holds) {
        static_assert(once::holds,
                      "sark: select(...) was given twice, or together with with<T>(). Give it once, for rows without "
                      "children. [sark-Q17]");
        return false;
    } else if constexpr (!kinds::holds) {
        static_assert(kinds::holds,
                      "sark: select(...) takes columns and expressions. Name the members to read. [sark-Q18]");
        return false;
    } else {
        constexpr bool grouped = Groups::size > 0 || (has_aggregate<Items> || ...);
        if constexpr ((check_item<Tables, Groups, grouped, Items>() && ...))
            return check_fit<Into, item_type_t<Items, Nullable>...>();
        else
            return false;
    }
}

template <class Child, class Row, class Projection, class Parent>
consteval bool check_children() {
    using whole = rules::children_are_loaded_for_whole_rows<Projection>;
    if constexpr (!whole::holds) {
        static_assert(whole::holds,
                      "sark: with<T>() loads children of whole rows, and select(...) chose columns. Leave one of the "
                      "two out. [sark-Q19]");
        return false;
    } else {
        using once = rules::children_are_loaded_once<Child, Row>;
        using related = rules::child_has_one_relation_to_its_parent<Child, Parent>;
        if constexpr (!once::holds)
            static_assert(once::holds,
                          "sark: with<T>() was given twice for the same children. Give it once. [sark-Q23]");
        else if constexpr (!related::holds)
            static_assert(related::holds,
                          "sark: with<T>() needs exactly one declared relation from the child to the rows of the "
                          "query. Declare references<…> or relation<…> in the child's table_of. [sark-Q20]");
        return once::holds && related::holds;
    }
}

}  // namespace detail
}  // namespace sark
