// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sark::report {

/// Orders findings, the mildest first.
enum class severity {
    info,     ///< worth knowing; nothing has to be done
    warning,  ///< works, but slower or less safely than meant
    error,    ///< rows may become wrong, or a promise does not hold
    critical  ///< the program's statements fail, or rows are wrong
};

inline constexpr std::array severities{severity::critical, severity::error, severity::warning, severity::info};

[[nodiscard]] constexpr std::string_view text_of(severity s) {
    switch (s) {
        case severity::critical: return "critical";
        case severity::error: return "error";
        case severity::warning: return "warning";
        case severity::info: break;
    }
    return "info";
}

/// Reads a severity by its name, as `--fail-on` gives it; nothing for another word.
[[nodiscard]] constexpr std::optional<severity> severity_of(std::string_view name) {
    for (severity const s : severities)
        if (text_of(s) == name) return s;
    return std::nullopt;
}

static_assert(severity_of("critical") == severity::critical && !severity_of("fatal"));

/// Says one thing that is wrong, or worth knowing. All texts are plain: whoever renders them escapes them.
struct finding {
    std::string id = {};  ///< stable, lower case with dashes: `index-missing`; baselines and waivers name it
    report::severity severity = report::severity::error;
    std::string subject = {};   ///< the object, as `table.column` or `table`; empty for the whole
    std::string what = {};      ///< one sentence that names the object
    std::string why = {};       ///< what follows from it
    std::string evidence = {};  ///< what was looked at: counts, definitions, a query; never values of rows
    /// What to run, in order: statements without a semicolon at the end; a comment, `-- …`, where somebody has to decide.
    std::vector<std::string> repair = {};
    bool operator==(finding const&) const = default;
};

}  // namespace sark::report
