// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

#include <sark/report/report.hpp>

namespace sark::cli {

/// Ends a command with a sentence on stderr and an exit code; what was written to stdout before stays.
class failure : public std::runtime_error {
public:
    failure(int code, std::string const& sentence) : std::runtime_error{sentence}, code_{code} {}
    [[nodiscard]] int code() const noexcept { return code_; }

private:
    int code_;
};

/// Says that the command line makes no sense.
[[nodiscard]] inline failure bad_usage(std::string const& sentence) {
    return failure{report::exit_bad_usage, sentence};
}

/// Says that something could not be looked at.
[[nodiscard]] inline failure could_not(std::string const& sentence) { return failure{report::exit_critical, sentence}; }

}  // namespace sark::cli
