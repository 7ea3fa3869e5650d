// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/interrupt.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/plan_file.hpp>
#include <sark/cli/progress.hpp>
#include <sark/cli/program.hpp>
#include <sark/migrate/export_rows.hpp>
#include <sark/migrate/runner.hpp>

namespace sark::cli::detail {

/// Shows what the runner does: a line per migration, and on a terminal the statement under way.
class run_display {
public:
    run_display(context const& c, common_options const& o) : display_{c, o.quiet, false} {}

    void operator()(migrate::progress const& p) {
        std::string const what = std::string{p.way == migrate::direction::up ? "up " : "down "} +
                                 std::string{p.revision};
        switch (p.kind) {
            case migrate::progress_kind::statement:
                display_.show(what + ", statement", p.statement + 1, p.statements);
                break;
            case migrate::progress_kind::committed: display_.say(what + ": done"); break;
            case migrate::progress_kind::waiting:
                display_.say("waiting for another run: " + std::string{p.note});
                break;
            case migrate::progress_kind::retrying: display_.say(what + ": trying again: " + std::string{p.note}); break;
            case migrate::progress_kind::rebuilding: display_.say(what + ": rebuilding: " + std::string{p.note}); break;
            case migrate::progress_kind::notice:
                display_.say((p.revision.empty() ? std::string{} : what + ": ") + std::string{p.severity} + ": " +
                             std::string{p.note});
                break;
        }
    }

private:
    progress_display display_;
};

/// Holds what only the commands that run migrations understand.
struct run_arguments {
    common_options common;
    double wait = 600;  ///< seconds
    unsigned lock_attempts = 10;
    bool force = false;
    std::string export_folder;
    std::string export_format = "csv";
};

[[nodiscard]] inline migrate::options options_of(run_arguments const& a, run_display& display) {
    migrate::options how;
    how.report = [&display](migrate::progress const& p) { display(p); };
    how.lock_timeout = lock_timeout_of(a.common);
    how.lock_attempts = a.lock_attempts;
    how.lock_wait = std::chrono::milliseconds{static_cast<std::int64_t>(a.wait * 1000)};
    how.should_stop = [] { return interrupt_guard::interrupted(); };
    how.force = a.force;
    if (!a.export_folder.empty())
        how.export_rows = migrate::export_to(a.export_folder, a.export_format == "json"
                                                                  ? migrate::export_format::json_lines
                                                                  : migrate::export_format::csv);
    return how;
}

inline void add_wait(CLI::App& command, run_arguments& a) {
    command.add_option("--wait", a.wait, "seconds to wait for another run; then exit code 4")
        ->check(CLI::Range(0.0, 86400.0))
        ->type_name("SECONDS");
    command.add_option("--lock-attempts", a.lock_attempts, "how often a transaction that got no lock is tried in all")
        ->check(CLI::Range(1U, 1000U))
        ->type_name("N");
}

inline void add_down_safety(CLI::App& command, run_arguments& a) {
    command.add_flag("--force", a.force, "drop rows that no migration made, too");
    command.add_option("--export", a.export_folder, "write the rows that will be dropped to FOLDER first")
        ->check(CLI::ExistingDirectory)
        ->type_name("FOLDER");
    command.add_option("--export-format", a.export_format, "csv or json (a JSON object per line)")
        ->check(CLI::IsMember({"csv", "json"}));
}

/// Says where a run ended.
inline void say_end(context const& c, common_options const& o, migrate::plan_t const& ran) {
    deliver_text(ran.migrations.empty() ? "at " + ran.to + ": nothing to do\n" : "at " + ran.to + "\n", o, c);
}

[[nodiscard]] inline std::string number_of(std::size_t count, char const* thing) {
    return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Adds `migrate upgrade`.
inline void add_migrate_upgrade(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments : detail::run_arguments {
        std::string target = "head";
        std::string plan;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand("upgrade", "bring the database to a newer revision");
    CLI::Option* const target = command->add_option("REV", a->target, "a revision, or head")->capture_default_str();
    command->add_option("--plan", a->plan, "carry out this saved plan; exit code 5 when the database has moved")
        ->type_name("FILE")
        ->excludes(target);
    add_common(*command, a->common, text_only);
    detail::add_wait(*command, *a);
    command->footer(
        "Examples:\n  " + p.name + " migrate upgrade\n  " + p.name +
        " migrate upgrade 007_federation --lock-timeout 2\n  " + p.name +
        " migrate upgrade --plan next.json\n\n"
        "Each migration is a transaction of its own: what was done stays done. Ctrl-C ends the run between\n"
        "two statements, and nothing of the migration under way remains.");
    slot.on(*command, [a, &p](context const& c) {
        std::optional<plan_document> const saved = a->plan.empty() ? std::nullopt : std::optional{read_plan(a->plan)};
        std::string const target_revision = saved ? saved->to : a->target;
        connection db = connect(a->common, c);
        plan_document const now = plan_of(db, p.chain, target_revision);
        if (saved)
            if (auto const why = why_out_of_date(*saved, now))
                throw failure{report::exit_out_of_date,
                              a->plan + ": this plan is out of date: " + *why + ". Nothing was changed; plan again."};
        if (now.direction == "down" && !now.migrations.empty() && !saved)
            throw bad_usage("the database is at " + now.from + ", so " + now.to +
                            " is reached by migrate downgrade, not upgrade.");
        if (std::size_t const losses = losses_of(now); losses > 0)
            confirm(c, a->common,
                    "The way to " + now.to + " has " + detail::number_of(losses, "statement") +
                        " after which rows or values are gone (" + p.name + " migrate plan shows them).");
        interrupt_guard const guard;
        detail::run_display display{c, a->common};
        migrate::options const how = detail::options_of(*a, display);
        detail::say_end(c, a->common,
                        now.direction == "down" ? migrate::downgrade(db, p.chain, target_revision, how)
                                                : migrate::upgrade(db, p.chain, target_revision, how));
        return report::exit_clean;
    });
}

/// Adds `migrate downgrade`.
inline void add_migrate_downgrade(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments : detail::run_arguments {
        std::string target;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand("downgrade", "bring the database back to an older revision");
    command->add_option("REV", a->target, "a revision, or base for an empty database")->required();
    add_common(*command, a->common, text_only);
    detail::add_wait(*command, *a);
    detail::add_down_safety(*command, *a);
    command->footer("Examples:\n  " + p.name + " migrate downgrade 007_federation --yes\n  " + p.name +
                    " migrate downgrade base --yes --force --export ./rescued\n\n"
                    "Rows that no migration made are not dropped without --force; the refusal counts them.");
    slot.on(*command, [a, &p](context const& c) {
        connection db = connect(a->common, c);
        plan_document const now = plan_of(db, p.chain, a->target);
        if (now.direction == "up" && !now.migrations.empty())
            throw bad_usage("the database is at " + now.from + ", so " + now.to +
                            " is reached by migrate upgrade, not downgrade.");
        if (!now.migrations.empty())
            confirm(c, a->common,
                    "This takes back " + detail::number_of(now.migrations.size(), "migration") + ", from " + now.from +
                        " to " + now.to + "; " + detail::number_of(losses_of(now), "statement") +
                        " of it drop what is there.");
        interrupt_guard const guard;
        detail::run_display display{c, a->common};
        detail::say_end(c, a->common, migrate::downgrade(db, p.chain, a->target, detail::options_of(*a, display)));
        return report::exit_clean;
    });
}

/// Adds `migrate redo`.
inline void add_migrate_redo(CLI::App& migrate, program const& p, command_slot& slot) {
    auto const a = std::make_shared<detail::run_arguments>();
    CLI::App* command = migrate.add_subcommand("redo", "take the newest applied migration back and apply it again");
    add_common(*command, a->common, text_only);
    detail::add_wait(*command, *a);
    detail::add_down_safety(*command, *a);
    command->footer("For the author of a migration, on a database of his own.\n\nExample:\n  " + p.name +
                    " migrate redo --yes");
    slot.on(*command, [a, &p](context const& c) {
        connection db = connect(a->common, c);
        migrate::status_t const now = migrate::status(db, p.chain);
        if (now.trouble) throw migrate::refused{*now.trouble};
        if (now.applied.empty()) throw could_not("No migration is applied, so there is none to redo.");
        std::string const before = now.applied.size() < 2 ? "base" : now.applied[now.applied.size() - 2].revision;
        confirm(c, a->common, "This takes " + now.current + " back, with what it created, and applies it again.");
        interrupt_guard const guard;
        detail::run_display display{c, a->common};
        migrate::options const how = detail::options_of(*a, display);
        static_cast<void>(migrate::downgrade(db, p.chain, before, how));
        detail::say_end(c, a->common, migrate::upgrade(db, p.chain, now.current, how));
        return report::exit_clean;
    });
}

}  // namespace sark::cli
