// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/cli/migrate_plan.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/migrate/script.hpp>

namespace sark::cli {

/// Is what `migrate status` says; as JSON its members are the keys.
struct status_document {
    std::string schema_version = "1.0";
    std::string state = {};  ///< clean, behind, ahead, forked, out of order, edited or damaged
    std::string current = {};
    std::string head = {};
    std::vector<std::string> pending = {};
    std::optional<std::string> trouble = {};
};

/// Is what `migrate history` says of one migration.
struct history_line {
    std::string revision = {};
    std::string description = {};
    std::string checksum = {};
    bool reversible = true;
    bool applied = false;
    std::optional<std::string> applied_at = {};
    std::optional<std::string> applied_by = {};
    std::optional<std::string> duration_ms = {};
    std::optional<std::string> library_version = {};
};
struct history_document {
    std::string schema_version = "1.0";
    std::vector<history_line> migrations = {};
};

[[nodiscard]] inline std::string text_of(status_document const& s) {
    std::string out = s.state + ": at " + s.current + ", head is " + s.head + "\n";
    if (s.trouble) out += *s.trouble + "\n";
    for (std::string const& revision : s.pending) out += "  pending  " + revision + "\n";
    return out;
}

[[nodiscard]] inline std::string text_of(history_document const& h) {
    std::size_t width = 0;
    for (history_line const& line : h.migrations) width = std::max(width, line.revision.size());
    std::string out;
    for (history_line const& line : h.migrations) {
        std::string revision = line.revision;
        revision.resize(width, ' ');
        out += (line.applied ? "applied  " : "pending  ") + revision;
        if (line.applied)
            out += "  " + line.applied_at.value_or("") + "  " + line.duration_ms.value_or("?") + " ms  " +
                   line.applied_by.value_or("");
        else
            out += "  " + line.description;
        out += line.reversible ? "\n" : "  (no way back)\n";
    }
    return out;
}

/// Adds `migrate status`.
inline void add_migrate_status(CLI::App& migrate, program const& p, command_slot& slot) {
    auto const a = std::make_shared<common_options>();
    CLI::App* command = migrate.add_subcommand("status", "tell where the database stands");
    add_common(*command, *a, data_kinds);
    command->footer("Exit code 0: at head. 1: behind. 2: the ledger does not fit the chain.\n\nExample:\n  " + p.name +
                    " migrate status --format json");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(*a, data_kinds);
        connection db = connect(*a, c);
        migrate::status_t const now = migrate::status(db, p.chain);
        status_document document{.state = std::string{migrate::text_of(now.state)},
                                 .current = now.current,
                                 .head = now.head,
                                 .pending = now.pending,
                                 .trouble = std::nullopt};
        if (now.trouble) document.trouble = now.trouble->message;
        deliver(*a, c, [&](std::string_view kind, bool) {
            return kind == "json" ? std::string{to_json(document).text()} : text_of(document);
        });
        if (now.trouble) return report::exit_critical;
        return now.pending.empty() ? report::exit_clean : report::exit_findings;
    });
}

/// Adds `migrate history`.
inline void add_migrate_history(CLI::App& migrate, program const& p, command_slot& slot) {
    auto const a = std::make_shared<common_options>();
    CLI::App* command = migrate.add_subcommand("history",
                                               "list the migrations, with when and by whom they were applied");
    add_common(*command, *a, data_kinds);
    command->footer("Example:\n  " + p.name + " migrate history");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(*a, data_kinds);
        connection db = connect(*a, c);
        migrate::status_t const now = migrate::status(db, p.chain);
        history_document document;
        for (migrate::migration_view const& m : p.chain) {
            history_line line{.revision = std::string{m.id},
                              .description = std::string{m.description},
                              .checksum = migrate::checksum(m),
                              .reversible = m.irreversible.empty()};
            auto const row = std::find_if(now.applied.begin(), now.applied.end(),
                                          [&](auto const& r) { return r.revision == m.id; });
            if (row != now.applied.end()) {
                line.applied = true;
                line.applied_at = row->applied_at;
                line.applied_by = row->applied_by;
                line.duration_ms = row->duration_ms;
                line.library_version = row->library_version;
            }
            document.migrations.push_back(std::move(line));
        }
        deliver(*a, c, [&](std::string_view kind, bool) {
            return kind == "json" ? std::string{to_json(document).text()} : text_of(document);
        });
        return report::exit_clean;
    });
}

/// Adds `migrate sql`.
inline void add_migrate_sql(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        std::string range = "base:head";
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand("sql",
                                               "write a range of migrations as a script for psql; needs no server");
    command->add_option("FROM:TO", a->range, "two revisions, base or head; TO before FROM gives the way back")
        ->capture_default_str();
    add_common(*command, a->common, text_only);
    command->footer("Examples:\n  " + p.name + " migrate sql > all.sql\n  " + p.name +
                    " migrate sql 007_federation:head --output 008.sql\n  " + p.name +
                    " migrate sql head:007_federation");
    slot.on(*command, [a, &p](context const& c) {
        auto const colon = a->range.find(':');
        if (colon == std::string::npos)
            throw bad_usage("migrate sql " + a->range + ": a range is written FROM:TO, such as 007_federation:head.");
        std::string const from = a->range.substr(0, colon);
        std::string const to = a->range.substr(colon + 1);
        deliver_text(migrate::script(p.chain, from.empty() ? "base" : from, to.empty() ? "head" : to), a->common, c);
        return report::exit_clean;
    });
}

/// Adds `migrate lint`.
inline void add_migrate_lint(CLI::App& migrate, program const& p, command_slot& slot) {
    struct arguments {
        common_options common;
        int server = 150000;
        std::string today;
    };
    auto const a = std::make_shared<arguments>();
    CLI::App* command = migrate.add_subcommand("lint", "look for migrations that lock, lose or break; needs no server");
    command->add_option("--server-version", a->server, "oldest server the chain runs on, such as 150000");
    command->add_option("--today", a->today, "also report waivers that are past this day, such as 2027-01-31");
    add_common(*command, a->common, report_kinds);
    command->footer("Example:\n  " + p.name + " migrate lint --format sarif --output lint.sarif");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(a->common, report_kinds);
        report::report found{.tool = p.name + " migrate lint", .version = p.version};
        for (migrate::finding const& f : p.lint({.server = a->server, .today = a->today})) {
            std::string subject{f.table};
            if (!f.object.empty()) subject += (subject.empty() ? "" : ".") + std::string{f.object};
            found.findings.push_back({.id = std::string{f.rule},
                                      .severity = detail::severity_of(f.severity),
                                      .subject = std::move(subject),
                                      .what = "migration " + std::string{f.migration} + ": " + std::string{f.sentence},
                                      .why = std::string{f.cure}});
        }
        found.counts.push_back({"migrations", static_cast<std::int64_t>(p.chain.size())});
        return deliver(found, a->common, c);
    });
}

/// Adds `migrate verify`.
inline void add_migrate_verify(CLI::App& migrate, program const& p, command_slot& slot) {
    auto const a = std::make_shared<common_options>();
    CLI::App* command = migrate.add_subcommand(
        "verify", "ask whether everything is applied, the ledger fits the chain, and what it says is really there");
    add_common(*command, *a, report_kinds);
    command->footer("For a deployment's last step or a health check.\n\nExample:\n  " + p.name +
                    " migrate verify --output verify.xml");
    slot.on(*command, [a, &p](context const& c) {
        check_outputs(*a, report_kinds);
        connection db = connect(*a, c);
        report::report found{.tool = p.name + " migrate verify", .version = p.version};
        found.database = db.query_text("SELECT current_database()").at(0).at(0);
        migrate::status_t const now = migrate::status(db, p.chain);
        if (now.trouble) {
            found.findings.push_back({.id = "ledger-" + std::string{migrate::text_of(now.state)},
                                      .severity = report::severity::critical,
                                      .subject = now.trouble->revision,
                                      .what = now.trouble->message});
        } else {
            for (std::string const& revision : now.pending)
                found.findings.push_back({.id = "migration-pending",
                                          .severity = report::severity::error,
                                          .subject = revision,
                                          .what = "migration " + revision + " is not applied.",
                                          .why = "The program's statements may need what it creates."});
            for (report::finding& f : detail::findings_of(p.verify(db), "not-as-recorded"))
                found.findings.push_back(std::move(f));
        }
        found.counts.push_back({"migrations applied", static_cast<std::int64_t>(now.applied.size())});
        return deliver(found, *a, c);
    });
}

}  // namespace sark::cli
