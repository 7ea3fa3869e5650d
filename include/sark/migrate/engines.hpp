// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/notice.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/assertion_asker.hpp>
#include <sark/migrate/detail/engine_adoption.hpp>
#include <sark/migrate/detail/run_lock.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/options.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Says what an engine of the server does not do, though the chain asks it to.
struct engine_finding {
    std::string relation;          ///< table or view
    std::string sentence;          ///< what is missing and what to do
    migrate::severity severity{};  ///< warning: the server's licence refuses it, and the schema does without
    std::string repair;            ///< SQL that makes it, statements ended by semicolons; empty for warnings
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Holds what a chain asks of the engine that a server has.
struct engine_wishes {
    std::vector<adoption_step> steps;
    bool apache = false;  ///< TimescaleDB without what only its community licence has
};

/// Says that a server has both engines, for which no schema is proven.
[[noreturn]] inline void refuse_both_engines() {
    throw migrate::refused{{migrate::problem_kind::two_engines,
                            {},
                            "sark: the server has TimescaleDB and Citus in this database, and the chain is proven for "
                            "one of them. Drop one of the extensions."}};
}

template <auto const&... Migrations>
[[nodiscard]] engine_wishes wishes_of(session& db, migrate::chain_t<Migrations...> const& chain) {
    bool timescale = false;
    bool citus = false;
    for (auto const& row : db.query_text("SELECT extname FROM pg_catalog.pg_extension")) {
        timescale = timescale || row.at(0) == "timescaledb";
        citus = citus || row.at(0) == "citus";
    }
    if (timescale && citus) refuse_both_engines();
    engine_wishes wishes;
    auto const applied = as_applied(ledger_rows(db));
    if ((!timescale && !citus) || applied.empty()) return wishes;
    migrate::history const stands = migrate::compare_history(chain, applied);
    if (auto wrong = problem_of(stands)) throw migrate::refused{std::move(*wrong)};
    if (stands.unfinished)
        throw migrate::refused{{migrate::problem_kind::unfinished, stands.revision,
                                "sark: revision " + quote(stands.revision) +
                                    " was interrupted between two of its transactions. Finish it first."}};
    std::string_view const revision = applied.back().revision;
    wishes.steps = adoption_of(fold(chain, profile::plain, revision),
                               fold(chain, timescale ? profile::timescaledb : profile::citus, revision));
    wishes.apache = timescale &&
                    db.query_text("SELECT coalesce(current_setting('timescaledb.license', true), '')").at(0).at(0) ==
                        "apache";
    return wishes;
}

[[nodiscard]] inline bool holds(session& db, std::string const& condition) {
    return db.query_text("SELECT " + condition).at(0).at(0) == "t";
}

enum class engine_state { there, degraded, missing };

[[nodiscard]] inline engine_state state_of(session& db, adoption_step const& step, bool apache) {
    if (holds(db, step.question)) return engine_state::there;
    bool const degrades = apache && step.by_licence && (step.stand_in.empty() || holds(db, step.stand_in));
    return degrades ? engine_state::degraded : engine_state::missing;
}

[[nodiscard]] inline engine_finding finding_of(adoption_step const& step, engine_state state) {
    engine_finding found{.relation = step.relation, .sentence = {}, .severity = severity::error, .repair = {}};
    if (state == engine_state::degraded) {
        found.severity = severity::warning;
        found.sentence = "sark: " + step.sentence +
                         ": TimescaleDB runs under its Apache licence. Change the licence, then run "
                         "sark::migrate::adopt, or leave it.";
        return found;
    }
    found.sentence = "sark: " + step.sentence +
                     ": the extension came, or got its licence, after the migration ran. Run sark::migrate::adopt.";
    for (auto const* list : {&step.repair, &step.finally})
        for (std::string const& statement : *list) found.repair += statement + ";\n";
    return found;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Tells what the chain asks of the engine that the server has (TimescaleDB or Citus) and is not there; empty on any
/// other server. Reads in one read-only transaction.
///
/// An error is what `adopt` makes, as after CREATE EXTENSION on a database that was migrated before; a warning is what
/// the Apache licence refuses. Throws `refused` when the ledger does not fit the chain.
template <auto const&... Migrations>
[[nodiscard]] std::vector<engine_finding> engine_drift(connection& db, chain_t<Migrations...> const& chain) {
    return detail::in_snapshot(db, [&](transaction& tx) {
        std::vector<engine_finding> found;
        detail::engine_wishes const wishes = detail::wishes_of(tx, chain);
        for (detail::adoption_step const& step : wishes.steps)
            if (auto const state = detail::state_of(tx, step, wishes.apache); state != detail::engine_state::there)
                found.push_back(detail::finding_of(step, state));
        return found;
    });
}

/// Makes what `engine_drift` calls an error: moves the tables of the chain, rows and all, into hypertables or shards of
/// an extension that came after its migrations, and adds what a new licence allows. Gives what it did.
///
/// One transaction under the lock of migrations, in which nobody else can use these tables: all of it or nothing.
/// `how.report` hears who is waited for, and the server's notices.
template <auto const&... Migrations>
std::vector<engine_finding> adopt(connection& db, chain_t<Migrations...> const& chain, options const& how = {}) {
    detail::run_session const pinned{db};
    detail::run_lock const lock{db, direction::up, how};
    std::vector<engine_finding> made;
    notice_listener heard{
        db, [&how](server_notice const& n) {
            if (how.report)
                how.report({direction::up, {}, 0, 0, 0, 0, {}, {}, progress_kind::notice, text_of(n), n.severity});
        }};
    db.transaction([&](transaction& tx) {
        made.clear();
        detail::engine_wishes const wishes = detail::wishes_of(tx, chain);
        std::vector<std::string> finally;
        for (detail::adoption_step const& step : wishes.steps) {
            auto const state = detail::state_of(tx, step, wishes.apache);
            if (state != detail::engine_state::missing) continue;
            for (std::string const& statement : step.repair) tx.execute(statement);
            for (std::string const& statement : step.finally)
                if (std::find(finally.begin(), finally.end(), statement) == finally.end()) finally.push_back(statement);
            made.push_back(detail::finding_of(step, state));
        }
        for (std::string const& statement : finally) tx.execute(statement);
        heard.rethrow();
    });
    return made;
}

}  // namespace sark::migrate
