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
    } else if constexpr (!std::is_arithmetic_v<Target> && !std::is_arithmetic_v<V> && std::convertible_to<V, Target>) {
        return std::type_identity<Target>{};
    } else if constexpr (plain_integer<V> && requires { Target::scale; }) {
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

}  // namespace detail

/// Holds a value that the statement sends as a parameter.
template <class T>
struct bound : expression_node {
    using value_type = T;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
    }
    void bind(parameters& out) const { detail::encode_value(out, value); }

    T value;

    constexpr explicit bound(T v) : value{std::move(v)} {}
};

}  // namespace sark
