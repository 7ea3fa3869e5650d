// SPDX-License-Identifier: MIT
#include <exception>

#include "database.hpp"
#include "need.hpp"

std::string sark::test::missing() {
    try {
        sark::test::server_url();
        return {};
    } catch (std::exception const& error) { return error.what(); }
}

bool sark::test::is_optional() { return false; }
