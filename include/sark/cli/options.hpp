// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/context.hpp>
#include <sark/cli/failure.hpp>
#include <sark/db/connection.hpp>
#include <sark/report/finding.hpp>

namespace sark::cli {

/// Holds what every command understands. The parser fills it before the command runs.
struct common_options {
    std::string database_url;
    std::string format = "text";
    std::vector<std::string> outputs;
    bool yes = false;
    double lock_timeout = 5;  ///< seconds
    std::string fail_on = "error";
    bool quiet = false;
};

/// Names what a command can write.
inline std::vector<std::string> const report_kinds{"text", "json", "junit", "sarif", "html"};
inline std::vector<std::string> const data_kinds{"text", "json"};
inline std::vector<std::string> const text_only{"text"};

/// Adds the options that every command understands; `kinds` is what this one can write.
inline void add_common(CLI::App& command, common_options& o, std::vector<std::string> const& kinds) {
    std::string list;
    for (std::string const& kind : kinds) list += (list.empty() ? "" : kind == kinds.back() ? " or " : ", ") + kind;
    command
        .add_option("--database-url", o.database_url,
                    "postgresql://user@host:port/database; else DATABASE_URL, else libpq's environment (PGHOST, ...)")
        ->type_name("URL");
    command.add_option("--format", o.format, "what stdout gets: " + list)
        ->check(CLI::IsMember(kinds))
        ->type_name("KIND");
    command
        .add_option("--output", o.outputs,
                    "write it to FILE too, in the kind its name ends with (.json, .xml for JUnit, .sarif, .html, else "
                    "text); may be given several times")
        ->type_name("FILE");
    command.add_option("--fail-on", o.fail_on, "mildest finding that gives exit code 1")
        ->check(CLI::IsMember({"info", "warning", "error", "critical"}))
        ->type_name("SEVERITY");
    command.add_flag("-y,--yes", o.yes, "do what loses something without asking");
    command
        .add_option("--lock-timeout", o.lock_timeout,
                    "seconds a statement waits for a table before it lets others pass and tries again")
        ->check(CLI::Range(0.001, 3600.0))
        ->type_name("SECONDS");
    command.add_flag("-q,--quiet", o.quiet, "no talk on stderr");
}

[[nodiscard]] inline std::chrono::milliseconds lock_timeout_of(common_options const& o) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(o.lock_timeout * 1000)};
}

/// Connects to where the options, then DATABASE_URL, then libpq's own environment say.
[[nodiscard]] inline connection connect(common_options const& o, context const& c) {
    connection_options how;
    how.address = o.database_url.empty() ? c.variable("DATABASE_URL") : o.database_url;
    how.application_name = "sark command line";
    how.lock_timeout = lock_timeout_of(o);
    return connection{how};
}

[[nodiscard]] inline report::severity threshold_of(common_options const& o) {
    return report::severity_of(o.fail_on).value_or(report::severity::error);
}

}  // namespace sark::cli
