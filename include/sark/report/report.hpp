// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/report/finding.hpp>

namespace sark::report {

/// Names a number that belongs to a run: tables compared, rows read.
struct count {
    std::string name = {};
    std::int64_t value = 0;
    bool operator==(count const&) const = default;
};

/// Is what a tool has to say after a run, as plain values; `text`, `json`, `junit`, `sarif` and `html` render it.
struct report {
    std::string tool = {};                     ///< `sark drift`
    std::string version = {};                  ///< of the tool
    std::optional<std::string> database = {};  ///< its name, without address and password; absent for none
    std::string started = {};                  ///< ISO 8601 in UTC, empty for unknown
    std::vector<count> counts = {};
    std::vector<finding> findings = {};
    std::vector<std::string> unchecked = {};  ///< what could not be looked at, and why: one sentence each
    bool operator==(report const&) const = default;
};

/// Counts the findings of one severity.
[[nodiscard]] inline std::size_t count_of(report const& r, severity s) {
    return static_cast<std::size_t>(
        std::count_if(r.findings.begin(), r.findings.end(), [&](finding const& f) { return f.severity == s; }));
}

/// Gives the findings with the worst first, otherwise as they were found.
[[nodiscard]] inline std::vector<finding> worst_first(std::vector<finding> const& findings) {
    // Not std::stable_sort: Clang 19 warns of what libstdc++ 12 uses in it.
    std::vector<finding> sorted;
    sorted.reserve(findings.size());
    for (severity const s : severities)
        for (finding const& f : findings)
            if (f.severity == s) sorted.push_back(f);
    return sorted;
}

/// Are the exit codes of every command.
inline constexpr int exit_clean = 0;
inline constexpr int exit_findings = 1;     ///< something at or above the threshold
inline constexpr int exit_critical = 2;     ///< something critical, or something could not be looked at
inline constexpr int exit_bad_usage = 3;    ///< the command line makes no sense
inline constexpr int exit_busy = 4;         ///< another run holds the lock
inline constexpr int exit_out_of_date = 5;  ///< a saved plan no longer fits

/// Decides the exit code of a run: critical findings and gaps are 2 whatever the threshold is.
[[nodiscard]] inline int exit_code(report const& r, severity fail_on = severity::error) {
    int code = r.unchecked.empty() ? exit_clean : exit_critical;
    for (finding const& f : r.findings) {
        if (f.severity == severity::critical) return exit_critical;
        if (f.severity >= fail_on) code = std::max(code, exit_findings);
    }
    return code;
}

}  // namespace sark::report
