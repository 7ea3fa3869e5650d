// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sark/jsonb.hpp>

#include "failure.hpp"

namespace support {

/// Cuts a text to `bytes` bytes or less, never inside of a character.
[[nodiscard]] inline std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
}

/// Makes text of others fit for a terminal: nothing that steers it, and not too long.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t bytes = 160) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < cut(text, bytes).size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F are controls too, and are C2 followed by 80 to 9F in UTF-8.
        bool const high_control = byte == 0xC2U && i + 1 < text.size() &&
                                  static_cast<unsigned char>(text[i + 1]) < 0xA0U;
        if (byte >= 0x20U && byte != 0x7FU && !high_control) {
            out += text[i];
            continue;
        }
        auto const shown = high_control ? static_cast<unsigned char>(text[++i]) : byte;
        out += "\\x";
        out += digits[shown >> 4U];
        out += digits[shown & 15U];
    }
    return out.size() < text.size() && text.size() > bytes ? out + "..." : out;
}

/// Hashes a text (FNV-1a, 64 bits) to 16 hexadecimal digits, the same on every machine and in every version.
[[nodiscard]] inline std::string hash_of(std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    std::string out;
    for (unsigned shift = 64; shift > 0; shift -= 4U) out += digits[(hash >> (shift - 4U)) & 15U];
    return out;
}

/// Fits a text into a column of `bytes` characters: a longer one ends in `~` and the hash of all of it.
[[nodiscard]] inline std::string fitted(std::string_view text, std::size_t bytes = 255) {
    if (text.size() <= bytes) return std::string{text};
    return std::string{cut(text, bytes - 17)} + '~' + hash_of(text);
}

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Makes the part of an id that comes from a title: `Pet Store (v2)` gives `pet-store-v2`.
///
/// Titles that would lose more than punctuation end in the hash of all of it.
[[nodiscard]] inline std::string slug(std::string_view title) {
    std::string out;
    bool lost = false;
    for (char c : lower(title)) {
        bool const kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        lost = lost || static_cast<unsigned char>(c) >= 0x80U;
        if (kept)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    if (!out.empty() && out.back() == '-') out.pop_back();
    if (out.size() > 100) lost = true;
    if (!lost && !out.empty()) return out;
    out = out.substr(0, 100);
    return out + (out.empty() ? "" : "-") + hash_of(title);
}

/// Writes a text as a JSON string.
[[nodiscard]] inline std::string json_string(std::string_view text) {
    return sark::json_tree::string(std::string{text}).to_string();
}

/// Writes a key as a token of a JSON pointer.
[[nodiscard]] inline std::string escaped_token(std::string_view key) {
    std::string out;
    for (char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

}  // namespace support
