// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/cli/completion.hpp>
#include <sark/cli/context.hpp>
#include <sark/cli/drift.hpp>
#include <sark/cli/failure.hpp>
#include <sark/cli/migrate_adopt.hpp>
#include <sark/cli/migrate_plan.hpp>
#include <sark/cli/migrate_run.hpp>
#include <sark/cli/migrate_show.hpp>
#include <sark/cli/migrate_stamp.hpp>
#include <sark/cli/program.hpp>
#include <sark/cli/schema.hpp>
#include <sark/cli/v1_to_v2.hpp>
#include <sark/cli/validate.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrations/alembic.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/upgrade/verify.hpp>
#include <sark/validate/checks.hpp>

namespace sark::cli::detail {

/// Adds the command that writes the shell's completion: it knows all the others.
inline void add_completion(CLI::App& app, program const& p, command_slot& slot) {
    auto const shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "write the completion of a shell: bash, zsh or fish");
    command->add_option("SHELL", *shell)->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->footer("Examples:\n  source <(" + p.name + " completion bash)\n  " + p.name +
                    " completion zsh > ~/.zfunc/_" + p.name + "        # a folder of fpath, before compinit\n  " +
                    p.name + " completion fish > ~/.config/fish/completions/" + p.name + ".fish");
    slot.on(*command, [shell, &app, &p](context const& c) {
        put(c, completion(app, p.name, *shell));
        return report::exit_clean;
    });
}

inline void add_commands(CLI::App& app, program const& p, command_slot& slot) {
    app.require_subcommand(1);
    app.set_version_flag("--version", p.name + " " + p.version);
    app.footer("Exit codes: 0 clean, 1 findings, 2 critical or could not check, 3 bad usage, 4 another run is busy,\n"
               "5 plan out of date. Data goes to stdout, talk to stderr.\n\nExamples:\n  " +
               p.name + " migrate status\n  " + p.name + " migrate plan\n  " + p.name + " migrate upgrade\n  " +
               p.name + " drift --format html --output drift.html");
    CLI::App* const migrate = app.add_subcommand("migrate", "plan, run and check migrations");
    migrate->require_subcommand(1);
    add_migrate_plan(*migrate, p, slot);
    add_migrate_upgrade(*migrate, p, slot);
    add_migrate_downgrade(*migrate, p, slot);
    add_migrate_redo(*migrate, p, slot);
    add_migrate_status(*migrate, p, slot);
    add_migrate_history(*migrate, p, slot);
    add_migrate_sql(*migrate, p, slot);
    add_migrate_stamp(*migrate, p, slot);
    add_migrate_adopt(*migrate, p, slot);
    add_migrate_lint(*migrate, p, slot);
    add_migrate_verify(*migrate, p, slot);
    add_drift(app, p, slot);
    add_validate(app, p, slot);
    add_schema(app, p, slot);
    for (auto const& add : p.more) add(app, p, slot);
    add_completion(app, p, slot);
}

/// Says which command a mistake belongs to, so that the hint helps.
[[nodiscard]] inline std::string path_of(CLI::App const& app, std::string path) {
    for (CLI::App const* sub : app.get_subcommands()) return path_of(*sub, path + " " + sub->get_name());
    return path;
}

/// Gives the exit code of a failure and writes its sentence.
inline int say(context const& c, program const& p, int code, std::string_view sentence) {
    c.out->flush();
    if (sentence.starts_with("sark: ")) sentence.remove_prefix(6);  // the library's own sentences name it already
    *c.err << p.name << ": " << sentence << '\n' << std::flush;
    return code;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Runs the command that the arguments (without the program's name) choose, and gives its exit code; prints to the
/// streams of the context only.
[[nodiscard]] inline int run(std::vector<std::string> arguments, program const& p, context const& c) {
    CLI::App app{"Migrates, checks and describes the database of " + p.name + ".", p.name};
    command_slot slot;
    detail::add_commands(app, p, slot);
    try {
        std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
        app.parse(std::move(reversed));
    } catch (CLI::ParseError const& e) {
        if (e.get_exit_code() == 0) return app.exit(e, *c.out, *c.err);  // --help, --version
        std::string const path = detail::path_of(app, p.name);
        // The parser misses a command where it did not know the word in its place.
        std::vector<std::string> const unknown = app.remaining(true);
        if (e.get_name() == "RequiredError" && !unknown.empty())
            return detail::say(c, p, report::exit_bad_usage,
                               "there is no command " + path.substr(p.name.size() + (path == p.name ? 0 : 1)) +
                                   (path == p.name ? "" : " ") + unknown.front() + ".\nSee: " + path + " --help");
        return detail::say(c, p, report::exit_bad_usage, std::string{e.what()} + ".\nSee: " + path + " --help");
    }
    auto const say = [&](int code, std::exception const& e) { return detail::say(c, p, code, e.what()); };
    try {
        int const code = slot.chosen()(c);
        if (c.out->flush()) return code;
        return detail::say(c, p, report::exit_critical, "the output could not be written.");
    } catch (failure const& e) { return say(e.code(), e); } catch (migrate::busy const& e) {
        return say(report::exit_busy, e);
    } catch (migrate::refused const& e) {
        bool const usage = e.why().kind == migrate::problem_kind::unknown_target ||
                           e.why().kind == migrate::problem_kind::wrong_direction;
        return say(usage ? report::exit_bad_usage : report::exit_critical, e);
    } catch (std::exception const& e) { return say(report::exit_critical, e); }
}

/// Runs a program with the arguments of `main`.
[[nodiscard]] inline int run(int count, char const* const* words, program const& p) {
    return run(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count), p, process_context());
}

/// Is a whole `main` for a chain of your own:
/// @code
/// int main(int count, char** words) { return sark::cli::run(count, words, my_chain, "my-service-db"); }
/// @endcode
template <auto const&... Migrations>
[[nodiscard]] int run(int count, char const* const* words, migrate::chain_t<Migrations...> const& chain,
                      std::string name) {
    return run(count, words, program_of(chain, std::move(name)));
}

/// Makes the program for the library's own tables.
[[nodiscard]] inline program own_program() {
    program own = program_of(migrations::chain, "sark", migrations::alembic_ids);
    own.checks = validate::row_checks();
    own.compare = [](connection& db) { return upgrade::findings(upgrade::verify(db)); };
    own.more = {add_v1_to_v2};
    return own;
}

/// Is the whole `main` of the program for the library's own tables.
[[nodiscard]] inline int run(int count, char const* const* words) { return run(count, words, own_program()); }

}  // namespace sark::cli
