// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/signature.hpp>
#include <sark/reflect/names.hpp>

namespace sark {

/// Holds the labels of an enum in order; specialise it where labels are not the enumerators' names.
///
/// By default the labels are the names of the enumerators 0, 1, 2, … up to the first gap, less one trailing
/// underscore (`delete_` is `delete`).
/// @code
/// template <> inline constexpr std::array<std::string_view, 2> sark::enum_labels<Color> = {"dark red", "blue"};
/// @endcode
template <class E>
inline constexpr auto enum_labels = nullptr;

namespace detail {

inline constexpr std::size_t max_enumerators = 256;

// An enum of the old style has no values beyond its last bit. One of them is asked for to find the end; GCC warns, Clang
// 16 to 19 warn as an error, later ones fail the substitution.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#elif defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#endif

template <class E, std::size_t V, class = void>
inline constexpr bool value_of_enum = false;
template <class E, std::size_t V>
inline constexpr bool value_of_enum<E, V, std::void_t<std::integral_constant<E, static_cast<E>(V)>>> = true;

template <class E, std::size_t V>
consteval std::string_view enumerator_name() {
    if constexpr (value_of_enum<E, V>) {
        std::string_view const name = last_identifier(argument_of(value_text<static_cast<E>(V)>()));
        // A value without an enumerator is printed as a cast: "(Color)7".
        return name.front() >= '0' && name.front() <= '9' ? std::string_view{} : name;
    } else {
        return {};
    }
}

#if defined(__clang__)
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

template <class E, std::size_t V = 0>
consteval std::size_t count_enumerators() {
    if constexpr (V == max_enumerators || enumerator_name<E, V>().empty())
        return V;
    else
        return count_enumerators<E, V + 1>();
}

template <class E>
inline constexpr auto reflected_labels = [] {
    constexpr std::size_t count = count_enumerators<E>();
    static_assert(count > 0,
                  "sark: this enum has no enumerator with the value 0, so its labels cannot be read in order. "
                  "Specialise sark::enum_labels for it. [sark-R07]");
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<std::string_view, sizeof...(I)>{without_trailing_underscore(enumerator_name<E, I>())...};
    }(std::make_index_sequence<count>{});
}();

template <class E>
consteval auto const& labels() {
    static_assert(std::is_enum_v<E>);
    if constexpr (std::is_null_pointer_v<std::remove_cv_t<decltype(enum_labels<E>)>>)
        return reflected_labels<E>;
    else
        return enum_labels<E>;
}

}  // namespace detail

/// Lists the labels of an enum in order.
template <class E>
inline constexpr auto const& labels_of = detail::labels<E>();

/// Gives the label of an enumerator; an empty text for a value that has none.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::string_view label_of(E value) {
    auto const index = static_cast<std::size_t>(value);
    return index < labels_of<E>.size() ? std::string_view{labels_of<E>[index]} : std::string_view{};
}

/// Gives the enumerator with a label; nothing for a text that is no label.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::optional<E> from_label(std::string_view label) {
    for (std::size_t i = 0; i < labels_of<E>.size(); ++i)
        if (labels_of<E>[i] == label) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace sark
