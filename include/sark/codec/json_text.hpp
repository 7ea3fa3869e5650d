// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <sark/types/uuid.hpp>

namespace sark::detail {

/// The pieces that everything which reads JSON texts shares.

/// Skips the bytes of a string that need no look: printable ASCII but the quote and the backslash.
[[nodiscard]] inline char const* skip_plain(char const* at, char const* end) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t tops = 0x8080'8080'8080'8080U;
    while (end - at >= 8) {
        std::uint64_t eight;
        std::memcpy(&eight, at, sizeof eight);
        // A byte x has its top bit set in (x - n) & ~x when x < n; the equalities are x ^ c < 1.
        std::uint64_t const quote = eight ^ (ones * '"');
        std::uint64_t const backslash = eight ^ (ones * '\\');
        std::uint64_t const stop = ((eight - ones * 0x20U) & ~eight) | ((quote - ones) & ~quote) |
                                   ((backslash - ones) & ~backslash) | eight;
        if ((stop & tops) == 0) {
            at += 8;
            continue;
        }
        // The borrow of a subtraction only goes to bytes above, so the lowest mark is a true one.
        if constexpr (std::endian::native == std::endian::little) return at + (std::countr_zero(stop & tops) / 8);
        break;
    }
    while (at != end) {
        auto const byte = static_cast<unsigned char>(*at);
        if (byte < 0x20U || byte == '"' || byte == '\\' || byte >= 0x80U) break;
        ++at;
    }
    return at;
}

/// Gives the length of the well-formed UTF-8 sequence of more than one byte that begins here; 0 when none does.
[[nodiscard]] inline std::size_t utf8_sequence(char const* at, char const* end) {
    auto const byte = [&](std::ptrdiff_t n) -> unsigned {
        return n < end - at ? static_cast<unsigned char>(at[n]) : 0U;
    };
    auto const continues = [&](std::ptrdiff_t n) { return (byte(n) & 0xC0U) == 0x80U; };
    unsigned const lead = byte(0);
    // Source: table 3-7 of the Unicode standard.
    if (lead >= 0xC2U && lead <= 0xDFU) return continues(1) ? 2 : 0;
    if (lead >= 0xE0U && lead <= 0xEFU)
        return continues(1) && continues(2) && !(lead == 0xE0U && byte(1) < 0xA0U) &&
                       !(lead == 0xEDU && byte(1) > 0x9FU)
                   ? 3
                   : 0;
    if (lead >= 0xF0U && lead <= 0xF4U)
        return continues(1) && continues(2) && continues(3) && !(lead == 0xF0U && byte(1) < 0x90U) &&
                       !(lead == 0xF4U && byte(1) > 0x8FU)
                   ? 4
                   : 0;
    return 0;
}

/// Reads four hexadecimal digits; -1 when there are none.
[[nodiscard]] inline int hex_unit(char const* at, char const* end) {
    if (end - at < 4) return -1;
    int unit = 0;
    for (int i = 0; i < 4; ++i) {
        int const digit = hex_digit(at[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

inline void append_utf8(std::string& out, unsigned code) {
    auto const put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80U) return put(code);
    if (code < 0x800U) {
        put(0xC0U | code >> 6U);
    } else {
        if (code < 0x10000U) {
            put(0xE0U | code >> 12U);
        } else {
            put(0xF0U | code >> 18U);
            put(0x80U | (code >> 12U & 0x3FU));
        }
        put(0x80U | (code >> 6U & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
}

/// Appends the text that a checked string means, given without its quotes.
inline void append_unescaped(std::string& out, std::string_view spelled) {
    char const* at = spelled.data();
    char const* const end = at + spelled.size();
    while (at != end) {
        if (*at != '\\') {
            char const* next = at;
            while (next != end && *next != '\\') ++next;
            out.append(at, next);
            at = next;
            continue;
        }
        switch (at[1]) {
            case 'b': out += '\b'; break;
            case 'f': out += '\f'; break;
            case 'n': out += '\n'; break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'u': {
                auto code = static_cast<unsigned>(hex_unit(at + 2, end));
                if (code >= 0xD800U && code <= 0xDBFFU) {
                    auto const low = static_cast<unsigned>(hex_unit(at + 8, end));
                    code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
                    at += 6;
                }
                append_utf8(out, code);
                at += 4;
                break;
            }
            default: out += at[1];
        }
        at += 2;
    }
}

/// Appends one step of a path: `.name`, or `["other name"]` for what is no plain name, cut where it is long.
inline void append_path_step(std::string& path, std::string_view name) {
    bool plain = !name.empty() && name.size() <= 64 && !(name.front() >= '0' && name.front() <= '9');
    for (char c : name)
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    if (plain) {
        path.append(".").append(name);
        return;
    }
    path += "[\"";
    std::size_t shown = 0;
    for (char c : name) {
        // Whole characters only, and none that a terminal would obey.
        if (shown >= 64 && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
            path += "...";
            break;
        }
        ++shown;
        if (c == '"' || c == '\\') path += '\\';
        path += static_cast<unsigned char>(c) < 0x20U || c == '\x7F' ? '?' : c;
    }
    path += "\"]";
}

/// Gives the path to the value that holds a place of a document that is well-formed up to there, as `$.a.b[3]`.
///
/// `of_object` leaves out the last name. Only messages ask, so it reads the text from its beginning again.
[[nodiscard]] inline std::string json_path_at(std::string_view text, std::size_t position, bool of_object = false) {
    struct level {
        bool is_object;
        std::size_t index;
        std::string name;
    };
    std::vector<level> levels;
    bool expects_name = false;
    for (std::size_t i = 0; i < position && i < text.size(); ++i) {
        char const c = text[i];
        if (c == '"') {
            std::size_t const start = ++i;
            while (i < position && i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
            if (i > position || i >= text.size()) break;
            if (expects_name && !levels.empty() && text[i] == '"') {
                levels.back().name.clear();
                append_unescaped(levels.back().name, text.substr(start, i - start));
                expects_name = false;
            }
        } else if (c == '{' || c == '[') {
            levels.push_back({c == '{', 0, {}});
            expects_name = c == '{';
        } else if ((c == '}' || c == ']') && !levels.empty()) {
            levels.pop_back();
        } else if (c == ',' && !levels.empty()) {
            ++levels.back().index;
            expects_name = levels.back().is_object;
        }
    }
    std::string path{"$"};
    for (level const& l : levels) {
        if (!l.is_object)
            path += "[" + std::to_string(l.index) + "]";
        else if (!(&l == &levels.back() && (expects_name || of_object)))
            append_path_step(path, l.name);
    }
    return path;
}

}  // namespace sark::detail
