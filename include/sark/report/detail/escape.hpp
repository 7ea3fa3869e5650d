// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sark::report::detail {

/// Reads the code point that begins a text: its value and its bytes; size 0 says that the first byte is no UTF-8.
struct code_point {
    char32_t value = 0;
    std::size_t size = 0;
};

[[nodiscard]] constexpr code_point first_code_point(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    std::size_t const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
    char32_t value = lead & (size == 2 ? 0x1FU : size == 3 ? 0x0FU : 0x07U);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    bool const overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    bool const surrogate = value >= 0xD800 && value <= 0xDFFF;
    return overlong || surrogate || value > 0x10FFFF ? code_point{} : code_point{value, size};
}

/// Tells what must not reach a terminal or a reader as it is: controls, invisible marks and those that turn the
/// direction of the text, and what XML has no place for.
[[nodiscard]] constexpr bool is_treacherous(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFEU) == 0xFFFE || (c >= 0xE0000 && c <= 0xE007F);
}

inline void put_hex(std::string& out, char32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

/// Appends a text with `\x1b` and the like written out, so that it shows itself and does nothing. Line ends and tabs
/// stay when `lines` says so.
inline void put_visible(std::string& out, std::string_view text, bool lines = false) {
    while (!text.empty()) {
        code_point const c = first_code_point(text);
        if (c.size == 0) {
            out += "\\x";
            put_hex(out, static_cast<unsigned char>(text[0]), 2);
            text.remove_prefix(1);
            continue;
        }
        if (!is_treacherous(c.value) || (lines && (c.value == '\n' || c.value == '\t'))) {
            out += text.substr(0, c.size);
        } else if (c.value == '\n') {
            out += "\\n";
        } else if (c.value == '\t') {
            out += "\\t";
        } else if (c.value < 0x80) {
            out += "\\x";
            put_hex(out, c.value, 2);
        } else {
            out += "\\u{";
            put_hex(out, c.value, c.value > 0xFFFF ? 6 : 4);
            out += '}';
        }
        text.remove_prefix(c.size);
    }
}

[[nodiscard]] inline std::string visible(std::string_view text, bool lines = false) {
    std::string out;
    put_visible(out, text, lines);
    return out;
}

/// Gives a text for XML and HTML, in content as well as between either kind of quotes.
[[nodiscard]] inline std::string markup(std::string_view text, bool lines = true) {
    std::string out;
    for (char const c : visible(text, lines)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

/// Joins the statements of a repair as a script; what has to be decided first is a comment, `-- …`, in it.
template <class Statements>
[[nodiscard]] std::string script_of(Statements const& statements) {
    std::string out;
    for (auto const& statement : statements) {
        if (!out.empty()) out += '\n';
        out += statement;
        if (!std::string_view{statement}.starts_with("--")) out += ';';
    }
    return out;
}

}  // namespace sark::report::detail
