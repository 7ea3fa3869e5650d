// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <type_traits>

namespace sark::detail {

/// Compares texts as std::string_view does, with fewer steps in constant expressions, where each costs a compiler
/// microseconds. GCC 12 does not take memcmp there for a part of an array.
[[nodiscard]] constexpr bool same_text(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
#if defined(__clang__)
    return a.empty() || __builtin_memcmp(a.data(), b.data(), a.size()) == 0;
#else
    if (!std::is_constant_evaluated()) return a == b;
    char const* right = b.data();
    for (char left : a)
        if (left != *right++) return false;
    return true;
#endif
}

static_assert(same_text("id", "id") && !same_text("id", "it") && !same_text("id", "") && same_text("", ""));

}  // namespace sark::detail
