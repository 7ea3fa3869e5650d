// SPDX-License-Identifier: MIT
#include <exception>

#include <sark/testing.hpp>

#include "need.hpp"

std::string sark::test::missing() {
    try {
        sark::testing::detail::find_binaries({});
        return {};
    } catch (std::exception const& error) { return error.what(); }
}

bool sark::test::is_optional() { return false; }
