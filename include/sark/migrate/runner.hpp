// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/run_lock.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/options.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Tells where a database stands.
struct status_t {
    std::string current;               ///< revision, `base` for none
    std::string head;                  ///< newest revision of the chain
    std::vector<ledger_row> applied;   ///< oldest first
    std::vector<std::string> pending;  ///< what an upgrade to head would run, oldest first
    std::optional<problem> trouble;    ///< why no upgrade is possible
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Gives the first line of what the server said. It names tables, columns and constraints; values stand in the lines
/// below it, and in the first one of a data exception (class 22), which is therefore left to `server_message()`.
[[nodiscard]] inline std::string first_words(sark::error const& cause) {
    std::string_view const words = cause.server_message();
    if (words.empty()) return cause.what();
    if (cause.sqlstate().starts_with("22"))
        return "A value does not fit (" + cause.sqlstate() + "). See server_message().";
    return std::string{words.substr(0, words.find('\n'))};
}

/// Says where a migration stopped: revision, place, first line of the statement, first line of the server's message.
[[nodiscard]] inline std::string failure_text(migration_view const& m, std::size_t statement, std::size_t statements,
                                              statement_view const& s, sark::error const& cause) {
    std::string text = "sark: migration " + quote(m.id) + " stopped at statement " + std::to_string(statement) +
                       " of " + std::to_string(statements);
    if (!s.step.empty()) text += " (" + std::string{s.step} + ")";
    return text + ": " + std::string{s.sql.substr(0, s.sql.find('\n'))} + "\n" + first_words(cause);
}

/// Runs one migration of a plan: its statements and its row of the ledger in one transaction.
class migration_run {
public:
    migration_run(migrate::plan_t const& plan, std::size_t place, std::size_t applied, migrate::options const& options)
        : plan_{plan},
          place_{place},
          applied_{applied},
          options_{options},
          migration_{plan.migrations[place]},
          statements_{up() ? migration_.up : migration_.down} {}

    void run(sark::connection& db) {
        try {
            if (statements_.size() == 1 && !statements_.front().cost.needs_transaction) {
                auto const started = std::chrono::steady_clock::now();
                execute(db);
                db.transaction([&](sark::transaction& tx) { record(tx, started); });
            } else {
                db.transaction([&](sark::transaction& tx) {
                    auto const started = std::chrono::steady_clock::now();
                    execute(tx);
                    record(tx, started);
                });
            }
        } catch (migrate::failed const&) { throw; } catch (sark::error const& cause) {
            throw migrate::failed{migration_.id, 0,
                                  "sark: migration " + quote(migration_.id) + " could not be recorded or committed\n" +
                                      first_words(cause),
                                  cause};
        }
        report(statements_.size(), {}, {});
    }

private:
    [[nodiscard]] bool up() const { return plan_.way == migrate::direction::up; }

    void execute(session& db) {
        for (std::size_t i = 0; i < statements_.size(); ++i) {
            migrate::statement_view const& s = statements_[i];
            report(i, s.step, s.sql);
            try {
                db.execute(s.sql);
            } catch (sark::error const& cause) {
                throw migrate::failed{migration_.id, i + 1,
                                      failure_text(migration_, i + 1, statements_.size(), s, cause), cause};
            }
        }
    }

    void record(session& db, std::chrono::steady_clock::time_point started) {
        if (up())
            record_up(db, migration_, applied_ + place_, std::chrono::steady_clock::now() - started);
        else
            record_down(db, migration_, applied_ - place_ - 1);
    }

    void report(std::size_t statement, std::string_view step, std::string_view sql) const {
        if (options_.report)
            options_.report(
                {plan_.way, migration_.id, place_, plan_.migrations.size(), statement, statements_.size(), step, sql});
    }

    migrate::plan_t const& plan_;
    std::size_t place_;
    std::size_t applied_;
    migrate::options const& options_;
    migrate::migration_view migration_;
    std::span<migrate::statement_view const> statements_;
};

/// Locks, decides what is missing, and runs it; a plan in the other direction is refused.
[[nodiscard]] inline migrate::plan_t migrate_to(sark::connection& db, migrate::chain_view migrations,
                                                std::string_view target, migrate::direction allowed,
                                                migrate::options const& options) {
    run_lock const lock{db, options};
    std::vector<migrate::applied_revision> const applied = as_applied(ledger_rows(db));
    auto decided = migrate::plan(migrations, applied, target, allowed);
    if (auto* why = std::get_if<migrate::problem>(&decided)) throw migrate::refused{std::move(*why)};
    auto made = std::get<migrate::plan_t>(std::move(decided));
    for (std::size_t i = 0; i < made.migrations.size(); ++i) migration_run{made, i, applied.size(), options}.run(db);
    return made;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Brings a database to `target`, a newer revision of the chain or `head`, one transaction per migration.
///
/// Gives what it ran: nothing when the database is there already. Throws `refused` before it changes anything, `busy`
/// when another run does not end, `failed` when a migration fails: then everything before that one stays applied.
inline plan_t upgrade(connection& db, chain_view migrations, std::string_view target = "head",
                      options const& how = {}) {
    return detail::migrate_to(db, migrations, target, direction::up, how);
}

/// Brings a database back to `target`, an older revision of the chain or `base`. Rows of what is dropped are lost.
inline plan_t downgrade(connection& db, chain_view migrations, std::string_view target, options const& how = {}) {
    return detail::migrate_to(db, migrations, target, direction::down, how);
}

/// Tells where a database stands, without changing or locking anything.
[[nodiscard]] inline status_t status(connection& db, chain_view migrations) {
    status_t found;
    found.applied = detail::ledger_rows(db);
    found.current = found.applied.empty() ? "base" : found.applied.back().revision;
    found.head = migrations.empty() ? "base" : std::string{migrations.back().id};
    auto decided = plan(migrations, detail::as_applied(found.applied));
    if (auto* why = std::get_if<problem>(&decided))
        found.trouble = std::move(*why);
    else
        for (migration_view const& m : std::get<plan_t>(decided).migrations) found.pending.emplace_back(m.id);
    return found;
}

/// Plans the way of a live database to `target`, without running anything.
[[nodiscard]] inline std::variant<plan_t, problem> plan(connection& db, chain_view migrations,
                                                        std::string_view target = "head") {
    return plan(migrations, detail::as_applied(detail::ledger_rows(db)), target);
}

}  // namespace sark::migrate
