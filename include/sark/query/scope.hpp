// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <sark/meta/type_list.hpp>

namespace sark {

/// The rules between an expression and the tables of its statement.
namespace rules {

template <class Column, class Tables>
struct column_is_of_a_table_in_the_query {
    static constexpr bool holds = Tables::template contains<typename Column::table>;
};

}  // namespace rules

namespace detail {

template <class Columns, class Tables>
struct columns_in_scope;
template <class... Cs, class Tables>
struct columns_in_scope<type_list<Cs...>, Tables> {
    static constexpr bool holds = (rules::column_is_of_a_table_in_the_query<Cs, Tables>::holds && ...);
};

template <class Column, class Tables>
consteval void check_column() {
    if constexpr (requires { Column::is_document_path; })
        static_assert(rules::column_is_of_a_table_in_the_query<Column, Tables>::holds,
                      "sark: meta<...> needs exactly one table with a polymorphic document in the query. Start "
                      "from(...) at it or join it, or declare polymorphic<...> in its table_of. [sark-J06]");
    else if constexpr (requires { typename Column::outer_column; })
        static_assert(
            rules::column_is_of_a_table_in_the_query<Column, Tables>::holds,
            "sark: outer(...) names a table that the sub-query has, too, so the inner one would be meant. Give "
            "one of them another name with alias<T, \"name\">. [sark-Q61]");
    else
        static_assert(
            rules::column_is_of_a_table_in_the_query<Column, Tables>::holds,
            "sark: a column of a table that is not part of the query. Start from(...) at its table or join it "
            "before this clause. [sark-Q01]");
}

/// Enforces that every column of an expression is of a table in the query; the first stranger speaks.
template <class Tables, class... Cs>
consteval bool check_columns(type_list<Cs...>) {
    (void)((rules::column_is_of_a_table_in_the_query<Cs, Tables>::holds ? true : (check_column<Cs, Tables>(), false)) &&
           ...);
    return (rules::column_is_of_a_table_in_the_query<Cs, Tables>::holds && ...);
}

}  // namespace detail
}  // namespace sark
