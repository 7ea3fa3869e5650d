// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/migrate/stamp.hpp>
#include <sark/migrate/take_over.hpp>

namespace sark::cli {

/// Adds `migrate stamp`: what records a revision without running it.
inline void add_migrate_stamp(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        std::string revision;
        bool from_alembic = false;
        bool to_alembic = false;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand(
        "stamp", "record what is already there, after comparing the whole catalog with it; runs no migration");
    CLI::Option* const revision = command->add_option("REV", a->revision, "a revision, head or base");
    if (!p.alembic.empty()) {
        CLI::Option* const from = command->add_flag("--from-alembic", a->from_alembic,
                                                    "take a database over: the revision that alembic_version names");
        CLI::Option* const to = command->add_flag("--to-alembic", a->to_alembic,
                                                  "hand it back: write alembic_version, drop our ledger");
        from->excludes(revision)->excludes(to);
        to->excludes(revision);
    }
    add_common(*command, a->common, report_kinds);
    std::string examples =
        "Refuses with the list of differences when the database is not what the revision leaves behind.\n\n"
        "Examples:\n  " +
        p.name + " migrate stamp " + (p.chain.empty() ? "head" : std::string{p.chain.front().id});
    if (!p.alembic.empty())
        examples += "\n  " + p.name + " migrate stamp --from-alembic\n  " + p.name +
                    " migrate stamp --to-alembic --yes";
    command->footer(examples);
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(a->common, report_kinds);
        if (a->revision.empty() && !a->from_alembic && !a->to_alembic)
            throw bad_usage("migrate stamp: name the revision the database is at.");
        connection db = connect(a->common, c);
        report::report made{.tool = p.name + " migrate stamp", .version = p.version};
        made.database = db.query_text("SELECT current_database()").at(0).at(0);
        std::string done;
        try {
            if (a->from_alembic) {
                migrate::taken_over const taken = p.take_over(db);
                done = "taken over at " + taken.ours;
            } else if (a->to_alembic) {
                confirm(c, a->common, "This drops the ledger of " + p.name + "; Alembic goes on from here.");
                done = "handed back at " + p.hand_back(db);
            } else {
                p.stamp(db, a->revision);
                done = "stamped " + a->revision;
            }
        } catch (migrate::differs const& e) {
            if (!a->common.quiet) *c.err << e.what() << '\n';
            made.findings = e.differences();
            static_cast<void>(deliver(made, a->common, c));
            return report::exit_critical;
        }
        if (!a->common.quiet) *c.err << done << '\n';
        return a->common.format == "text" && a->common.outputs.empty() ? report::exit_clean
                                                                       : deliver(made, a->common, c);
    });
}

}  // namespace sark::cli
