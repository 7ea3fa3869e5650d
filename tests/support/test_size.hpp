// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <type_traits>

namespace sark::test {

/// Says how much the tests do that come in sizes: what somebody waits for, what CI has time for, what a release needs.
enum class test_size { usual, ci, full };

/// Gives the size of this run: SARK_TEST_FULL_SIZE asks for the full one; else CI for its own, unless
/// SARK_TEST_USUAL_SIZES says that another compiler's turn was enough.
[[nodiscard]] inline test_size size_of_run() {
    auto const is_set = [](char const* name) {
        char const* const value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    if (is_set("SARK_TEST_FULL_SIZE")) return test_size::full;
    return is_set("CI") && !is_set("SARK_TEST_USUAL_SIZES") ? test_size::ci : test_size::usual;
}

/// Gives the number, or whatever it is, for the size of this run.
template <class T>
[[nodiscard]] T sized(T usual, std::type_identity_t<T> ci, std::type_identity_t<T> full) {
    test_size const size = size_of_run();
    return size == test_size::usual ? usual : size == test_size::ci ? ci : full;
}

/// The same where what CI does is all there is to do.
template <class T>
[[nodiscard]] T sized(T usual, std::type_identity_t<T> ci) {
    return sized<T>(usual, ci, ci);
}

}  // namespace sark::test
