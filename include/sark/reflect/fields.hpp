// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/reflect/aggregate.hpp>
#include <sark/reflect/detail/pfr.hpp>

namespace sark {

namespace detail {

template <class T>
consteval std::size_t count_fields() {
    if constexpr (!check_aggregate<T>()) {
        return 0;
    } else {
        // Each rule is asked before PFR is, whose own assertions would come first otherwise. Brace elision makes an
        // array of 65 or more elements look like that many fields, which PFR then cannot bind.
        if constexpr (takes_values<T, max_fields + 1>) {
            static_assert(rules::struct_has_no_array_member<T, max_fields + 1>::holds,
                          "sark: this struct has an array member, whose elements cannot be told from fields. Use "
                          "std::array or std::vector. [sark-R05]");
            return 0;
        } else {
            constexpr std::size_t count = boost::pfr::tuple_size_v<T>;
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

/// Gives the type of a field by position.
template <class T, std::size_t I>
using field_type = std::remove_cv_t<boost::pfr::tuple_element_t<I, T>>;

/// Gives a field by position.
template <std::size_t I, class T>
[[nodiscard]] constexpr decltype(auto) get_field(T& object) noexcept {
    return boost::pfr::get<I>(object);
}

/// Calls `f(std::integral_constant<std::size_t, I>{})` for each field position in order.
template <class T, class F>
constexpr void for_each_position(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace sark
