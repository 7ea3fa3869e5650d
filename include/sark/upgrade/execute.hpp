// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/upgrade/detail/blockers.hpp>
#include <sark/upgrade/detail/mover.hpp>
#include <sark/upgrade/detail/run_lock.hpp>
#include <sark/upgrade/error.hpp>
#include <sark/upgrade/options.hpp>
#include <sark/upgrade/result.hpp>

namespace sark::upgrade::detail {

/// Leaves a transaction of the library's own without committing it.
struct undone {};

inline void refuse_blockers(std::vector<report::finding>& found) {
    auto const is_critical = [](report::finding const& f) { return f.severity == report::severity::critical; };
    auto const first = std::find_if(found.begin(), found.end(), is_critical);
    if (first == found.end()) return;
    std::string const sentence = "sark: the data migration cannot run: " + first->what +
                                 ". Nothing was written; see why() for all reasons.";
    throw upgrade::refused{sentence, std::move(found)};
}

inline void refuse_finalized(session& db) {
    if (is_finalized(db))
        throw upgrade::refused{"sark: the data migration is finalized: v1 is history. Nothing was written; to open it "
                               "again, clear finalized_at in sark_upgrade_runs."};
}

[[nodiscard]] inline std::int64_t v1_rows(session& db) {
    std::int64_t rows = 0;
    for (move const* of : moves)
        rows += compare::detail::number(db.query_text(compare::detail::count_text(of->sides)).at(0).at(0));
    return rows;
}

[[nodiscard]] inline std::size_t unfit_rows(run_result const& scanned) {
    return static_cast<std::size_t>(scanned.servers.all_quarantined() + scanned.tools.all_quarantined());
}

}  // namespace sark::upgrade::detail

namespace sark::upgrade {

/// Reads every row of v1 and tells what a run would do with it, in a read-only transaction of one snapshot.
///
/// Rows that v2 cannot represent are named by class; what makes a run impossible at all is a critical finding. A tool
/// whose server cannot be moved counts as one that can: `dry_run` knows better.
[[nodiscard]] inline run_result scan(connection& db, options const& how = {}) {
    run_result result;
    auto const started = std::chrono::steady_clock::now();
    db.transaction([&](transaction& tx) {
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        std::vector<report::finding> found = detail::blockers(tx);
        bool const is_blocked = std::any_of(found.begin(), found.end(), [](report::finding const& f) {
            return f.severity == report::severity::critical;
        });
        if (!is_blocked) {
            detail::run_row row;
            detail::mover scanner{db, how, detail::manner::scan, row, &tx};
            scanner.prepare(tx);
            result.complete = scanner.run("scan");
            scanner.fill(result);
        }
        result.findings.insert(result.findings.begin(), std::make_move_iterator(found.begin()),
                               std::make_move_iterator(found.end()));
        result.took_transaction_id = tx.query_text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").at(0).at(0) ==
                                     "t";
    });
    result.one_transaction = true;
    result.took = std::chrono::steady_clock::now() - started;
    return result;
}

}  // namespace sark::upgrade

namespace sark::upgrade::detail {

/// Runs in one transaction; `undo` rolls it back at the end.
[[nodiscard]] inline run_result run_at_once(sark::connection& db, options const& how, bool undo) {
    run_result result;
    try {
        db.transaction([&](transaction& tx) {
            run_row row;
            row.open(tx);
            mover running{db, how, manner::write, row, &tx};
            if (row.resumed) running.resumed();
            running.prepare(tx);
            result.run_id = row.run_id;
            result.resumed = row.resumed;
            result.complete = running.run(undo ? "dry run" : "move");
            if (result.complete) row.save(tx, "done");
            running.fill(result);
            result.took_transaction_id = true;
            if (undo) throw undone{};
        });
    } catch (undone const&) {  // NOLINT(bugprone-empty-catch): rolled back, which was the intent
    }
    result.one_transaction = true;
    return result;
}

[[nodiscard]] inline run_result run_in_batches(sark::connection& db, options const& how) {
    run_result result;
    run_row row;
    db.transaction([&](transaction& tx) { row.open(tx); });
    mover running{db, how, manner::write, row, nullptr};
    if (row.resumed) running.resumed();
    result.run_id = row.run_id;
    result.resumed = row.resumed;
    result.took_transaction_id = true;
    try {
        result.complete = running.run("move");
        if (result.complete) db.transaction([&](transaction& tx) { row.save(tx, "done"); });
    } catch (busy const&) { throw; } catch (...) {
        try {
            db.transaction([&](transaction& tx) { row.save(tx, "failed"); });
        } catch (...) {  // NOLINT(bugprone-empty-catch): the first failure is the one that is reported
        }
        throw;
    }
    running.fill(result);
    return result;
}

/// Is the way of a dry run and of a run: the same checks, the same lock, the same statements.
[[nodiscard]] inline run_result run(sark::connection& db, options const& how, bool undo) {
    auto const started = std::chrono::steady_clock::now();
    std::vector<report::finding> found = blockers(db);
    refuse_blockers(found);
    run_lock const lock{db, how};
    refuse_finalized(db);
    if (how.refuse_unfit) {
        run_result scanned = upgrade::scan(db, how);
        if (unfit_rows(scanned) > 0) {
            std::string const sentence =
                "sark: v2 cannot hold " + std::to_string(unfit_rows(scanned)) +
                " row(s) of v1. Nothing was written; see why() for the rows, correct them, or let a run quarantine "
                "them.";
            throw upgrade::refused{sentence, std::move(scanned.findings)};
        }
    }
    run_result result = undo || v1_rows(db) <= how.one_transaction ? run_at_once(db, how, undo)
                                                                   : run_in_batches(db, how);
    result.findings.insert(result.findings.begin(), found.begin(), found.end());
    result.took = std::chrono::steady_clock::now() - started;
    return result;
}

}  // namespace sark::upgrade::detail

namespace sark::upgrade {

/// Does what `execute` does, in one transaction, and rolls it back: real counts, real errors, named rows.
///
/// It takes the locks of a run and needs room for the rows until it ends; `scan` reads only.
[[nodiscard]] inline run_result dry_run(connection& db, options const& how = {}) { return detail::run(db, how, true); }

/// Brings the rows of v1 into v2: what is missing is inserted, what changed in v1 is updated, nothing else is written.
///
/// Small tables move in one transaction, larger ones in batches whose checkpoint commits with them: a run that was
/// killed, failed or paused is resumed by the next call. Rows that do not fit are quarantined with a reason; the tables
/// of v1 are only read. Writers may go on: passes that catch up follow until one finds nothing.
/// @throws busy when another run does not end in time; refused when nothing could be written
inline run_result execute(connection& db, options const& how = {}) { return detail::run(db, how, false); }

}  // namespace sark::upgrade
