// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/codec/row.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/query/decimal.hpp>
#include <sark/query/expression.hpp>
#include <sark/sql/writer.hpp>
#include <sark/types/varchar.hpp>

namespace sark {

namespace detail {

template <class T>
concept plain_integer = std::integral<T> && !std::same_as<T, bool>;

template <class T>
inline constexpr bool is_varchar = false;
template <std::size_t N>
inline constexpr bool is_varchar<varchar<N>> = true;

template <class T>
concept text_like = std::same_as<T, std::string> || is_varchar<T>;

template <class T>
concept scaled_number = requires { T::scale; };

/// Accepts exact numbers: integers, decimals of a scale, and decimals of any.
template <class T>
concept exact_number = plain_integer<T> || scaled_number<T> || std::same_as<T, decimal>;

template <class T>
concept number = exact_number<T> || std::floating_point<T>;

/// Tells whether the server compares values of two types without losing anything.
template <class A, class B>
concept comparable_types = std::same_as<A, B> || (text_like<A> && text_like<B>) || (exact_number<A> && exact_number<B>);

/// Tells whether a decimal of type V is a decimal of type Target as it stands.
template <class Target, class V>
consteval bool is_narrower_decimal() {
    if constexpr (scaled_number<Target> && scaled_number<V>)
        return Target::scale == V::scale && Target::precision > V::precision;
    else
        return false;
}

/// Says how a value of type V is kept until it is bound to a column of type Target; `void` when it cannot be.
///
/// Text given as a literal or a view is kept as a view, a std::string is kept as a copy.
template <class Target, class V>
consteval auto stored_value() {
    if constexpr (text_like<Target>) {
        if constexpr (std::same_as<V, std::string>)
            return std::type_identity<std::string>{};
        else if constexpr (is_varchar<V>)
            return std::type_identity<V>{};
        else if constexpr (std::convertible_to<V, std::string_view>)
            return std::type_identity<std::string_view>{};
        else
            return std::type_identity<void>{};
    } else if constexpr (plain_integer<Target>) {
        if constexpr (plain_integer<V>)
            return std::type_identity<Target>{};
        else
            return std::type_identity<void>{};
    } else if constexpr (std::floating_point<Target>) {
        if constexpr (std::floating_point<V> || plain_integer<V>)
            return std::type_identity<Target>{};
        else
            return std::type_identity<void>{};
    } else if constexpr (std::same_as<Target, V>) {
        return std::type_identity<Target>{};
    } else if constexpr (std::same_as<Target, decimal>) {
        if constexpr (plain_integer<V>)
            return std::type_identity<std::int64_t>{};
        else if constexpr (scaled_number<V>)
            return std::type_identity<V>{};
        else
            return std::type_identity<void>{};
    } else if constexpr (is_narrower_decimal<Target, V>()) {
        return std::type_identity<V>{};
    } else if constexpr (!std::is_arithmetic_v<Target> && !std::is_arithmetic_v<V> && std::convertible_to<V, Target>) {
        return std::type_identity<Target>{};
    } else if constexpr (plain_integer<V> && scaled_number<Target>) {
        return std::type_identity<Target>{};
    } else {
        return std::type_identity<void>{};
    }
}

template <class Target, class V>
using stored_value_t = typename decltype(stored_value<Target, std::remove_cvref_t<V>>())::type;

template <class Target, class V>
constexpr auto store_value(V&& value) {
    using stored = stored_value_t<Target, V>;
    if constexpr (plain_integer<stored>) {
        if (!std::in_range<stored>(value))
            throw error{"sark: an integer is outside of the range of the column it is compared with. Widen the column "
                        "or check the value."};
        return static_cast<stored>(value);
    } else if constexpr (std::floating_point<stored>) {
        return static_cast<stored>(value);
    } else {
        return stored{std::forward<V>(value)};
    }
}

template <class T>
struct read_type {
    using type = T;
};
template <>
struct read_type<std::string_view> {
    using type = std::string;
};
template <>
struct read_type<std::optional<std::string_view>> {
    using type = std::optional<std::string>;
};

/// Gives the C++ type that stands for a value nobody said more about.
template <class V>
consteval auto natural_type() {
    if constexpr (is_optional<V>) {
        using inner = typename decltype(natural_type<without_optional_t<V>>())::type;
        return std::type_identity<std::optional<inner>>{};
    } else if constexpr (is_varchar<V> || std::convertible_to<V, std::string_view>) {
        return std::type_identity<std::string>{};
    } else if constexpr (plain_integer<V>) {
        if constexpr (sizeof(V) < sizeof(std::int32_t) || std::same_as<V, std::int32_t>)
            return std::type_identity<std::int32_t>{};
        else
            return std::type_identity<std::int64_t>{};
    } else {
        return std::type_identity<V>{};
    }
}
template <class V>
using natural_type_t = typename decltype(natural_type<std::remove_cvref_t<V>>())::type;

}  // namespace detail

/// Holds a value that the statement sends as a parameter.
template <class T>
struct bound : expression_node {
    using value_type = typename detail::read_type<T>::type;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
    }
    void bind(parameters& out) const { detail::encode_value(out, value); }

    T value;

    constexpr explicit bound(T v) : value{std::move(v)} {}
};

namespace detail {

template <class Self>
struct value_methods;  // <sark/query/methods.hpp>, which needs values itself

}  // namespace detail

/// Holds a parameter whose type is written beside it, where the server could not know it.
template <class T>
struct typed_bound : expression_node, detail::value_methods<typed_bound<T>> {
    using value_type = typename detail::read_type<T>::type;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        using type = detail::without_optional_t<value_type>;
        w.put_placeholder();
        w.put("::");
        // A cast to varchar(n) would cut, and one to numeric(p,s) round, what does not fit.
        w.put(detail::text_like<type> ? std::string_view{"text"} : detail::without_arguments(sql_type<type>::name));
    }
    void bind(parameters& out) const { detail::encode_value(out, value); }

    T value;

    constexpr explicit typed_bound(T v) : value{std::move(v)} {}
};

namespace detail {

/// Makes an operand: an expression stays, a value of Target becomes a parameter that the server types by its neighbour.
template <class Target, class V>
constexpr auto operand(V&& value) {
    if constexpr (expression_like<V>) {
        return std::remove_cvref_t<V>{std::forward<V>(value)};
    } else {
        auto stored = store_value<Target>(std::forward<V>(value));
        return bound<decltype(stored)>{std::move(stored)};
    }
}
template <class Target, class V>
using operand_t = decltype(operand<Target>(std::declval<V>()));

/// Makes an operand whose type is written, of an expression, a value or an optional one.
template <class Target, class V>
constexpr auto typed_operand(V&& value) {
    using given = std::remove_cvref_t<V>;
    if constexpr (expression_like<V>) {
        return given{std::forward<V>(value)};
    } else if constexpr (is_optional<given>) {
        using stored = decltype(store_value<Target>(*value));
        std::optional<stored> kept;
        if (value) kept = store_value<Target>(*std::forward<V>(value));
        return typed_bound<std::optional<stored>>{std::move(kept)};
    } else {
        auto stored = store_value<Target>(std::forward<V>(value));
        return typed_bound<decltype(stored)>{std::move(stored)};
    }
}
template <class V>
constexpr auto natural_operand(V&& value) {
    if constexpr (expression_like<V>)
        return typed_operand<void>(std::forward<V>(value));
    else
        return typed_operand<without_optional_t<natural_type_t<V>>>(std::forward<V>(value));
}

/// Gives the type of the value that an argument stands for, expression or not.
template <class V>
consteval auto argument_type() {
    if constexpr (expression_like<V>)
        return std::type_identity<typename std::remove_cvref_t<V>::value_type>{};
    else
        return std::type_identity<natural_type_t<V>>{};
}
template <class V>
using argument_type_t = typename decltype(argument_type<V>())::type;

/// Tells whether an argument can stand where a Target is wanted.
template <class Target, class V>
consteval bool is_operand_for() {
    using given = std::remove_cvref_t<V>;
    if constexpr (expression_like<V>)
        return comparable_types<Target, plain_value_t<given>>;
    else
        return !std::is_void_v<stored_value_t<Target, without_optional_t<given>>>;
}

}  // namespace detail

/// Turns a value into an expression: `select(col<&Resource::id>, value("checked"))`.
template <class V>
[[nodiscard]] constexpr auto value(V&& v) {
    return detail::natural_operand(std::forward<V>(v));
}

}  // namespace sark
