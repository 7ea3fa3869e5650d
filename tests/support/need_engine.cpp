// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "need.hpp"

// SARK_ENGINE_URL names the environment variable with the address of a server that has the extension.
std::string sark::test::missing() {
    char const* const url = std::getenv(SARK_ENGINE_URL);
    if (url != nullptr && *url != '\0') return {};
    return "set " SARK_ENGINE_URL " to a server that has the extension (docs/testing.md)";
}

bool sark::test::is_optional() { return true; }
