// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Only the value: Boost's text conversions bring streams along (docs/decisions/0004-value-types.md has the figures).
#include <boost/uuid/uuid.hpp>

namespace sark {

/// Holds a UUID; the nil one counts as unset, so an insert takes the column's default for it.
using uuid = boost::uuids::uuid;

namespace detail {

[[nodiscard]] constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace detail

/// Reads the canonical text form, `8-4-4-4-12` hexadecimal digits; nothing for any other text.
[[nodiscard]] inline std::optional<uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    uuid value{};
    auto byte = value.begin();
    for (std::size_t i = 0; i < text.size();) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-') return std::nullopt;
            continue;
        }
        int const high = detail::hex_digit(text[i]);
        int const low = detail::hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        *byte++ = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return value;
}

/// Gives the canonical text form in lower case.
[[nodiscard]] inline std::string to_string(uuid const& value) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (auto byte : value) {
        if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

}  // namespace sark
