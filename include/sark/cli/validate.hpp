// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/cli/progress.hpp>
#include <sark/validate/checks.hpp>
#include <sark/validate/options.hpp>

namespace sark::cli {

/// Adds `validate`.
inline void add_validate(CLI::App& app, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        bool full = false;
        bool quick = false;
        bool schema = false;
        bool data = false;
        bool relationships = false;
        bool business = false;
        bool read_only = false;
        bool list = false;
        double statement_timeout = 0;  ///< seconds
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = app.add_subcommand("validate", "check schema, rows, references and money, and say what is "
                                                       "damaged");
    CLI::Option* const full = command->add_flag("--full", a->full, "everything (the default)");
    auto const group = [&](char const* name, bool& chosen, char const* words) {
        command->add_flag(name, chosen, words)->excludes(full);
    };
    group("--schema", a->schema, "the schema and the server's own state; groups add up");
    group("--data", a->data, "rows: documents, promised values, numbers, and v1 beside v2 by value");
    group("--relationships", a->relationships, "what points to nothing, with a foreign key or without");
    group("--business", a->business, "budgets, costs, keys and policies");
    group("--quick", a->quick, "of these, only what reads no whole table");
    command->add_flag("--read-only", a->read_only,
                      "write nothing at all, for replicas and roles that may only read; expressions are not compared");
    command->add_flag("--list", a->list, "describe all checks and end; needs no database");
    command->add_option("--statement-timeout", a->statement_timeout, "seconds for each check; then it is not checked")
        ->check(CLI::Range(0.001, 86400.0))
        ->type_name("SECONDS");
    add_common(*command, a->common, report_kinds);
    command->footer("Exit code 2 also says that something could not be checked.\n\nExamples:\n  " + p.name +
                    " validate\n  " + p.name + " validate --schema --quick --fail-on warning\n  " + p.name +
                    " validate --full --output report.json --output report.html");
    slot.on(*command, [a, &p](context const& c) {
        if (a->list) {
            put(c, validate::list(p.checks));
            return report::exit_clean;
        }
        check_outputs(a->common, report_kinds);
        bool const all = !a->schema && !a->data && !a->relationships && !a->business;
        validate::options how{.schema = all || a->schema,
                              .data = all || a->data,
                              .relationships = all || a->relationships,
                              .business = all || a->business,
                              .quick = a->quick,
                              .read_only = a->read_only,
                              .more = p.checks,
                              .also = p.compare};
        how.statement_timeout = std::chrono::milliseconds{static_cast<std::int64_t>(a->statement_timeout * 1000)};
        how.lock_timeout = lock_timeout_of(a->common);
        progress_display display{c, a->common.quiet, false};
        how.report = [&](validate::progress const& at) {
            display.show(std::string{at.id} + " of " + std::string{at.subject} + ", check", at.done + 1, at.total);
        };
        connection db = connect(a->common, c);
        report::report found = p.validate(db, how);
        display.end();
        found.tool = p.name + " validate";
        return deliver(found, a->common, c);
    });
}

}  // namespace sark::cli
