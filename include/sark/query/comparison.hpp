// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/array.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/ordinal.hpp>
#include <sark/query/value.hpp>
#include <sark/reflect/enum_names.hpp>

namespace sark {

/// The rules of expressions.
namespace rules {

template <class Left, class Right>
struct compared_types_match {
    static constexpr bool holds = [] {
        using target = detail::without_optional_t<typename Left::value_type>;
        if constexpr (expression_like<Right>)
            return detail::comparable_types<target, detail::plain_value_t<Right>>;
        else
            return !std::is_void_v<detail::stored_value_t<target, Right>>;
    }();
};

template <class Left, class Right>
struct compared_value_is_not_null {
    static constexpr bool holds = !detail::is_optional<Right> && !std::is_same_v<Right, std::nullopt_t> &&
                                  !std::is_null_pointer_v<Right>;
};

template <class Left>
struct compared_type_has_an_order {
    static constexpr bool holds = !std::is_same_v<detail::without_optional_t<typename Left::value_type>, json>;
};

}  // namespace rules

/// Compares two values; NULL on either side makes it unknown, as in SQL.
template <fixed_string Operator, class Left, class Right>
struct comparison : detail::node_of<Left, Right> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left, Right>, bool>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        // Order of ordinals stored as text is the order of their enum, not of their letters.
        constexpr bool ranked = Operator.view() != "=" && Operator.view() != "<>";
        detail::write_ranked<Left, Scope, ranked>(w);
        w.put(' ');
        w.put(Operator.view());
        w.put(' ');
        detail::write_ranked<Right, Scope, ranked>(w);
    }
    void bind(parameters& out) const {
        left.bind(out);
        right.bind(out);
    }

    [[no_unique_address]] Left left;
    [[no_unique_address]] Right right;

    constexpr comparison(Left l, Right r) : left{static_cast<Left&&>(l)}, right{static_cast<Right&&>(r)} {}
};

/// Compares with any of the values of one array parameter, however many they are.
template <class Left, class Element>
struct any_of : detail::node_of<Left> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left>, bool>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(" = ANY(");
        w.put_placeholder();
        w.put(')');
    }
    void bind(parameters& out) const {
        left.bind(out);
        detail::encode_array<Element>(out, values);
    }

    [[no_unique_address]] Left left;
    std::vector<Element> values;

    any_of(Left l, std::vector<Element> v) : left{std::move(l)}, values{std::move(v)} {}
};

/// Compares two values of which NULL is one: always true or false, never unknown.
template <bool Distinct, class Left, class Right>
struct distinction : detail::node_of<Left, Right> {
    using value_type = bool;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(Distinct ? " IS DISTINCT FROM " : " IS NOT DISTINCT FROM ");
        Right::template write<Scope>(w);
    }
    void bind(parameters& out) const {
        left.bind(out);
        right.bind(out);
    }

    [[no_unique_address]] Left left;
    [[no_unique_address]] Right right;

    constexpr distinction(Left l, Right r) : left{std::move(l)}, right{std::move(r)} {}
};

/// Tests for NULL.
template <class Left, bool Negated>
struct null_test : detail::node_of<Left> {
    using value_type = bool;
    using strict = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(Negated ? " IS NOT NULL" : " IS NULL");
    }
    void bind(parameters& out) const { left.bind(out); }

    [[no_unique_address]] Left left;

    constexpr explicit null_test(Left l) : left{std::move(l)} {}
};

namespace detail {

template <class Left>
inline constexpr bool is_text_ordinal = requires { requires Left::is_text_ordinal; };

/// Lists the labels that stand in a relation to `pivot`: "at least high" is (high, critical).
template <fixed_string Operator, class E>
std::vector<E> labels_in_relation(E pivot) {
    std::vector<E> values;
    for (std::size_t i = 0; i < labels_of<E>.size(); ++i) {
        auto const v = static_cast<E>(i);
        bool const in = Operator.view() == "<"    ? v < pivot
                        : Operator.view() == "<=" ? v <= pivot
                        : Operator.view() == ">"  ? v > pivot
                                                  : v >= pivot;
        if (in) values.push_back(v);
    }
    return values;
}

/// Enforces the rules of a comparison; the first broken one speaks.
template <bool Ordered, class Left, class Right, class Shown>
consteval bool check_comparison() {
    using not_null = rules::compared_value_is_not_null<Left, Right>;
    using match = rules::compared_types_match<Left, Shown>;
    using order = rules::compared_type_has_an_order<Left>;
    if constexpr (!not_null::holds)
        static_assert(
            not_null::holds,
            "sark: a comparison with an optional or NULL would be unknown where it is NULL. Use is_null(), or "
            "compare with the value inside. [sark-Q04]");
    else if constexpr (!match::holds)
        static_assert(match::holds,
                      "sark: a column is compared with a value of another type. Pass a value of the column's type; "
                      "text, numbers, enums and times do not mix. [sark-Q03]");
    else if constexpr (Ordered && !order::holds)
        static_assert(order::holds,
                      "sark: JSON documents have no order that means anything. Compare a typed path of the document "
                      "instead. [sark-Q05]");
    else
        return true;
    return false;
}

template <fixed_string Operator, class Left, class V>
constexpr auto compare(Left const& left, V&& value) {
    using right = std::remove_cvref_t<V>;
    constexpr bool ordered = Operator.view() != "=" && Operator.view() != "<>";
    if constexpr (!check_comparison<ordered, Left, right, std::decay_t<V>>()) {
        return refused_expression{};
    } else if constexpr (expression_like<right>) {
        return comparison<Operator, Left, right>{left, std::forward<V>(value)};
    } else {
        using target = without_optional_t<typename Left::value_type>;
        if constexpr (ordered && is_text_ordinal<Left>) {
            return any_of<Left, target>{left, labels_in_relation<Operator>(value)};
        } else {
            auto stored = store_value<target>(std::forward<V>(value));
            return comparison<Operator, Left, bound<decltype(stored)>>{left,
                                                                       bound<decltype(stored)>{std::move(stored)}};
        }
    }
}

}  // namespace detail

// clang-format off
template <expression_like L, class R> [[nodiscard]] constexpr auto operator==(L const& l, R&& r) { return detail::compare<"=">(l, std::forward<R>(r)); }
template <expression_like L, class R> [[nodiscard]] constexpr auto operator!=(L const& l, R&& r) { return detail::compare<"<>">(l, std::forward<R>(r)); }
template <expression_like L, class R> [[nodiscard]] constexpr auto operator<(L const& l, R&& r) { return detail::compare<"<">(l, std::forward<R>(r)); }
template <expression_like L, class R> [[nodiscard]] constexpr auto operator<=(L const& l, R&& r) { return detail::compare<"<=">(l, std::forward<R>(r)); }
template <expression_like L, class R> [[nodiscard]] constexpr auto operator>(L const& l, R&& r) { return detail::compare<">">(l, std::forward<R>(r)); }
template <expression_like L, class R> [[nodiscard]] constexpr auto operator>=(L const& l, R&& r) { return detail::compare<">=">(l, std::forward<R>(r)); }
// clang-format on

}  // namespace sark
