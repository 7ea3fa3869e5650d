// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
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
    using parent = owner_of<first_of<To...>>;

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

namespace detail {

/// Says which rows without a partner a join keeps.
enum class join_kind { inner, left, right, full };

[[nodiscard]] constexpr std::string_view join_words(join_kind kind) {
    return kind == join_kind::left    ? " LEFT JOIN "
           : kind == join_kind::right ? " RIGHT JOIN "
           : kind == join_kind::full  ? " FULL JOIN "
                                      : " JOIN ";
}

/// Lists the tables whose rows an outer join may leave out, walking the joins in order.
template <class Seen, class Nullable, class... Clauses>
struct nullable_tables {
    using type = Nullable;
};
template <class Seen, class Nullable, class First, class... Rest>
struct nullable_tables<Seen, Nullable, First, Rest...> : nullable_tables<Seen, Nullable, Rest...> {};
template <class Seen, class Nullable, class First, class... Rest>
    requires requires { First::kind; }
struct nullable_tables<Seen, Nullable, First, Rest...> {
private:
    static constexpr bool earlier = First::kind == join_kind::right || First::kind == join_kind::full;
    static constexpr bool later = First::kind == join_kind::left || First::kind == join_kind::full;
    using before = std::conditional_t<earlier, Seen, Nullable>;
    using after = std::conditional_t<later, joined_t<before, type_list<typename First::table>>, before>;

public:
    using type = typename nullable_tables<joined_t<Seen, type_list<typename First::table>>, after, Rest...>::type;
};

}  // namespace detail

namespace rules {

template <class New, class Tables>
struct joined_name_is_free;
template <class New, class... Tables>
struct joined_name_is_free<New, type_list<Tables...>> {
    static constexpr bool holds = ((table_name<New> != table_name<Tables>)&&...);
};

template <detail::join_kind Kind, class Projection>
struct outer_join_comes_before_select {
    static constexpr bool holds = Kind == detail::join_kind::inner || requires { Projection::is_whole_row; };
};

}  // namespace rules

namespace detail {

/// Gives the join condition of a relation; a refused one when there is none to give.
template <class Link>
struct condition_of_link {
    using type = link_condition<Link>;
};
template <>
struct condition_of_link<void> {
    using type = refused_expression;
};
template <class New, class Tables>
struct link_into;
template <class New, class... Tables>
struct link_into<New, type_list<Tables...>> {
    using type = typename condition_of_link<link_to_scope<New, Tables...>>::type;
};

template <class New, class Tables>
consteval bool check_new_table() {
    using once = rules::table_is_joined_once<New, Tables>;
    using free = rules::joined_name_is_free<New, Tables>;
    if constexpr (!once::holds)
        static_assert(once::holds,
                      "sark: this table is already part of the query. Join it once, or under another name with "
                      "alias<T, \"name\">. [sark-Q10]");
    else if constexpr (!free::holds)
        static_assert(free::holds,
                      "sark: a table or an alias of this name is already part of the query. Choose another name in "
                      "alias<T, \"name\">. [sark-Q62]");
    return once::holds && free::holds;
}

template <class New, class Tables>
consteval bool check_join_by_relation() {
    if constexpr (!check_new_table<New, Tables>()) {
        return false;
    } else {
        using declared = rules::joined_table_has_a_declared_relation<New, Tables>;
        using single = rules::joined_table_has_one_relation_only<New, Tables>;
        if constexpr (!declared::holds)
            static_assert(declared::holds,
                          "sark: the joined table has no declared relation to a table of the query. Declare "
                          "references<…> or relation<…> in its table_of, or give join<T>(…) a condition. [sark-Q11]");
        else if constexpr (!single::holds)
            static_assert(single::holds,
                          "sark: the joined table has several relations to tables of the query. Say which one: give "
                          "join<T>(…) a condition. [sark-Q12]");
        return declared::holds && single::holds;
    }
}

template <join_kind Kind, class Projection>
consteval bool check_join_before_select() {
    using before = rules::outer_join_comes_before_select<Kind, Projection>;
    static_assert(before::holds,
                  "sark: an outer join comes after select(...), whose columns it may make NULL. Join first, select "
                  "last. [sark-Q63]");
    return before::holds;
}

}  // namespace detail

/// Keeps one joined table and its condition.
template <detail::join_kind Kind, class Table, class Condition>
struct join_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::join;
    static constexpr auto kind = Kind;
    using table = Table;
    using condition_type = Condition;
    using columns = typename Condition::columns;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(detail::join_words(Kind));
        detail::write_source<Table>(w);
        w.put(" ON ");
        Condition::template write<Scope>(w);
    }
    void bind(parameters& out) const { condition.bind(out); }

    Condition condition;

    constexpr explicit join_clause(Condition c) : condition{std::move(c)} {}
};

}  // namespace sark
