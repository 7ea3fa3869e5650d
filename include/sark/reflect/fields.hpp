// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/reflect/aggregate.hpp>
#include <sark/reflect/detail/pfr.hpp>

namespace sark {

namespace detail {

/// Finds the largest number of values that initialise T, which takes Low and does not take High.
template <class T, std::size_t Low, std::size_t High>
consteval std::size_t most_values() {
    if constexpr (Low + 1 >= High) {
        return Low;
    } else if constexpr (requires { T{}; }) {
        constexpr std::size_t middle = (Low + High) / 2;
        if constexpr (takes_values<T, middle>)
            return most_values<T, middle, High>();
        else
            return most_values<T, Low, middle>();
    } else {
        // A member without a default has to be given: too few values are refused as well, so all are asked.
        if constexpr (takes_values<T, High - 1>)
            return High - 1;
        else
            return most_values<T, Low, High - 1>();
    }
}

template <class T>
consteval std::size_t count_fields() {
    if constexpr (!check_aggregate<T>()) {
        return 0;
    } else {
        // Brace elision makes an array look like as many fields as it has elements, which PFR then cannot bind.
        if constexpr (takes_values<T, max_fields + 1>) {
            static_assert(rules::struct_has_no_array_member<T, max_fields + 1>::holds,
                          "sark: this struct has an array member, whose elements cannot be told from fields. Use "
                          "std::array or std::vector. [sark-R05]");
            return 0;
        } else {
            constexpr std::size_t count = most_values<T, 0, max_fields + 1>();
            static_assert(rules::struct_has_no_array_member<T, count>::holds,
                          "sark: this struct has an array member, whose elements cannot be told from fields. Use "
                          "std::array or std::vector. [sark-R05]");
            return rules::struct_has_no_array_member<T, count>::holds ? count : 0;
        }
    }
}

}  // namespace detail

/// Counts the fields of an aggregate.
template <class T>
inline constexpr std::size_t field_count = detail::count_fields<T>();

namespace detail {

// Const, because names and places are read from a const object: one binding serves all three.
template <class T>
using bound_fields = decltype(tie_fields<field_count<T>>(std::declval<T const&>()));

}  // namespace detail

/// Gives the type of a field by position.
template <class T, std::size_t I>
using field_type = std::remove_cvref_t<decltype(detail::tied<I>(std::declval<detail::bound_fields<T> const&>()))>;

/// Gives a field by position.
template <std::size_t I, class T>
[[nodiscard]] constexpr decltype(auto) get_field(T& object) noexcept {
    return detail::field_of<I, field_count<std::remove_cv_t<T>>>(object);
}

/// Calls `f(std::integral_constant<std::size_t, I>{})` for each field position in order.
template <class T, class F>
constexpr void for_each_position(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace sark
