// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/scope.hpp>

namespace sark {

namespace detail {

/// Stands in the columns of a sub-query for a column of the query around it.
template <class Column>
struct outer_mark {
    using outer_column = Column;
};

template <class Column>
struct outer_columns_of {
    using type = type_list<>;
};
template <class Column>
struct outer_columns_of<outer_mark<Column>> {
    using type = type_list<Column>;
};
template <class List>
struct outer_columns;
template <class... Cs>
struct outer_columns<type_list<Cs...>> {
    using type = joined_t<typename outer_columns_of<Cs>::type...>;
};
/// Lists the columns that have to be of the query around.
template <class List>
using outer_columns_t = typename outer_columns<List>::type;

template <class List>
struct marked_outer;
template <class... Cs>
struct marked_outer<type_list<Cs...>> {
    using type = type_list<outer_mark<Cs>...>;
};

}  // namespace detail

namespace rules {

template <class Column, class Tables>
struct column_is_of_a_table_in_the_query<detail::outer_mark<Column>, Tables> {
    static constexpr bool holds = [] {
        if constexpr (requires { typename Column::table; })
            return !Tables::template contains<typename Column::table>;
        else
            return true;
    }();
};

template <class Query>
struct sub_query_selects_one_value {
    static constexpr bool holds = mapped<typename Query::row>;
};

}  // namespace rules

/// Refers, inside of a sub-query, to an expression of the query around it.
template <class E>
struct outer_t : expression_node, detail::value_methods<outer_t<E>> {
    using value_type = typename E::value_type;
    using columns = typename detail::marked_outer<typename E::columns>::type;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        E::template write<Scope>(w);
    }
    void bind(parameters& out) const { expression.bind(out); }

    [[no_unique_address]] E expression;

    constexpr explicit outer_t(E e) : expression{std::move(e)} {}
};

/// Refers to the query around: `from<Capability>().where(col<&Capability::resource_id> == outer(col<&Resource::id>))`.
template <expression_like E>
[[nodiscard]] constexpr auto outer(E e) {
    return outer_t<E>{std::move(e)};
}

namespace detail {

/// Writes a query inside of another statement, whose placeholders go on counting.
template <class Query>
constexpr void write_sub_query(sql::writer& w) {
    Query::write_statement(w);
}

}  // namespace detail

/// Tests whether a query finds a row.
template <class Query>
struct exists_t : expression_node {
    using value_type = bool;
    using columns = typename Query::outer_columns;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("EXISTS (");
        detail::write_sub_query<Query>(w);
        w.put(')');
    }
    void bind(parameters& out) const { query.bind(out); }

    Query query;

    constexpr explicit exists_t(Query q) : query{std::move(q)} {}
};

/// Is true where a query finds a row: `where(exists(from<Capability>().where(… == outer(…))))`.
template <detail::sub_query_like Query>
[[nodiscard]] constexpr auto exists(Query query) {
    if constexpr (detail::check_constant_text<Query>())
        return exists_t<Query>{std::move(query)};
    else
        return detail::refused_expression{};
}

/// Is the value a query finds, NULL for none.
template <class Query>
struct scalar_t : expression_node, detail::value_methods<scalar_t<Query>> {
    using value_type = std::optional<detail::without_optional_t<typename Query::row>>;
    using columns = typename Query::outer_columns;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        detail::write_sub_query<Query>(w);
        w.put(')');
    }
    void bind(parameters& out) const { query.bind(out); }

    Query query;

    constexpr explicit scalar_t(Query q) : query{std::move(q)} {}
};

/// Gives the one value of the one row a query finds, NULL for none; more than one row fails on the server.
template <detail::sub_query_like Query>
[[nodiscard]] constexpr auto scalar(Query query) {
    using single = rules::sub_query_selects_one_value<Query>;
    static_assert(single::holds,
                  "sark: a sub-query stands for one value and selects rows of several. Select one column or one "
                  "aggregate. [sark-Q60]");
    if constexpr (single::holds && detail::check_constant_text<Query>())
        return scalar_t<Query>{std::move(query)};
    else
        return detail::refused_expression{};
}

/// Tests whether a value is among those a query selects.
template <class Left, class Query>
struct in_sub_query : expression_node {
    using value_type = std::conditional_t<detail::any_nullable<Left> || detail::is_optional<typename Query::row>,
                                          std::optional<bool>, bool>;
    using columns = joined_t<typename Left::columns, typename Query::outer_columns>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(" IN (");
        detail::write_sub_query<Query>(w);
        w.put(')');
    }
    void bind(parameters& out) const {
        left.bind(out);
        query.bind(out);
    }

    [[no_unique_address]] Left left;
    Query query;

    constexpr in_sub_query(Left l, Query q) : left{std::move(l)}, query{std::move(q)} {}
};

/// Tests whether an outer join found a row of a table.
template <class Table, bool Missing>
struct row_test : expression_node {
    using value_type = bool;
    using columns = type_list<detail::table_mark<Table>>;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        constexpr std::size_t witness = detail::witness_column<Table>;
        if constexpr (witness < columns_of<Table>.size()) {
            sql::put_qualified(w, table_name<Table>, columns_of<Table>[witness].name);
        } else {
            sql::put_identifier(w, table_name<Table>);
            w.put(".*");
        }
        w.put(Missing ? " IS NULL" : " IS NOT NULL");
    }
    void bind(parameters&) const {}
};

/// Is true where a left join found no row of a table: `left_join<Capability>().where(is_missing<Capability>)`.
template <class Table>
inline constexpr row_test<Table, true> is_missing{};
/// Is true where an outer join found a row of a table.
template <class Table>
inline constexpr row_test<Table, false> is_present{};

}  // namespace sark
