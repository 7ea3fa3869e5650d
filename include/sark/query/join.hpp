// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/scope.hpp>
#include <sark/schema/relation.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

namespace detail {

/// Writes `child.a = parent.b AND …` for a declared relation.
template <class Link>
struct link_condition;
template <auto... From, auto... To>
struct link_condition<link<key<From...>, key<To...>>> : expression_node {
    using value_type = bool;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, " AND "), col_t<From>::template write<Scope>(w), w.put(" = "),
          col_t<To>::template write<Scope>(w)),
         ...);
    }
    void bind(parameters&) const {}
};

/// Counts the declared relations between a new table and those already in the query.
template <class New, class... Tables>
inline constexpr std::size_t relations_to_scope =
    (std::size_t{0} + ... + (child_to_parent<New, Tables>::count + child_to_parent<Tables, New>::count));

template <class New, class... Tables>
using link_to_scope = typename first_link<relation_to<New, Tables>..., relation_to<Tables, New>...>::type;

}  // namespace detail

namespace rules {

template <class New, class Tables>
struct joined_table_has_a_declared_relation;
template <class New, class... Tables>
struct joined_table_has_a_declared_relation<New, type_list<Tables...>> {
    static constexpr bool holds = detail::relations_to_scope<New, Tables...> > 0;
};

template <class New, class Tables>
struct joined_table_has_one_relation_only;
template <class New, class... Tables>
struct joined_table_has_one_relation_only<New, type_list<Tables...>> {
    static constexpr bool holds = detail::relations_to_scope<New, Tables...> < 2;
};

template <class New, class Tables>
struct table_is_joined_once {
    static constexpr bool holds = !Tables::template contains<New>;
};

}  // namespace rules

/// Keeps one joined table and its condition.
template <class Table, class Condition>
struct join_clause {
    static constexpr auto slot = detail::clause_slot::join;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" JOIN ");
        sql::put_identifier(w, table_name<Table>);
        w.put(" ON ");
        Condition::template write<Scope>(w);
    }
    void bind(parameters& out) const { condition.bind(out); }

    Condition condition;
};

}  // namespace sark
