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
#include "skip.hpp"

namespace {

bool has_skipped = false;

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

bool sark::test::is_everything_required() { return set("CI") || set("SARK_REQUIRE_DATABASE"); }

void sark::test::skip(std::string const& reason) {
    std::cerr << "SKIPPED: " << reason << '\n';
    has_skipped = true;
}

int main(int count, char** arguments) {
    if (!only_asks(count, arguments)) {
        if (std::string const reason = sark::test::missing(); !reason.empty()) {
            bool const required = !sark::test::is_optional() && sark::test::is_everything_required();
            std::cerr << (required ? "FAILED" : "SKIPPED") << ", no test was run: " << reason << '\n';
            return required ? 1 : sark::test::skipped;
        }
    }
    int const state = Catch::Session().run(count, arguments);
    return state == 0 && has_skipped ? sark::test::skipped : state;
}
