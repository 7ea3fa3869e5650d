// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "document.hpp"

namespace openapi {

// References are `#` and a JSON pointer (RFC 6901), percent-encoded as the fragment of a URI.

/// Takes the percent-encoding off the fragment of a reference; `at` is where it stands, for the sentence.
[[nodiscard]] inline std::string percent_decoded(value at, std::string_view reference) {
    auto const hex = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        c = static_cast<char>(c | 0x20);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 1; i < reference.size(); ++i) {
        if (reference[i] != '%') {
            out += reference[i];
            continue;
        }
        int const high = i + 2 < reference.size() ? hex(reference[i + 1]) : -1;
        int const low = high < 0 ? -1 : hex(reference[i + 2]);
        if (low < 0) at.fail("the reference \"" + printable(reference) + "\" has a % that begins no encoded byte.");
        out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
        i += 2;
    }
    return out;
}

/// Percent-encodes what may not stand in the fragment of a URI.
[[nodiscard]] inline std::string percent_encoded(std::string_view text) {
    constexpr std::string_view allowed = "-._~!$&'()*+,;=:@/?";
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain || allowed.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

/// Reads a token of a JSON pointer: ~1 is a slash, ~0 a tilde, and nothing else begins with a tilde.
[[nodiscard]] inline std::string unescaped_token(value at, std::string_view reference, std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out += token[i];
            continue;
        }
        char const next = i + 1 < token.size() ? token[++i] : '\0';
        if (next != '0' && next != '1')
            at.fail("the reference \"" + printable(reference) + "\" has a ~ that is not ~0 or ~1.");
        out += next == '0' ? '~' : '/';
    }
    return out;
}

}  // namespace openapi
