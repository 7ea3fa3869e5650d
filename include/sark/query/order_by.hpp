// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/ordinal.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace detail {

/// Says where NULLs stand; by default last upwards and first downwards, as if they were greater than all.
enum class nulls { by_direction, first, last };

}  // namespace detail

/// Sorts by an expression in a direction.
template <class Expression, bool Descending, detail::nulls Nulls>
struct sort_key {
    Expression expression;

    [[nodiscard]] constexpr sort_key<Expression, Descending, detail::nulls::first> nulls_first() const {
        return {expression};
    }
    [[nodiscard]] constexpr sort_key<Expression, Descending, detail::nulls::last> nulls_last() const {
        return {expression};
    }
};

/// Sorts downwards: `order_by(desc(col<&Resource::name>))`, `order_by(desc(col<&T::cost>).nulls_last())`.
template <expression_like E>
[[nodiscard]] constexpr sort_key<E, true, detail::nulls::by_direction> desc(E expression) {
    return {std::move(expression)};
}
/// Sorts upwards, as an expression by itself does: `order_by(asc(col<&T::cost>).nulls_first())`.
template <expression_like E>
[[nodiscard]] constexpr sort_key<E, false, detail::nulls::by_direction> asc(E expression) {
    return {std::move(expression)};
}

namespace detail {

template <class Key>
struct order_key {
    using expression = Key;
    static constexpr bool descending = false;
    static constexpr nulls null_order = nulls::by_direction;
    static constexpr Key const& get(Key const& key) { return key; }
};
template <class E, bool Descending, nulls Nulls>
struct order_key<sort_key<E, Descending, Nulls>> {
    using expression = E;
    static constexpr bool descending = Descending;
    static constexpr nulls null_order = Nulls;
    static constexpr E const& get(sort_key<E, Descending, Nulls> const& key) { return key.expression; }
};

template <class Key>
using key_expression_t = typename order_key<Key>::expression;

template <class Scope, class Key>
constexpr void write_key(sql::writer& w) {
    write_ranked<key_expression_t<Key>, Scope, true>(w);
    if (order_key<Key>::descending) w.put(" DESC");
    if (order_key<Key>::null_order == nulls::first) w.put(" NULLS FIRST");
    if (order_key<Key>::null_order == nulls::last) w.put(" NULLS LAST");
}

template <class Key>
inline constexpr bool is_sort_choice = requires { Key::is_sort_choice; };

template <class Scope, class... Keys>
constexpr void write_keys(sql::writer& w) {
    bool first = true;
    ((w.put_separator(first, ", "), write_key<Scope, Keys>(w)), ...);
}

template <std::size_t... I, class... Keys>
void bind_keys([[maybe_unused]] parameters& out, bundle_at<std::index_sequence<I...>, Keys...> const& keys) {
    (order_key<Keys>::get(static_cast<bundled<I, Keys> const&>(keys).value).bind(out), ...);
}

}  // namespace detail

namespace rules {

template <class... Keys>
struct order_by_takes_expressions {
    static constexpr bool holds = sizeof...(Keys) > 0 && (expression_like<detail::key_expression_t<Keys>> && ...);
};

}  // namespace rules

/// Keeps the sort keys; an enum stored as text sorts by its rank.
template <class... Keys>
struct order_by_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::order_by;
    static constexpr bool is_dynamic = (detail::is_sort_choice<Keys> || ...);
    using columns = joined_t<typename detail::key_expression_t<Keys>::columns...>;
    using key_list = type_list<Keys...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" ORDER BY ");
        detail::write_keys<Scope, Keys...>(w);
    }
    template <class Scope>
    constexpr void write_chosen(sql::writer& w) const {
        bool first = true;
        w.put(" ORDER BY ");
        auto const one = [&]<class K>(K const& key) {
            w.put_separator(first, ", ");
            if constexpr (detail::is_sort_choice<K>)
                key.template write_chosen<Scope>(w);
            else
                detail::write_key<Scope, K>(w);
        };
        detail::for_each_value(keys, one);
    }
    void bind(parameters& out) const { detail::bind_keys(out, keys); }

    detail::bundle<Keys...> keys;
};

}  // namespace sark
