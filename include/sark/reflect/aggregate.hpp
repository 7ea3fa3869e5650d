// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace sark {

/// The most fields a reflected struct can have.
inline constexpr std::size_t max_fields = 64;

namespace detail {

// The conversions below are asked for and never called. They have bodies because Clang wants one where the type has no
// linkage, as that of a struct in an unnamed namespace.

/// Converts to any field type.
struct any_value {
    std::size_t position;
    template <class U>
    operator U() const noexcept {  // NOLINT(google-explicit-constructor)
        __builtin_unreachable();
    }
};

/// Converts to any field type; never to T itself, so that T{any} is no copy.
template <class T>
struct any_field {
    std::size_t position;
    template <class U>
        requires(!std::is_same_v<U, T>)
    operator U() const noexcept {  // NOLINT(google-explicit-constructor)
        __builtin_unreachable();
    }
};

template <class T>
struct any_reference {
    std::size_t position;
    template <class U>
        requires(!std::is_same_v<std::remove_cv_t<U>, T>)
    operator U&() const noexcept {  // NOLINT(google-explicit-constructor)
        __builtin_unreachable();
    }
};

template <class T>
struct any_base {
    template <class U>
        requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
    operator U() const noexcept {  // NOLINT(google-explicit-constructor)
        __builtin_unreachable();
    }
};

template <class T, template <class> class Any, std::size_t... I>
constexpr bool braces_take(std::index_sequence<I...>) {
    return requires { T{Any<T>{I}...}; };
}

// Parentheses do not elide the braces of an array member, braces do: where the two disagree there is an array.
template <class T, std::size_t... I>
constexpr bool parentheses_take(std::index_sequence<I...>) {
    return requires { T(any_field<T>{I}...); };
}

// A single value could be a copy. Of several no one can: these share their conversions among all structs.
template <class T>
using any_value_of = any_value;

template <class T, std::size_t N>
inline constexpr bool takes_values = braces_take<T, any_value_of>(std::make_index_sequence<N>{});
template <class T>
inline constexpr bool takes_values<T, 1> = braces_take<T, any_field>(std::make_index_sequence<1>{});
template <class T, std::size_t N>
inline constexpr bool takes_values_without_elision = parentheses_take<T>(std::make_index_sequence<N>{});

template <class T, std::size_t... I>
constexpr bool takes_references_somewhere(std::index_sequence<I...>) {
    return (braces_take<T, any_reference>(std::make_index_sequence<I + 1>{}) || ...);
}
template <class T, std::size_t... I>
constexpr bool takes_values_somewhere(std::index_sequence<I...>) {
    return (takes_values<T, I + 1> || ...);
}

}  // namespace detail

/// The rules of reflection: each can be asked (`::holds`) and is enforced, in this order, by `reflected<T>`.
namespace rules {

template <class T>
struct struct_is_an_aggregate {
    static constexpr bool holds = std::is_aggregate_v<T> && std::is_class_v<T>;
};

template <class T>
struct struct_has_no_base_class {
    static constexpr bool holds = !requires { T{detail::any_base<T>{}}; };
};

template <class T>
struct struct_has_no_reference_member {
    // Only a struct that no number of values can initialise is searched: the common case costs one look.
    static constexpr bool holds = [] {
        if constexpr (requires { T{}; }) {
            return true;
        } else {
            using up_to_max = std::make_index_sequence<max_fields>;
            return detail::takes_values_somewhere<T>(up_to_max{}) ||
                   !detail::takes_references_somewhere<T>(up_to_max{});
        }
    }();
};

template <class T>
struct struct_has_at_most_64_fields {
    static constexpr bool holds = !detail::takes_values_without_elision<T, max_fields + 1>;
};

template <class T, std::size_t BraceCount>
struct struct_has_no_array_member {
    static constexpr bool holds = BraceCount == 0 || detail::takes_values_without_elision<T, BraceCount>;
};

}  // namespace rules

namespace detail {

/// Enforces the rules on T that need no field count; the first broken one speaks.
template <class T>
consteval bool check_aggregate() {
    if constexpr (!rules::struct_is_an_aggregate<T>::holds) {
        static_assert(rules::struct_is_an_aggregate<T>::holds,
                      "sark: this type is not an aggregate, so its fields cannot be read. Remove its constructors, "
                      "virtual functions and private members. [sark-R01]");
        return false;
    } else if constexpr (!rules::struct_has_no_base_class<T>::holds) {
        static_assert(rules::struct_has_no_base_class<T>::holds,
                      "sark: this struct has a base class, whose fields cannot be told from its own. Make the base a "
                      "member or repeat its fields. [sark-R02]");
        return false;
    } else if constexpr (!rules::struct_has_no_reference_member<T>::holds) {
        static_assert(rules::struct_has_no_reference_member<T>::holds,
                      "sark: this struct has a reference member, which no row can fill. Hold a value or a pointer "
                      "outside of the mapped struct. [sark-R03]");
        return false;
    } else if constexpr (!rules::struct_has_at_most_64_fields<T>::holds) {
        static_assert(rules::struct_has_at_most_64_fields<T>::holds,
                      "sark: this struct has more than 64 fields. Split the table or group columns into a jsonb "
                      "document. [sark-R04]");
        return false;
    } else {
        return true;
    }
}

}  // namespace detail
}  // namespace sark
