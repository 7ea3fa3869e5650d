// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/plan_file.hpp>
#include <sark/cli/program.hpp>

namespace sark::cli::detail {

/// Gives what the database's rows say against a migration as findings of a report.
[[nodiscard]] inline std::vector<report::finding> findings_of(std::vector<migrate::assertion_finding> const& found,
                                                              std::string const& id) {
    std::vector<report::finding> findings;
    for (migrate::assertion_finding const& f : found)
        findings.push_back(
            {.id = id,
             .severity = severity_of(f.severity),
             .subject = f.migration,
             .what = f.sentence,
             .why = f.step.empty() ? std::string{} : "step: " + f.step,
             .evidence = "found " + std::to_string(f.count) + (f.details.empty() ? "" : ": " + f.details),
             .repair = {}});
    return findings;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Adds `migrate plan`.
inline void add_migrate_plan(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        std::string target = "head";
        std::string save;
        bool sql = false;
        bool no_checks = false;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand("plan", "show what would run: locks, rewrites, rows, ways back");
    command->add_option("REV", a->target, "a revision, head or base")->capture_default_str();
    command->add_option("--save", a->save, "write the plan to FILE, for migrate upgrade --plan FILE")
        ->type_name("FILE");
    command->add_flag("--sql", a->sql, "whole statements instead of their beginnings");
    command->add_flag("--no-checks", a->no_checks, "do not ask the rows whether the migrations would fail on them");
    add_common(*command, a->common, data_kinds);
    command->footer("Examples:\n  " + p.name + " migrate plan\n  " + p.name + " migrate plan 007_federation --sql\n  " +
                    p.name + " migrate plan --save next.json && " + p.name +
                    " migrate upgrade --plan next.json --yes\n\n"
                    "Exit code 1 when the rows in the database would stop a migration.");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(a->common, data_kinds);
        connection db = connect(a->common, c);
        plan_document const plan = plan_of(db, p.chain, a->target);
        std::vector<report::finding> against;
        if (!a->no_checks && !plan.migrations.empty())
            against = detail::findings_of(p.preflight(db, a->target), "migration-would-fail");
        if (!a->save.empty()) write_file(a->save, to_json(plan).text());
        deliver(a->common, c, [&](std::string_view kind, bool) {
            return kind == "json" ? std::string{to_json(plan).text()} : text_of(plan, a->sql);
        });
        if (!against.empty())
            *c.err << "\n"
                   << report::text({.tool = p.name + " migrate plan", .version = p.version, .findings = against});
        return report::exit_code({.findings = against}, threshold_of(a->common));
    });
}

}  // namespace sark::cli
