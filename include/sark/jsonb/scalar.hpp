// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include <sark/codec/error.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/jsonb/detail/text_forms.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/varchar.hpp>

namespace sark::detail {

/// Writers of JSON scalars: exact, and the same text for the same value.

inline void append_json_string(std::string& out, std::string_view text) {
    check_text(text);
    constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (auto const byte = static_cast<unsigned char>(c); byte < 0x20U) {
                    out += "\\u00";
                    out += digits[byte >> 4U];
                    out += digits[byte & 15U];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

inline void append_json(std::string& out, bool value) { out += value ? "true" : "false"; }

template <std::integral I>
    requires(!std::same_as<I, bool>)
void append_json(std::string& out, I value) {
    out += std::to_string(value);
}

template <std::floating_point F>
void append_json(std::string& out, F value) {
    // Not std::isfinite: <cmath> brings the special functions along, which every program would compile.
    if (!(value - value == F{})) throw error{"sark: JSON has no NaN and no infinity. Store the number as text."};
    std::array<char, 64> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

inline void append_json(std::string& out, std::string_view value) { append_json_string(out, value); }
inline void append_json(std::string& out, std::string const& value) { append_json_string(out, value); }
template <std::size_t N>
void append_json(std::string& out, varchar<N> const& value) {
    append_json_string(out, value.text());
}

template <class E>
    requires std::is_enum_v<E>
void append_json(std::string& out, E value) {
    std::string_view const label = label_of(value);
    if (label.empty())
        throw error{"sark: a value of an enum has no label. Add the enumerator, or store a declared one."};
    append_json_string(out, label);
}

/// A decimal is a number: jsonb keeps all its digits.
template <unsigned P, unsigned S>
void append_json(std::string& out, numeric<P, S> value) {
    out += value.to_string();
}

inline void append_json(std::string& out, date value) {
    out += '"';
    append_text_form(out, value);
    out += '"';
}
inline void append_json(std::string& out, uuid const& value) { out.append("\"").append(to_string(value)).append("\""); }

/// Accepts what is one JSON value in one spelling, so that containment in the server is equality.
template <class T>
concept json_scalar = requires(std::string& out, T const& value) { append_json(out, value); };

}  // namespace sark::detail
