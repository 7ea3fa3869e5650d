// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <sark/jsonb/detail/forms.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

namespace detail {

/// What the two descriptions of a document, the CHECK and the JSON Schema, know about its types alike.

constexpr void put_json_string(sql::writer& w, std::string_view text) {
    w.put('"');
    for (char c : text) {
        if (c == '"' || c == '\\') w.put('\\');
        w.put(c);
    }
    w.put('"');
}

template <class T>
inline constexpr bool is_bounded_text = requires { T::max_characters; };

template <class T>
inline constexpr std::string_view text_pattern = {};
template <>
inline constexpr std::string_view text_pattern<date> = sql::text<date_pattern_text>::value;
template <>
inline constexpr std::string_view text_pattern<timestamp> = sql::text<instant_pattern_text>::value;
template <>
inline constexpr std::string_view text_pattern<uuid> = sql::text<uuid_pattern_text>::value;

/// Is one end of a range: whole digits, or a power of ten.
struct number_bound {
    unsigned long long magnitude = 0;
    std::string_view spelled = {};  ///< instead of the magnitude
    unsigned power_of_ten = 0;      ///< instead of the magnitude, when it is not 0
};

struct number_bounds {
    number_bound low;
    number_bound high;
    bool is_open = false;        ///< the ends are not in the range
    bool is_continuous = false;  ///< every number between, not only multiples
    unsigned scale = 0;          ///< multiples of 10^-scale
};

constexpr void put_bound(sql::writer& w, number_bound const& bound, bool is_negative) {
    if (is_negative && (bound.magnitude != 0 || !bound.spelled.empty() || bound.power_of_ten != 0)) w.put('-');
    if (!bound.spelled.empty()) return w.put(bound.spelled);
    if (bound.power_of_ten == 0) return w.put_number(bound.magnitude);
    w.put('1');
    for (unsigned i = 1; i < bound.power_of_ten; ++i) w.put('0');
}

constexpr void put_scale(sql::writer& w, unsigned scale) {
    if (scale == 0) return;
    w.put(" * 1");
    for (unsigned i = 0; i < scale; ++i) w.put('0');
}

template <class T>
inline constexpr number_bounds bounds_of = [] {
    using limits = std::numeric_limits<T>;
    if constexpr (std::is_integral_v<T>) {
        number_bounds b{};
        // The magnitude of the least one does not fit into its own type.
        if constexpr (std::is_signed_v<T>) b.low.magnitude = static_cast<unsigned long long>(limits::max()) + 1;
        b.high.magnitude = static_cast<unsigned long long>(limits::max());
        return b;
    } else if constexpr (std::is_floating_point_v<T>) {
        // What rounds to the greatest value is below, what rounds to infinity is not.
        std::string_view const end = sizeof(T) == 4 ? "3.4028235677973366e38" : "1.797693134862315807e308";
        return number_bounds{{0, end}, {0, end}, true, true};
    } else {
        // One more than the digits before the point, since 1 is the first of them.
        unsigned const digits = T::precision - T::scale + 1;
        return number_bounds{{0, {}, digits}, {0, {}, digits}, true, false, T::scale};
    }
}();

template <class T, class... Open>
consteval bool is_recursive();

template <class T, class... Open, std::size_t... I>
consteval bool members_are_recursive(std::index_sequence<I...>) {
    return (is_recursive<field_type<T, I>, T, Open...>() || ...);
}

template <class T, class... Open>
struct parts_are_recursive {
    static constexpr bool value = [] {
        if constexpr (requires { typename T::mapped_type; })
            return is_recursive<typename T::mapped_type, Open...>();
        else if constexpr (requires { typename T::value_type; })
            return is_recursive<typename T::value_type, Open...>();
        else
            return false;
    }();
};
template <class... As, class... Open>
struct parts_are_recursive<std::variant<As...>, Open...> {
    static constexpr bool value = (is_recursive<As, Open...>() || ...);
};
template <class... Vs, class... Open>
struct parts_are_recursive<versions<Vs...> const, Open...> {
    static constexpr bool value = (is_recursive<Vs, Open...>() || ...);
};

/// Tells whether a struct holds itself; `Open` are the structs around.
template <class T, class... Open>
consteval bool is_recursive() {
    constexpr json_form form = form_of<T>;
    if constexpr ((std::same_as<T, Open> || ...))
        return true;
    else if constexpr (form == json_form::object && !std::same_as<T, unknown_document>)
        return members_are_recursive<T, Open...>(std::make_index_sequence<field_count<T>>{});
    else if constexpr (form == json_form::versions)
        return members_are_recursive<T, Open...>(std::make_index_sequence<field_count<T>>{});
    else if constexpr (form == json_form::scalar || form == json_form::others || form == json_form::raw)
        return false;
    else
        return parts_are_recursive<T, Open...>::value;
}

}  // namespace detail

namespace rules {

template <class Type>
struct document_ends {
    static constexpr bool holds = !detail::is_recursive<Type>();
};

}  // namespace rules

namespace detail {

/// Enforces what the descriptions need: a form for everything, and an end.
template <class T>
consteval bool check_schema_type() {
    if constexpr (!check_json_type<T>()) {
        return false;
    } else {
        static_assert(rules::document_ends<T>::holds,
                      "sark: this struct holds itself, and no constant text describes documents of any depth. Describe "
                      "the part that does not, or hold the rest as sark::json. [sark-J35]");
        return rules::document_ends<T>::holds;
    }
}

}  // namespace detail
}  // namespace sark
