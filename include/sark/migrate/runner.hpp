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
#include <sark/migrate/detail/migration_run.hpp>
#include <sark/migrate/detail/run_lock.hpp>
#include <sark/migrate/detail/run_session.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/lost_rows.hpp>
#include <sark/migrate/options.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Tells where a database stands.
struct status_t {
    std::string current;               ///< newest revision, `base` for none, empty when the ledger is unreadable
    std::string head;                  ///< newest revision of the chain
    std::vector<ledger_row> applied;   ///< oldest first; the last one may be unfinished
    std::vector<std::string> pending;  ///< what an upgrade to head would run, oldest first
    std::optional<problem> trouble;    ///< why no upgrade is possible
    history_state state = history_state::clean;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Holds the fence of the ledger while a run writes: makes the ledger, puts the run's token there, takes it away.
class run_fence {
public:
    run_fence(sark::connection& db, std::string token, migrate::options const& how)
        : db_{db}, token_{std::move(token)}, how_{how} {
        for (unsigned attempt = 1;; ++attempt) {
            try {
                db_.transaction([&](sark::transaction& tx) { claim(tx); });
                return;
            } catch (sark::error const& cause) {
                if (cause.sqlstate() != "55P03" || attempt >= how_.lock_attempts) throw;
            }
            if (!pause_for(how_.lock_pause, how_))
                throw migrate::cancelled{
                    {}, 0, "sark: the run was cancelled before it changed anything.", error_facts{.sqlstate = "57014"}};
        }
    }
    run_fence(run_fence const&) = delete;
    run_fence& operator=(run_fence const&) = delete;
    ~run_fence() {
        try {
            if (db_.is_open()) leave();
        } catch (...) {  // NOLINT(bugprone-empty-catch): the next run replaces a token that stays
        }
    }

private:
    void limit(session& tx) {
        static_cast<void>(
            tx.query_text("SELECT set_config('lock_timeout', $1, true)", {std::to_string(how_.lock_timeout.count())}));
    }
    void claim(sark::transaction& tx) {
        limit(tx);
        // A lock of the transaction as well: CREATE TABLE, with or without IF NOT EXISTS, loses races.
        static_cast<void>(
            tx.query_text("SELECT pg_advisory_xact_lock(1396789836, hashtext(coalesce(current_schema(), '')))"));
        if (!has_ledger(tx)) tx.execute(create_ledger);
        static_cast<void>(tx.query_text(claim_fence, {token_, version_text()}));
    }
    /// Takes the ledger along when it is empty, so that base leaves nothing behind.
    void leave() {
        db_.transaction([&](sark::transaction& tx) {
            limit(tx);
            static_cast<void>(tx.query_text(leave_fence, {token_}));
            if (tx.query_text(R"(SELECT FROM "sark_migrations" LIMIT 1)").empty())
                tx.execute(R"(DROP TABLE "sark_migrations")");
        });
    }

    sark::connection& db_;
    std::string token_;
    migrate::options const& how_;
};

[[nodiscard]] inline migrate::plan_t decide(sark::connection& db, migrate::chain_view migrations,
                                            std::string_view target, migrate::direction allowed) {
    auto decided = migrate::plan(migrations, as_applied(ledger_rows(db)), target, allowed);
    if (auto* why = std::get_if<migrate::problem>(&decided)) throw migrate::refused{std::move(*why)};
    return std::get<migrate::plan_t>(std::move(decided));
}

/// Counts how many revisions of the chain are below a name of one, or `base`.
[[nodiscard]] inline std::size_t height_of(migrate::chain_view chain, std::string_view revision) {
    std::size_t height = 0;
    for (std::size_t i = 0; i < chain.size(); ++i)
        if (chain[i].id == revision) height = i + 1;
    return height;
}

/// Pins the session, locks, decides what is missing, and runs it; a plan in the other direction is refused.
[[nodiscard]] inline migrate::plan_t migrate_to(sark::connection& db, migrate::chain_view migrations,
                                                std::string_view target, migrate::direction allowed,
                                                migrate::options const& how) {
    run_session const pinned{db};
    run_lock lock{db, allowed, how};
    migrate::plan_t const made = decide(db, migrations, target, allowed);
    bool const leaves_nothing = made.to == "base" && has_ledger(db);
    if (!made.migrations.empty() || leaves_nothing) {
        std::vector<loss> const losses = losses_of(migrations, made);
        if (!how.force)
            if (auto const lost = count_losses(db, losses); !lost.empty()) throw migrate::refused{refusal_of(lost)};
        ledger_writer const ledger{migrations, fresh_token(pinned.who())};
        run_fence const fence{db, ledger.run(), how};
        run_context const run{db, made, how, ledger, pinned.who(), losses};
        bool const up = made.way == migrate::direction::up;
        std::size_t const from = height_of(migrations, made.from);
        for (std::size_t i = 0; i < made.migrations.size(); ++i) {
            std::string const newest = up ? (from + i == 0 ? "base" : std::string{migrations[from + i - 1].id})
                                          : std::string{made.migrations[i].id};
            migration_run{run, i, up ? from + i : from - i - 1, newest}.run();
        }
    }
    bool was_held = true;
    try {
        was_held = lock.release();
    } catch (sark::error const& cause) {
        if (!cause.connection_lost()) throw;  // else all of it is committed, and the lock is free
    }
    if (!was_held)
        throw migrate::busy{"sark: the lock of migrations was not this session's when it was given back, so another "
                            "run may have gone on beside this one. Connect to the server itself, without a pooler."};
    return made;
}

/// Records revisions as applied without running them; whether the database is as they would leave it is for the caller
/// to know. The rows that are there have to be the chain's.
inline void record_as_applied(sark::connection& db, migrate::chain_view migrations, std::string_view target,
                              migrate::options const& how = {}) {
    run_session const pinned{db};
    run_lock const lock{db, migrate::direction::up, how};
    migrate::plan_t const made = decide(db, migrations, target, migrate::direction::up);
    if (made.resumes)
        throw migrate::refused{{migrate::problem_kind::unfinished, std::string{made.migrations.front().id},
                                "sark: revision " + quote(made.migrations.front().id) +
                                    " was interrupted on its way up. Finish it by upgrade first."}};
    if (made.migrations.empty()) return;
    ledger_writer const ledger{migrations, fresh_token(pinned.who())};
    run_fence const fence{db, ledger.run(), how};
    std::size_t position = height_of(migrations, made.from);
    db.transaction([&](sark::transaction& tx) {
        if (tx.query_text(lock_fence, {ledger.run()}).at(0).at(0) != "1")
            throw migrate::busy{"sark: another run of migrations took over. Nothing was recorded."};
        for (migrate::migration_view const& m : made.migrations)
            ledger.insert(tx, m, position++, "applied", 0, std::chrono::milliseconds{0});
    });
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Brings a database to `target`, a newer revision of the chain or `head`, one transaction per migration.
///
/// Gives what it ran: nothing when the database is there already. The connection is the run's own until it returns; its
/// settings are pinned meanwhile. Throws `refused` before it changes anything, `busy` when another run does not end,
/// `cancelled` when it was asked to stop, `failed` when a migration fails: then everything before that one stays
/// applied.
inline plan_t upgrade(connection& db, chain_view migrations, std::string_view target = "head",
                      options const& how = {}) {
    return detail::migrate_to(db, migrations, target, direction::up, how);
}

/// Brings a database back to `target`, an older revision of the chain or `base`.
///
/// Refuses, with their number, to drop rows that no migration made, unless `how.force` says so; `how.export_rows` is
/// given them first.
inline plan_t downgrade(connection& db, chain_view migrations, std::string_view target, options const& how = {}) {
    return detail::migrate_to(db, migrations, target, direction::down, how);
}

/// Tells where a database stands, without changing or locking anything.
[[nodiscard]] inline status_t status(connection& db, chain_view migrations) {
    status_t found;
    found.head = migrations.empty() ? "base" : std::string{migrations.back().id};
    try {
        found.applied = detail::ledger_rows(db);
    } catch (refused const& unreadable) {
        found.state = history_state::damaged;
        found.trouble = unreadable.why();
        return found;
    }
    found.current = found.applied.empty() ? "base" : found.applied.back().revision;
    auto const rows = detail::as_applied(found.applied);
    found.state = compare_history(migrations, rows).state;
    auto decided = plan(migrations, rows);
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
