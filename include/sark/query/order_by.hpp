// SPDX-License-Identifier: MIT
#pragma once

#include <tuple>
#include <utility>

#include <sark/query/clause.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/ordinal.hpp>
#include <sark/query/value.hpp>

namespace sark {

/// Sorts by an expression, downwards.
template <class Expression>
struct descending_key {
    Expression expression;
};

/// Sorts downwards: `order_by(desc(col<&Resource::name>))`.
template <expression_like E>
[[nodiscard]] constexpr descending_key<E> desc(E expression) {
    return {std::move(expression)};
}

namespace detail {

template <class Key>
struct order_key {
    using expression = Key;
    static constexpr bool descending = false;
    static constexpr Key const& get(Key const& key) { return key; }
};
template <class E>
struct order_key<descending_key<E>> {
    using expression = E;
    static constexpr bool descending = true;
    static constexpr E const& get(descending_key<E> const& key) { return key.expression; }
};

}  // namespace detail

namespace rules {

template <class... Keys>
struct order_by_takes_expressions {
    static constexpr bool holds = sizeof...(Keys) > 0 &&
                                  (expression_like<typename detail::order_key<Keys>::expression> && ...);
};

}  // namespace rules

/// Keeps the sort keys; an enum stored as text sorts by its rank.
template <class... Keys>
struct order_by_clause {
    static constexpr auto slot = detail::clause_slot::order_by;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" ORDER BY ");
        bool first = true;
        ((w.put_separator(first, ", "),
          detail::write_ranked<typename detail::order_key<Keys>::expression, Scope, true>(w),
          w.put(detail::order_key<Keys>::descending ? " DESC" : "")),
         ...);
    }
    void bind(parameters& out) const {
        std::apply(
            [&](auto const&... k) { (detail::order_key<std::remove_cvref_t<decltype(k)>>::get(k).bind(out), ...); },
            keys);
    }

    std::tuple<Keys...> keys;
};

}  // namespace sark
