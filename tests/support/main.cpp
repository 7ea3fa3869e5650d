// SPDX-License-Identifier: MIT
//
// The main function of all test programs. What a program needs from its surroundings is told by need_*.cpp.

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "need.hpp"

namespace {

bool set(char const* name) {
    char const* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

bool only_asks(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        std::string_view const argument = arguments[i];
        if (argument.starts_with("--list") || argument == "-l" || argument == "-t" || argument == "--help" ||
            argument == "-h" || argument == "-?")
            return true;
    }
    return false;
}

}  // namespace

int main(int count, char** arguments) {
    if (!only_asks(count, arguments)) {
        if (std::string const reason = sark::test::missing(); !reason.empty()) {
            bool const required = !sark::test::is_optional() && (set("CI") || set("SARK_REQUIRE_DATABASE"));
            std::cerr << (required ? "FAILED" : "SKIPPED") << ", no test was run: " << reason << '\n';
            return required ? 1 : sark::test::skipped;
        }
    }
    return Catch::Session().run(count, arguments);
}
