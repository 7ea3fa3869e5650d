// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sark {

/// Carries a text as a template argument.
///
/// The characters are public because a template argument must be structural; use `view()`.
template <std::size_t N>
struct fixed_string {
    char chars[N]{};

    consteval fixed_string(char const (&text)[N]) {  // NOLINT(google-explicit-constructor): a literal is the argument
        for (std::size_t i = 0; i < N; ++i) chars[i] = text[i];
    }

    [[nodiscard]] constexpr std::string_view view() const { return {static_cast<char const*>(chars), N - 1}; }
};

static_assert(fixed_string{"abc"}.view() == "abc");

}  // namespace sark
