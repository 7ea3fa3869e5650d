// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/interrupt.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/cli/progress.hpp>
#include <sark/upgrade.hpp>

namespace sark::cli::detail {

struct v1_to_v2_arguments {
    common_options common;
    bool dry_run = false;
    bool execute = false;
    bool validate = false;
    bool rollback = false;
    bool status = false;
    bool finalize = false;
    bool scan = false;
    bool force = false;
    bool overwrite = false;
    bool refuse_unfit = false;
    bool with_revision_006 = false;
    double share = 1.0;
    double wait = 10;  ///< seconds
};

/// Refuses modes that contradict each other, instead of letting one win.
/// @throws failure
inline void check_modes(v1_to_v2_arguments const& a) {
    int modes = 0;
    for (bool const mode : {a.execute, a.rollback, a.status, a.finalize, a.scan}) modes += mode ? 1 : 0;
    bool const alone = a.dry_run && modes == 0;
    bool const validates = a.validate && modes == 0 && !a.dry_run;
    if (modes > 1 || (modes == 0 && !alone && !validates))
        throw bad_usage(
            "v1-to-v2: say exactly one of --scan, --dry-run, --execute, --validate, --rollback, --status and "
            "--finalize. Together make sense: --rollback --dry-run, and --execute --validate.");
    if (a.dry_run && !alone && !a.rollback) throw bad_usage("v1-to-v2: --dry-run goes alone, or with --rollback.");
    if (a.validate && !validates && !a.execute) throw bad_usage("v1-to-v2: --validate goes alone, or with --execute.");
    if ((a.force || a.with_revision_006) && !a.rollback)
        throw bad_usage("v1-to-v2: --force and --with-revision-006 belong to --rollback.");
    if ((a.overwrite || a.refuse_unfit) && !a.execute && !alone)
        throw bad_usage("v1-to-v2: --overwrite and --refuse-unfit belong to --execute and --dry-run.");
}

[[nodiscard]] inline std::chrono::milliseconds milliseconds_of(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

inline void add_counts(report::report& to, upgrade::table_counts const& from) {
    std::string const table = from.source_table + " to " + from.target_table;
    auto const add = [&](char const* what, std::int64_t rows) {
        if (rows != 0) to.counts.push_back({table + ", " + what, rows});
    };
    to.counts.push_back({table + ", rows of v1", from.source});
    add("inserted", from.inserted);
    add("updated", from.updated);
    add("adopted", from.adopted);
    add("unchanged", from.unchanged);
    add("kept as edited in v2", from.kept);
    add("deleted in v2", from.gone);
    for (auto const& [reason, rows] : from.quarantined) to.counts.push_back({table + ", quarantined: " + reason, rows});
}

inline void add_run(report::report& to, upgrade::run_result const& from) {
    add_counts(to, from.servers);
    add_counts(to, from.tools);
    to.findings.insert(to.findings.end(), from.findings.begin(), from.findings.end());
}

inline void add_verification(report::report& to, connection& db) {
    upgrade::verification const found = upgrade::verify(db);
    for (report::finding& f : upgrade::findings(found)) to.findings.push_back(std::move(f));
    to.counts.push_back({"resources compared by value", found.resources.rows});
    to.counts.push_back({"capabilities compared by value", found.capabilities.rows});
}

inline void add_rollback(report::report& to, upgrade::rollback_result const& from) {
    to.counts.push_back({"capabilities removed", from.capabilities});
    to.counts.push_back({"resources removed", from.resources});
    to.counts.push_back({"already gone", from.already_gone});
    to.counts.push_back({"changed in v2 since", from.changed});
    to.counts.push_back({"capabilities that v2 added", from.native_children});
    to.counts.push_back({"moved rows that stay", from.left});
    to.counts.push_back({"costs that stay", from.costs});
    to.findings.insert(to.findings.end(), from.findings.begin(), from.findings.end());
}

[[nodiscard]] constexpr std::string_view text_of(upgrade::stage s) {
    switch (s) {
        case upgrade::stage::unprepared: return "unprepared: tables of v1 or v2 are missing";
        case upgrade::stage::fresh: return "fresh: no run yet";
        case upgrade::stage::running: return "running, or died: execute goes on";
        case upgrade::stage::paused: return "paused: execute goes on";
        case upgrade::stage::failed: return "failed: execute goes on";
        case upgrade::stage::moved: return "moved: the last run came to its end";
        case upgrade::stage::rolled_back: return "rolled back";
        case upgrade::stage::finalized: break;
    }
    return "finalized: nothing can be rolled back any more";
}

inline void add_status(report::report& to, connection& db) {
    upgrade::status_t const now = upgrade::status(db);
    to.counts = {{"servers of v1", now.servers},
                 {"tools of v1", now.tools},
                 {"servers moved", now.moved_servers},
                 {"tools moved", now.moved_tools},
                 {"quarantined", now.quarantined}};
    std::string what{text_of(now.stage)};
    if (!now.run_id.empty()) what += ", run " + now.run_id + ", started " + now.started_at + ", alive " + now.alive_at;
    to.findings.push_back({.id = "stage", .severity = report::severity::info, .what = what});
    if (now.stage == upgrade::stage::unprepared) to.unchecked.push_back("tables of v1 or v2 are missing.");
}

/// Runs the modes that were chosen; what they found goes into the report.
inline void run_v1_to_v2(v1_to_v2_arguments const& a, context const& c, connection& db, report::report& made) {
    interrupt_guard const guard;
    progress_display display{c, a.common.quiet};
    auto const show = [&](upgrade::progress const& p) {
        display.show(std::string{p.phase} + ' ' + std::string{p.table}, static_cast<std::uint64_t>(p.done),
                     static_cast<std::uint64_t>(p.total));
    };
    upgrade::options how;
    how.edits = a.overwrite ? upgrade::edits::overwrite : upgrade::edits::keep;
    how.refuse_unfit = a.refuse_unfit;
    how.share = a.share;
    how.report = show;
    how.pause = [] { return interrupt_guard::interrupted(); };
    how.lock_wait = milliseconds_of(a.wait);
    how.row_lock_wait = lock_timeout_of(a.common);
    if (a.rollback) {
        upgrade::rollback_options back;
        back.dry_run = a.dry_run;
        back.force = a.force;
        back.with_revision_006 = a.with_revision_006;
        back.report = show;
        back.lock_wait = how.lock_wait;
        add_rollback(made, upgrade::rollback(db, back));
    } else if (a.dry_run) {
        add_run(made, upgrade::dry_run(db, how));
    } else if (a.scan) {
        add_run(made, upgrade::scan(db, how));
    } else if (a.execute) {
        upgrade::run_result const ran = upgrade::execute(db, how);
        add_run(made, ran);
        if (!ran.complete) {
            made.unchecked.push_back("the run was paused; --execute goes on where it stopped.");
            return;
        }
        if (a.validate) add_verification(made, db);
    } else if (a.validate) {
        add_verification(made, db);
    } else {
        if (a.finalize) upgrade::finalize(db);
        add_status(made, db);
    }
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Adds `v1-to-v2`: the rows of v1 become rows of v2.
inline void add_v1_to_v2(CLI::App& app, program const& p, command_slot& slot) {
    auto const a = std::make_shared<detail::v1_to_v2_arguments>();
    CLI::App* command = app.add_subcommand("v1-to-v2",
                                           "move the rows of v1 (servers, tools) into v2, compare, go back");
    command->add_flag("--scan", a->scan, "name every row that v2 cannot hold; reads only");
    command->add_flag("--dry-run", a->dry_run, "the run itself, or with --rollback the way back itself, rolled back");
    command->add_flag("--execute", a->execute,
                      "move; goes on where an earlier run stopped, and writes what differs only");
    command->add_flag("--validate", a->validate, "compare v1 and v2 by value; goes with --execute, too");
    command->add_flag("--rollback", a->rollback, "remove what runs brought, and nothing else");
    command->add_flag("--status", a->status, "tell where the data migration stands");
    command->add_flag("--finalize", a->finalize, "end the time in which a rollback is possible");
    command->add_flag("--force", a->force, "with --rollback: also rows that changed in v2 since");
    command->add_flag("--with-revision-006", a->with_revision_006,
                      "with --rollback: also rows that migration 006 copied itself");
    command->add_flag("--overwrite", a->overwrite, "v1 wins over rows that were edited in v2");
    command->add_flag("--refuse-unfit", a->refuse_unfit,
                      "write nothing when v2 cannot hold a row, instead of quarantine");
    command->add_option("--share", a->share, "part of the time that is worked: 0.5 rests as long as it works")
        ->check(CLI::Range(0.01, 1.0));
    command->add_option("--wait", a->wait, "seconds to wait for another run; then exit code 4")
        ->check(CLI::Range(0.0, 86400.0))
        ->type_name("SECONDS");
    add_common(*command, a->common, report_kinds);
    command->footer("Examples:\n  " + p.name + " v1-to-v2 --dry-run\n  " + p.name +
                    " v1-to-v2 --execute --validate --output moved.html\n  " + p.name +
                    " v1-to-v2 --rollback --dry-run\n  " + p.name +
                    " v1-to-v2 --finalize --yes\n\n"
                    "Ctrl-C and SIGTERM pause a run after its batch; --execute goes on.");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(a->common, report_kinds);
        detail::check_modes(*a);
        connection db = connect(a->common, c);
        report::report made{.tool = p.name + " v1-to-v2", .version = p.version};
        made.database = db.query_text("SELECT current_database()").at(0).at(0);
        if (a->rollback && !a->dry_run)
            confirm(c, a->common,
                    "This removes the rows of v2 that came from v1" +
                        std::string{a->force ? ", also those that were changed since." : "."});
        if (a->finalize) confirm(c, a->common, "After this no rollback is possible.");
        try {
            detail::run_v1_to_v2(*a, c, db, made);
        } catch (upgrade::refused const& e) {
            if (!a->common.quiet) *c.err << p.name << ": " << std::string_view{e.what()} << '\n';
            made.findings = e.why();
            made.unchecked.push_back("nothing was changed.");
        } catch (upgrade::busy const& e) { throw failure{report::exit_busy, e.what()}; }
        return deliver(made, a->common, c);
    });
}

}  // namespace sark::cli
