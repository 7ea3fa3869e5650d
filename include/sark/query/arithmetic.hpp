// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/value.hpp>
#include <sark/types/numeric.hpp>

namespace sark {

namespace detail {

template <unsigned Scale>
consteval auto numeric_of_scale() {
    if constexpr (Scale <= 38)
        return std::type_identity<numeric<38, Scale>>{};
    else
        return std::type_identity<decimal>{};
}

template <class T>
consteval unsigned scale_of() {
    if constexpr (scaled_number<T>)
        return T::scale;
    else
        return 0;
}

/// Gives the type that the server computes in; two integers stay integers of the wider type.
template <fixed_string Operator, class A, class B>
consteval auto arithmetic_result() {
    constexpr char sign = Operator.view()[0];
    if constexpr (!number<A> || !number<B>) {
        return std::type_identity<void>{};
    } else if constexpr (std::floating_point<A> || std::floating_point<B>) {
        if constexpr (std::is_same_v<A, float> && std::is_same_v<B, float>)
            return std::type_identity<float>{};
        else
            return std::type_identity<double>{};
    } else if constexpr (plain_integer<A> && plain_integer<B>) {
        if constexpr (sizeof(A) >= sizeof(B))
            return std::type_identity<A>{};
        else
            return std::type_identity<B>{};
    } else if constexpr (std::is_same_v<A, decimal> || std::is_same_v<B, decimal> || sign == '/') {
        return std::type_identity<decimal>{};
    } else {
        constexpr unsigned a = scale_of<A>();
        constexpr unsigned b = scale_of<B>();
        constexpr unsigned wider = a > b ? a : b;
        constexpr unsigned scale = sign == '*' ? a + b : wider;
        return numeric_of_scale<scale>();
    }
}

}  // namespace detail

/// Computes with two numbers; always in parentheses, so that no precedence has to be known.
template <fixed_string Operator, class Result, class Left, class Right>
struct arithmetic : detail::node_of<Left, Right>, detail::value_methods<arithmetic<Operator, Result, Left, Right>> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left, Right>, Result>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        Left::template write<Scope>(w);
        w.put(' ');
        w.put(Operator.view());
        w.put(' ');
        Right::template write<Scope>(w);
        w.put(')');
    }
    void bind(parameters& out) const {
        left.bind(out);
        right.bind(out);
    }

    [[no_unique_address]] Left left;
    [[no_unique_address]] Right right;

    constexpr arithmetic(Left l, Right r) : left{std::move(l)}, right{std::move(r)} {}
};

/// Negates a number.
template <class Operand>
struct negative : detail::node_of<Operand>, detail::value_methods<negative<Operand>> {
    using value_type = typename Operand::value_type;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("(-");
        Operand::template write<Scope>(w);
        w.put(')');
    }
    void bind(parameters& out) const { operand.bind(out); }

    [[no_unique_address]] Operand operand;

    constexpr explicit negative(Operand o) : operand{std::move(o)} {}
};

namespace rules {

template <class Left, class Right>
struct arithmetic_takes_numbers {
    static constexpr bool holds = detail::number<detail::without_optional_t<detail::argument_type_t<Left>>> &&
                                  detail::number<detail::without_optional_t<detail::argument_type_t<Right>>>;
};

}  // namespace rules

namespace detail {

/// Says what type a plain number gets beside an expression: the expression's own where that holds it.
template <class Neighbour, class V>
using number_beside_t =
    std::conditional_t<std::is_void_v<stored_value_t<Neighbour, V>>, without_optional_t<natural_type_t<V>>, Neighbour>;

template <class Neighbour, class V>
constexpr auto number_operand(V&& v) {
    if constexpr (expression_like<V>)
        return std::remove_cvref_t<V>{std::forward<V>(v)};
    else
        return typed_operand<number_beside_t<Neighbour, V>>(std::forward<V>(v));
}

template <fixed_string Operator, class L, class R>
constexpr auto compute(L&& l, R&& r) {
    using takes = rules::arithmetic_takes_numbers<std::remove_cvref_t<L>, std::remove_cvref_t<R>>;
    static_assert(takes::holds,
                  "sark: arithmetic needs numbers on both sides. Use concat(...) for texts, or cast<T>(...) to say "
                  "which number a value stands for. [sark-Q42]");
    if constexpr (takes::holds) {
        auto left = number_operand<without_optional_t<argument_type_t<R>>>(std::forward<L>(l));
        auto right = number_operand<without_optional_t<argument_type_t<L>>>(std::forward<R>(r));
        using result_type = typename decltype(arithmetic_result<Operator, plain_value_t<decltype(left)>,
                                                                plain_value_t<decltype(right)>>())::type;
        return arithmetic<Operator, result_type, decltype(left), decltype(right)>{std::move(left), std::move(right)};
    } else {
        return refused_expression{};
    }
}

template <class L, class R>
concept one_is_an_expression = expression_like<L> || expression_like<R>;

}  // namespace detail

// clang-format off
template <class L, class R> requires detail::one_is_an_expression<L, R>
[[nodiscard]] constexpr auto operator+(L&& l, R&& r) { return detail::compute<"+">(std::forward<L>(l), std::forward<R>(r)); }
template <class L, class R> requires detail::one_is_an_expression<L, R>
[[nodiscard]] constexpr auto operator-(L&& l, R&& r) { return detail::compute<"-">(std::forward<L>(l), std::forward<R>(r)); }
template <class L, class R> requires detail::one_is_an_expression<L, R>
[[nodiscard]] constexpr auto operator*(L&& l, R&& r) { return detail::compute<"*">(std::forward<L>(l), std::forward<R>(r)); }
template <class L, class R> requires detail::one_is_an_expression<L, R>
[[nodiscard]] constexpr auto operator/(L&& l, R&& r) { return detail::compute<"/">(std::forward<L>(l), std::forward<R>(r)); }
template <class L, class R> requires detail::one_is_an_expression<L, R>
[[nodiscard]] constexpr auto operator%(L&& l, R&& r) { return detail::compute<"%">(std::forward<L>(l), std::forward<R>(r)); }
// clang-format on

template <expression_like E>
    requires detail::number<detail::plain_value_t<E>>
[[nodiscard]] constexpr auto operator-(E const& operand) {
    return negative<E>{operand};
}

}  // namespace sark
