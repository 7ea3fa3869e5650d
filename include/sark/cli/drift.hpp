// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>

namespace sark::cli {

/// Adds `drift`.
inline void add_drift(CLI::App& app, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        std::string at;
        bool unmanaged = false;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = app.add_subcommand("drift", "compare the database with what the applied migrations build");
    command->add_option("--at", a->at, "compare with this revision (or head, or base) instead of the applied one")
        ->type_name("REV");
    command->add_flag("--unmanaged", a->unmanaged, "also report, as info, what the migrations do not speak of");
    add_common(*command, a->common, report_kinds);
    command->footer("Each finding names the object and has the statements that repair it.\n\nExamples:\n  " + p.name +
                    " drift\n  " + p.name + " drift --output drift.html --output drift.sarif --fail-on warning");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(a->common, report_kinds);
        connection db = connect(a->common, c);
        report::report found = p.drift(db, a->at, {.unmanaged = a->unmanaged});
        found.tool = p.name + " drift";
        for (report::finding& f : found.findings)
            if (f.id == "engine-missing") f.why = p.name + " migrate adopt makes it, rows included.";
        return deliver(found, a->common, c);
    });
}

}  // namespace sark::cli
