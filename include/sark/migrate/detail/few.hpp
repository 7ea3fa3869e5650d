// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace sark::migrate::detail {

/// Is called, and therefore fails the constant expression, when a list of a migration has more than eight items.
[[noreturn]] inline void a_list_of_a_migration_holds_at_most_eight_items() {
    throw std::length_error{"sark: a list of a migration holds at most eight items"};
}

/// Holds up to eight items in place, because a vector cannot live in a constant.
template <class T>
struct few {
    static constexpr std::size_t capacity = 8;
    T items[capacity]{};
    std::size_t count = 0;

    constexpr void push_back(T const& item) {
        if (count == capacity) a_list_of_a_migration_holds_at_most_eight_items();
        items[count++] = item;
    }
    [[nodiscard]] constexpr T const* begin() const { return &items[0]; }
    [[nodiscard]] constexpr T const* end() const { return &items[0] + count; }
    [[nodiscard]] constexpr std::vector<T> to_vector() const { return {begin(), end()}; }
};

}  // namespace sark::migrate::detail
