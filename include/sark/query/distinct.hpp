// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/function.hpp>
#include <sark/query/group_by.hpp>
#include <sark/query/order_by.hpp>

namespace sark {

/// Keeps that equal rows are one row; with keys, that rows of equal keys are.
template <class... Keys>
struct distinct_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::distinct;
    using columns = joined_t<typename Keys::columns...>;
    using key_list = type_list<Keys...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("DISTINCT ");
        if constexpr (sizeof...(Keys) > 0) {
            w.put("ON (");
            detail::write_list<Scope, Keys...>(w, ", ");
            w.put(") ");
        }
    }
    void bind(parameters& out) const { detail::bind_all(out, keys); }

    detail::bundle<Keys...> keys;

    constexpr explicit distinct_clause(detail::bundle<Keys...> k) : keys{std::move(k)} {}
};

namespace rules {

/// Asks that the sort keys begin with the keys of distinct_on, in any order among themselves.
template <class DistinctKeys, class SortKeys>
struct order_by_begins_with_distinct_on;
template <class... Ds, class... Ks>
struct order_by_begins_with_distinct_on<type_list<Ds...>, type_list<Ks...>> {
    static constexpr bool holds = [] {
        std::size_t position = 0;
        bool all = true;
        auto const one = [&](bool is_key) {
            if (position < sizeof...(Ds)) all = all && is_key;
            ++position;
        };
        (one(type_list<Ds...>::template contains<detail::key_expression_t<Ks>>), ...);
        return all;
    }();
};

template <class Key, class Projection>
struct sort_key_of_distinct_rows_is_selected {
    static constexpr bool holds = [] {
        using expression = detail::key_expression_t<Key>;
        if constexpr (detail::is_text_ordinal<expression>)
            return false;
        else if constexpr (requires { Projection::is_whole_row; })
            return [] {
                if constexpr (requires { typename expression::table; })
                    return std::is_same_v<typename expression::table, typename Projection::table>;
                else
                    return false;
            }();
        else
            return Projection::operands::template contains<expression>;
    }();
};

/// Asks for the columns of groups: a whole row has too many.
template <class Projection, bool Grouped>
struct groups_are_selected {
    static constexpr bool holds = !Grouped || !requires { Projection::is_whole_row; };
};

}  // namespace rules

namespace detail {

template <class Clause>
struct keys_of_clause {
    using type = type_list<>;
};
template <class Clause>
    requires requires { typename Clause::key_list; }
struct keys_of_clause<Clause> {
    using type = typename Clause::key_list;
};

template <class Projection, class Groups, class Key>
consteval bool check_sort_key(bool) {
    return check_grouped<key_expression_t<Key>, Groups>();
}

template <class Projection, class Key>
consteval bool check_distinct_key() {
    using chosen = rules::sort_key_of_distinct_rows_is_selected<Key, Projection>;
    if constexpr (!chosen::holds)
        static_assert(chosen::holds,
                      "sark: distinct rows are sorted by something that is not selected, which differs among the rows "
                      "that became one. Select it, or use distinct_on(...). [sark-Q64]");
    return chosen::holds;
}

template <class Projection, class Groups, bool Grouped, bool Distinct, class DistinctKeys, class... Keys>
consteval bool check_sort_keys(type_list<Keys...>) {
    if constexpr (Grouped) {
        return (check_grouped<key_expression_t<Keys>, Groups>() && ...);
    } else if constexpr (Distinct && DistinctKeys::size == 0) {
        return (check_distinct_key<Projection, Keys>() && ...);
    } else if constexpr (Distinct && sizeof...(Keys) > 0) {
        using begins = rules::order_by_begins_with_distinct_on<DistinctKeys, type_list<Keys...>>;
        static_assert(begins::holds,
                      "sark: distinct_on(...) keeps the first row of equal keys, and order_by(...) begins with "
                      "something else. Begin with the same keys. [sark-Q65]");
        return begins::holds;
    } else {
        return true;
    }
}

/// Enforces what can only be said of a whole query: that its order fits its groups and its distinct rows.
template <class Projection, class... Clauses>
consteval bool check_query() {
    constexpr bool grouped_by = has_slot<clause_slot::group_by, Clauses...>;
    using chosen = rules::groups_are_selected<Projection, grouped_by>;
    if constexpr (!chosen::holds) {
        static_assert(chosen::holds,
                      "sark: group_by(...) makes one row of many, and whole rows were asked for. Select the keys and "
                      "aggregates. [sark-Q66]");
        return false;
    } else {
        using distinct = clause_of_t<clause_slot::distinct, Clauses...>;
        using order = clause_of_t<clause_slot::order_by, Clauses...>;
        constexpr bool grouped = [] {
            if constexpr (requires { Projection::aggregates; })
                return grouped_by || Projection::aggregates;
            else
                return grouped_by;
        }();
        return check_sort_keys<Projection, group_keys_t<Clauses...>, grouped, !std::is_same_v<distinct, no_clause>,
                               typename keys_of_clause<distinct>::type>(typename keys_of_clause<order>::type{});
    }
}

}  // namespace detail
}  // namespace sark
