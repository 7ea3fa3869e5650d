// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include <CLI/CLI.hpp>

#include <sark/cli/context.hpp>
#include <sark/migrate/lint_rules.hpp>
#include <sark/report/finding.hpp>

namespace sark::cli {

/// Keeps what the chosen command will do: the parser only chooses, so that nothing runs while it still may refuse.
class command_slot {
public:
    using action = std::function<int(context const&)>;

    void on(CLI::App& command, action what) {
        command.callback([this, what = std::move(what)] { chosen_ = what; });
    }
    [[nodiscard]] action const& chosen() const { return chosen_; }

private:
    action chosen_;
};

}  // namespace sark::cli

namespace sark::cli::detail {

/// Gives the severity of a report for one of the linter.
[[nodiscard]] constexpr report::severity severity_of(migrate::severity s) {
    switch (s) {
        case migrate::severity::error: return report::severity::error;
        case migrate::severity::warning: return report::severity::warning;
        case migrate::severity::info: break;
    }
    return report::severity::info;
}

}  // namespace sark::cli::detail
