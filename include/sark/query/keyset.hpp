// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/comparison.hpp>
#include <sark/query/group_by.hpp>
#include <sark/query/join.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/source.hpp>
#include <sark/query/value.hpp>
#include <sark/schema/table.hpp>

namespace sark {

namespace detail {

/// Says how the value of a sort key is kept: an enum that is sorted by rank is compared by rank.
template <class Key, class V>
constexpr auto seek_value(V const& v) {
    using expression = key_expression_t<Key>;
    if constexpr (is_text_ordinal<expression>)
        return static_cast<std::int32_t>(v);
    else
        return store_value<plain_value_t<expression>>(v);
}

}  // namespace detail

/// Keeps where a page begins: after the row with these sort keys.
template <bool Optional, class KeyList, class... Values>
struct seek_clause;
template <bool Optional, class... Keys, class... Values>
struct seek_clause<Optional, type_list<Keys...>, Values...> : detail::clause_part {
private:
    template <std::size_t I>
    using key = std::tuple_element_t<I, std::tuple<Keys...>>;
    /// Keys of one direction are compared as rows, which one index range serves.
    static constexpr bool same_direction =
        ((detail::order_key<Keys>::descending ==
          detail::order_key<std::tuple_element_t<0, std::tuple<Keys...>>>::descending) &&
         ...);

public:
    static constexpr auto slot = detail::clause_slot::seek;
    static constexpr bool is_dynamic = Optional;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (same_direction) {
            bool first = true;
            w.put('(');
            ((w.put_separator(first, ", "), detail::write_ranked<detail::key_expression_t<Keys>, Scope, true>(w)), ...);
            w.put(detail::order_key<key<0>>::descending ? ") < (" : ") > (");
            first = true;
            ((w.put_separator(first, ", "), write_value<Keys>(w)), ...);
            w.put(')');
        } else {
            write_from<Scope, 0>(w);
        }
    }
    template <class Scope>
    constexpr void write_chosen(sql::writer& w) const {
        if (values)
            write<Scope>(w);
        else
            w.put("true");
    }
    void bind(parameters& out) const {
        if (!values) return;
        if constexpr (same_direction)
            std::apply([&](auto const&... v) { (detail::encode_value(out, v), ...); }, *values);
        else
            bind_from<0>(out);
    }

    std::optional<std::tuple<Values...>> values;

    constexpr explicit seek_clause(std::optional<std::tuple<Values...>> v) : values{std::move(v)} {}

private:
    /// The rank of a constant has no column beside it to take its type from.
    template <class Key>
    static constexpr void write_value(sql::writer& w) {
        w.put_placeholder();
        if constexpr (detail::is_text_ordinal<detail::key_expression_t<Key>>) w.put("::integer");
    }

    /// Writes `(a > $1 OR (a = $2 AND …))`.
    template <class Scope, std::size_t I>
    static constexpr void write_from(sql::writer& w) {
        using expression = detail::key_expression_t<key<I>>;
        constexpr bool last = I + 1 == sizeof...(Keys);
        if constexpr (!last) w.put('(');
        detail::write_ranked<expression, Scope, true>(w);
        w.put(detail::order_key<key<I>>::descending ? " < " : " > ");
        write_value<key<I>>(w);
        if constexpr (!last) {
            w.put(" OR (");
            detail::write_ranked<expression, Scope, true>(w);
            w.put(" = ");
            write_value<key<I>>(w);
            w.put(" AND ");
            write_from<Scope, I + 1>(w);
            w.put("))");
        }
    }
    template <std::size_t I>
    void bind_from(parameters& out) const {
        detail::encode_value(out, std::get<I>(*values));
        if constexpr (I + 1 < sizeof...(Keys)) {
            detail::encode_value(out, std::get<I>(*values));
            bind_from<I + 1>(out);
        }
    }
};

namespace detail {

template <class Order>
struct sort_keys {
    using type = type_list<>;
    using expressions = type_list<>;
};
template <class... Keys>
struct sort_keys<order_by_clause<Keys...>> {
    using type = type_list<Keys...>;
    using expressions = type_list<key_expression_t<Keys>...>;
};

template <class Condition>
struct parent_of_link {
    using type = void;
};
template <class Condition>
    requires requires { typename Condition::parent; }
struct parent_of_link<Condition> {
    using type = typename Condition::parent;
};
template <class Clause>
struct parent_of_join {
    using type = void;
};
template <join_kind Kind, class Table, class Condition>
struct parent_of_join<join_clause<Kind, Table, Condition>> : parent_of_link<Condition> {};

/// Tells whether each row of a query has sort keys of its own: the key of every table is among them, but for those
/// that a relation leads to from another one.
template <class Expressions, class Tables, class Clauses>
struct keys_identify_rows;
template <class Expressions, class... Tables, class... Clauses>
struct keys_identify_rows<Expressions, type_list<Tables...>, type_list<Clauses...>> {
private:
    template <class Table>
    static constexpr bool is_parent = (std::is_same_v<typename parent_of_join<Clauses>::type, Table> || ...);

public:
    static constexpr bool value = (key_is_grouped<Tables, Expressions>::value || ...) &&
                                  ((key_is_grouped<Tables, Expressions>::value || is_parent<Tables>)&&...);
};

}  // namespace detail

namespace rules {

template <class Order>
struct page_has_an_order {
    static constexpr bool holds = detail::sort_keys<Order>::type::size > 0;
};

template <class Keys, class... Values>
struct page_begins_after_its_sort_keys;
template <class... Keys, class... Values>
struct page_begins_after_its_sort_keys<type_list<Keys...>, Values...> {
    static constexpr bool holds = [] {
        if constexpr (sizeof...(Keys) != sizeof...(Values))
            return false;
        else
            return (detail::is_operand_for<detail::plain_value_t<Keys>, Values>() && ...) &&
                   !(detail::is_optional<Values> || ...) && !(expression_like<Values> || ...);
    }();
};

template <class Keys>
struct sort_keys_are_never_null;
template <class... Keys>
struct sort_keys_are_never_null<type_list<Keys...>> {
    static constexpr bool holds = !detail::any_nullable<Keys...>;
};

template <class Keys, class Tables, class Clauses>
struct sort_keys_identify_rows {
    static constexpr bool holds = detail::keys_identify_rows<Keys, Tables, Clauses>::value;
};

}  // namespace rules

namespace detail {

template <class Order, class Root, class Tables, class Clauses, class... Values>
consteval bool check_seek() {
    using keys = typename sort_keys<Order>::expressions;
    using order = rules::page_has_an_order<Order>;
    if constexpr (!order::holds) {
        static_assert(order::holds,
                      "sark: after(...) goes on in an order, and there is none before it. Give order_by(...) first. "
                      "[sark-Q77]");
        return false;
    } else {
        using match = rules::page_begins_after_its_sort_keys<keys, Values...>;
        using there = rules::sort_keys_are_never_null<keys>;
        using unique = rules::sort_keys_identify_rows<keys, Tables, Clauses>;
        if constexpr (!there::holds)
            static_assert(there::holds,
                          "sark: after(...) cannot go on in an order with NULLs, which are neither before nor after a "
                          "value. Sort by coalesce(...) of it. [sark-Q78]");
        else if constexpr (!match::holds)
            static_assert(match::holds,
                          "sark: after(...) takes the value of each sort key. Pass as many values, of the same types, "
                          "in the order of order_by(...). [sark-Q79]");
        else if constexpr (!unique::holds)
            static_assert(unique::holds,
                          "sark: after(...) would skip rows that are equal in the order. Add the primary key as the "
                          "last key of order_by(...). [sark-Q80]");
        return match::holds && there::holds && unique::holds;
    }
}

template <class Keys, bool Optional>
struct seek_maker;
template <class... Keys, bool Optional>
struct seek_maker<type_list<Keys...>, Optional> {
    template <class... Values>
    static constexpr auto make(std::optional<std::tuple<Values...>> const& given) {
        using clause = seek_clause<Optional, type_list<Keys...>, decltype(seek_value<Keys>(std::declval<Values>()))...>;
        if (!given) return clause{std::nullopt};
        return clause{std::apply([](auto const&... v) { return std::tuple{seek_value<Keys>(v)...}; }, *given)};
    }
};

template <class Order, bool Optional, class Given>
constexpr auto make_seek(Given const& given) {
    return seek_maker<typename sort_keys<Order>::type, Optional>::make(given);
}

}  // namespace detail
}  // namespace sark
