// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include <unistd.h>

namespace sark::cli {

/// Is the world around a command: its streams and its environment. Tests bring their own.
struct context {
    std::istream* in = &std::cin;
    std::ostream* out = &std::cout;  ///< data, and nothing else
    std::ostream* err = &std::cerr;  ///< talk
    bool in_is_terminal = false;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::function<std::optional<std::string>(char const*)> environment = {};

    [[nodiscard]] std::string variable(char const* name) const {
        return environment ? environment(name).value_or(std::string{}) : std::string{};
    }
    /// Colours are for terminals, and for people who did not say no (https://no-color.org).
    [[nodiscard]] bool wants_colour() const { return out_is_terminal && variable("NO_COLOR").empty(); }
};

/// Gives the streams and the environment of this process.
[[nodiscard]] inline context process_context() {
    context c;
    c.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
    c.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    c.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
    c.environment = [](char const* name) -> std::optional<std::string> {
        char const* const value = std::getenv(name);
        if (value == nullptr) return std::nullopt;
        return std::string{value};
    };
    return c;
}

}  // namespace sark::cli
