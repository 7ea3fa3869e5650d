// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>

namespace sark {

/// Joins two conditions by AND or OR, in SQL's three-valued logic.
template <fixed_string Operator, class Left, class Right>
struct logical : detail::node_of<Left, Right> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left, Right>, bool>;

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

    constexpr logical(Left l, Right r) : left{std::move(l)}, right{std::move(r)} {}
};

/// Negates a condition; unknown stays unknown.
template <class Operand>
struct negation : detail::node_of<Operand> {
    using value_type = typename Operand::value_type;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("NOT (");
        Operand::template write<Scope>(w);
        w.put(')');
    }
    void bind(parameters& out) const { operand.bind(out); }

    [[no_unique_address]] Operand operand;

    constexpr explicit negation(Operand o) : operand{std::move(o)} {}
};

/// Asks which of its three values a condition has; the answer is never unknown.
template <fixed_string Test, class Operand>
struct truth_test : detail::node_of<Operand> {
    using value_type = bool;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        Operand::template write<Scope>(w);
        w.put(')');
        w.put(Test.view());
    }
    void bind(parameters& out) const { operand.bind(out); }

    [[no_unique_address]] Operand operand;

    constexpr explicit truth_test(Operand o) : operand{std::move(o)} {}
};

// clang-format off
template <condition T> [[nodiscard]] constexpr auto is_true(T operand) { return truth_test<" IS TRUE", T>{std::move(operand)}; }
/// Is true where a condition is false or unknown.
template <condition T> [[nodiscard]] constexpr auto is_not_true(T operand) { return truth_test<" IS NOT TRUE", T>{std::move(operand)}; }
template <condition T> [[nodiscard]] constexpr auto is_false(T operand) { return truth_test<" IS FALSE", T>{std::move(operand)}; }
/// Is true where a condition is neither true nor false, because of a NULL in it.
template <condition T> [[nodiscard]] constexpr auto is_unknown(T operand) { return truth_test<" IS UNKNOWN", T>{std::move(operand)}; }
// clang-format on

template <condition L, condition R>
[[nodiscard]] constexpr auto operator&&(L left, R right) {
    return logical<"AND", L, R>{std::move(left), std::move(right)};
}
template <condition L, condition R>
[[nodiscard]] constexpr auto operator||(L left, R right) {
    return logical<"OR", L, R>{std::move(left), std::move(right)};
}
template <condition T>
[[nodiscard]] constexpr auto operator!(T operand) {
    return negation<T>{std::move(operand)};
}

}  // namespace sark
