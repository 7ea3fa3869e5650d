// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/migrate_run.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/migrate/engines.hpp>

namespace sark::cli {

/// Adds `migrate adopt`: what an extension makes possible that came after the migrations.
inline void add_migrate_adopt(CLI::App& migrate, program const& p, command_slot& slot) {
    auto const a = std::make_shared<common_options>();
    CLI::App* command = migrate.add_subcommand(
        "adopt", "make hypertables or shards for an extension that came after the migrations, rows included");
    add_common(*command, *a, report_kinds);
    command->footer("In one transaction, in which nobody else can use these tables: in a stop of the programs.\n\n"
                    "Example:\n  " +
                    p.name + " migrate adopt --yes");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(*a, report_kinds);
        connection db = connect(*a, c);
        report::report made{.tool = p.name + " migrate adopt", .version = p.version};
        made.database = db.query_text("SELECT current_database()").at(0).at(0);
        std::size_t missing = 0;
        for (migrate::engine_finding const& f : p.engine_drift(db)) missing += f.severity == migrate::severity::error;
        if (missing > 0) {
            confirm(c, *a,
                    "This rewrites " + std::to_string(missing) + " table(s) or view(s) while nobody can use them.");
            detail::run_display display{c, *a};
            migrate::options how;
            how.report = [&display](migrate::progress const& said) { display(said); };
            for (migrate::engine_finding const& f : p.adopt(db, how))
                made.counts.push_back({"adopted " + f.relation, 1});
        }
        for (migrate::engine_finding const& f : p.engine_drift(db))
            made.findings.push_back({.id = "engine-degraded",
                                     .severity = detail::severity_of(f.severity),
                                     .subject = f.relation,
                                     .what = f.sentence});
        return deliver(made, *a, c);
    });
}

}  // namespace sark::cli
