// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/control.hpp>
#include <sark/db/notice.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/detail/concurrent_index.hpp>
#include <sark/migrate/detail/run_lock.hpp>
#include <sark/migrate/detail/run_session.hpp>
#include <sark/migrate/detail/settle.hpp>
#include <sark/migrate/detail/statement_kind.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/lost_rows.hpp>
#include <sark/migrate/options.hpp>
#include <sark/migrate/plan.hpp>

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

/// Is what the migrations of one run share.
struct run_context {
    sark::connection& db;
    migrate::plan_t const& plan;
    migrate::options const& how;
    ledger_writer const& ledger;
    backend_identity who;
    std::vector<loss> const& losses;
};

/// Runs one migration of a plan: each of its segments, most have one, in a transaction with its row of the ledger.
class migration_run {
public:
    /// `applied`: how many revisions of the chain are applied before it, up or down.
    migration_run(run_context const& run, std::size_t place, std::size_t applied, std::string expected)
        : run_{run},
          place_{place},
          applied_{applied},
          expected_{std::move(expected)},
          migration_{run.plan.migrations[place]},
          statements_{up() ? migration_.up : migration_.down},
          is_resumed_{place == 0 && run.plan.resumes},
          is_recorded_{is_resumed_},
          done_{is_resumed_ ? run.plan.progress : 0},
          heard_{run.db, [this](sark::server_notice const& n) { hear(n); }} {}
    migration_run(migration_run const&) = delete;
    migration_run& operator=(migration_run const&) = delete;

    void run() {
        std::vector<segment> const parts = segments_of(statements_);
        std::size_t const first = done_;
        for (segment const& part : parts) {
            if (part.end <= first && !(part.end == 0 && first == 0)) continue;
            try {
                if (part.in_transaction)
                    run_inside(part);
                else
                    run_outside(part);
            } catch (migrate::failed const&) { throw; } catch (migrate::refused const&) {
                throw;
            } catch (migrate::busy const&) { throw; } catch (sark::error const& cause) {
                give_up(cause);
            }
            at_ = 0;
        }
        report(statements_.size(), {}, {}, migrate::progress_kind::committed);
        heard_.rethrow();
    }

private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] bool up() const { return run_.plan.way == migrate::direction::up; }
    [[nodiscard]] bool is_last(segment const& part) const { return part.end == statements_.size(); }

    // ---- within transactions

    void run_inside(segment const& part) {
        with_retries([&] {
            auto const started = clock::now();
            in_transaction([&](sark::transaction& tx) {
                if (!up()) keep_or_lose(tx);
                for (std::size_t i = part.begin; i < part.end; ++i) execute(tx, i);
                at_ = 0;
                record(tx, part, std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - started));
            });
        });
        now_done(part);
    }

    /// Runs `f` behind the fence. A commit without an answer is looked for, never guessed.
    template <class F>
    void in_transaction(F const& f) {
        std::string number;
        done_timeout_ = std::chrono::milliseconds{-1};
        try {
            run_.db.transaction([&](sark::transaction& tx) {
                set_timeouts(tx, run_.how.statement_timeout);
                number = pass_fence(tx);
                f(tx);
                check_stop();
            });
        } catch (sark::error const& cause) {
            if (!cause.in_doubt()) throw;
            switch (settle(run_.db, run_.who, number, run_.how.settle_wait)) {
                case fate::committed:
                    throw migrate::interrupted{migration_.id, 0,
                                               "sark: the connection was lost, and what migration " +
                                                   quote(migration_.id) +
                                                   " did last is committed. Run again to go on from there.",
                                               without_doubt(cause)};
                case fate::rolled_back:
                    throw migrate::failed{migration_.id, 0,
                                          "sark: the connection was lost while migration " + quote(migration_.id) +
                                              " was committed, and it was rolled back. Run again.",
                                          without_doubt(cause)};
                case fate::unknown: break;
            }
            throw migrate::failed{migration_.id, 0,
                                  "sark: the connection was lost while migration " + quote(migration_.id) +
                                      " was committed, and the server could not be asked whether it was. Run again "
                                      "once it answers: the next run finds out.",
                                  cause};
        }
    }

    /// Locks the fence; gives the transaction's number. Stops a run that lost its lock, and one that decided on another
    /// history than there is.
    std::string pass_fence(sark::transaction& tx) {
        auto const row = tx.query_text(lock_fence, {run_.ledger.run()}).at(0);
        if (row.at(0) != "1")
            throw migrate::busy{"sark: another run of migrations took over, because this one's session seemed to be "
                                "gone. Nothing more was changed here; see how the other one ends."};
        std::string const& expected = is_recorded_ && up() ? std::string{migration_.id} : expected_;
        if (row.at(1).value_or("base") != expected)
            throw migrate::busy{"sark: the database is at " + quote(row.at(1).value_or("base")) + " and not at " +
                                quote(expected) + " any more: somebody else wrote to the ledger. Run again."};
        return row.at(2).value_or("");
    }

    void record(session& tx, segment const& part, std::chrono::milliseconds took) {
        if (!is_last(part)) return set_progress(tx, part.end);
        if (!up())
            run_.ledger.remove(tx, migration_);
        else if (is_recorded_)
            run_.ledger.update(tx, migration_, "applied", 0);
        else
            run_.ledger.insert(tx, migration_, applied_, "applied", 0, took);
    }

    void set_progress(session& tx, std::size_t done) {
        std::string const state = up() ? "building" : "removing";
        if (up() && !is_recorded_)
            run_.ledger.insert(tx, migration_, applied_, state, done, std::chrono::milliseconds{0});
        else
            run_.ledger.update(tx, migration_, state, done);
    }

    void now_done(segment const& part) {
        is_recorded_ = !is_last(part);
        done_ = part.end;
    }

    /// Refuses to drop rows that are not the chain's own, and hands them out before they go.
    void keep_or_lose(sark::transaction& tx) {
        for (loss const& each : run_.losses) {
            if (each.revision != migration_.id) continue;
            bool const exports = static_cast<bool>(run_.how.export_rows.open);
            if (run_.how.force && !exports) continue;
            // First the lock that dropping takes anyway: what is counted now is what is lost.
            tx.execute("LOCK TABLE " + each.quoted_table() + " IN ACCESS EXCLUSIVE MODE");
            migrate::lost_rows const lost = count_loss(tx, each);
            if (lost.rows == 0) continue;
            if (!run_.how.force) throw migrate::refused{refusal_of({lost})};
            export_loss(tx, each, lost, run_.how.export_rows);
        }
    }

    // ---- outside of transactions

    /// Runs one statement that refuses transactions: says so first, does it, looks whether it is done, says so.
    void run_outside(segment const& part) {
        migrate::statement_view const& s = statements_[part.begin];
        concurrent_index const index = concurrent_index_of(s.sql);
        bool const resumed = is_resumed_ && run_.plan.progress == part.begin;
        if (!is_recorded_ || done_ != part.begin)
            with_retries([&] { in_transaction([&](sark::transaction& tx) { set_progress(tx, part.begin); }); });
        bool const is_first = !is_recorded_;
        is_recorded_ = true;
        done_ = part.begin;
        with_retries([&] { do_outside(part, index, resumed, is_first); });
        with_retries(
            [&] { in_transaction([&](sark::transaction& tx) { record(tx, part, std::chrono::milliseconds{0}); }); });
        now_done(part);
    }

    void do_outside(segment const& part, concurrent_index const& index, bool resumed, bool is_first) {
        if (is_done(part, index, resumed)) return;
        try {
            execute(run_.db, part.begin);
            if (index.builds && look_at_index(run_.db, index) != index_shape::right)
                throw sark::error{"sark: the index is not as it was asked for. Look for an event trigger, or another "
                                  "index of that name."};
        } catch (sark::error const&) {
            if (run_.db.is_open()) undo_outside(index, is_first);
            throw;
        }
    }

    /// Tells whether an earlier, interrupted try has done it; takes away what one has left half-done.
    bool is_done(segment const& part, concurrent_index const& index, bool resumed) {
        if (!index.builds && !index.drops) return false;
        switch (look_at_index(run_.db, index)) {
            case index_shape::absent: return index.drops && resumed;
            case index_shape::right: return index.builds && resumed;
            case index_shape::invalid:
                report(part.begin, statements_[part.begin].step, statements_[part.begin].sql,
                       migrate::progress_kind::rebuilding);
                sark::execute_stoppable(run_.db, drop_of_remains(run_.db, index), stop_question(run_.how));
                return false;
            case index_shape::different: break;
        }
        throw migrate::failed{
            migration_.id, part.begin + 1,
            "sark: migration " + quote(migration_.id) + " builds index " + std::string{index.name} +
                ", and there is another index of that name with another definition. Rename or drop that one.",
            error_facts{.sqlstate = "42P07", .table = std::string{index.table}}};
    }

    /// Leaves no invalid index behind, and no row that says something was begun, where nothing else was.
    void undo_outside(concurrent_index const& index, bool is_first) {
        try {
            if (index.builds && look_at_index(run_.db, index) == index_shape::invalid) {
                // It waits for whoever the build waited for, and a run that was cancelled shall end: the next one can.
                std::string const drop = drop_of_remains(run_.db, index);
                static_cast<void>(run_.db.query_text("SELECT set_config('lock_timeout', $1, false)",
                                                     {std::to_string(run_.how.lock_timeout.count())}));
                try {
                    run_.db.execute(drop);
                } catch (sark::error const&) {
                    if (run_.db.is_open()) run_.db.execute("SET lock_timeout = 0");
                    throw;
                }
                run_.db.execute("SET lock_timeout = 0");
            }
            bool const intact = index.builds || (index.drops && look_at_index(run_.db, index) == index_shape::right);
            if (!is_first || done_ != 0 || !intact) return;
            in_transaction([&](sark::transaction& tx) {
                up() ? run_.ledger.remove(tx, migration_) : run_.ledger.update(tx, migration_, "applied", 0);
            });
            is_recorded_ = false;
        } catch (sark::error const&) {  // NOLINT(bugprone-empty-catch): the next run finds the row and looks again
        }
    }

    // ---- both

    void execute(session& db, std::size_t i) {
        migrate::statement_view const& s = statements_[i];
        check_stop();
        report(i, s.step, s.sql, migrate::progress_kind::statement);
        at_ = i + 1;
        if (s.cost.needs_transaction) {
            bool const slow = s.cost.rewrites || s.cost.scans || s.cost.lock == migrate::lock_level::row_exclusive;
            set_timeouts(db, slow ? run_.how.long_statement_timeout : run_.how.statement_timeout);
        }
        sark::execute_stoppable(db, s.sql, stop_question(run_.how));
        heard_.rethrow();
    }

    void set_timeouts(session& db, std::chrono::milliseconds statement) {
        if (done_timeout_ == statement && db_of_timeout_ == &db) return;
        static_cast<void>(
            db.query_text("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)",
                          {std::to_string(run_.how.lock_timeout.count()), std::to_string(statement.count())}));
        done_timeout_ = statement;
        db_of_timeout_ = &db;
    }

    void check_stop() {
        if (stop_wanted(run_.how)) stopped(error_facts{.sqlstate = "57014"});
    }
    [[noreturn]] void stopped(error_facts const& facts) {
        throw migrate::cancelled{migration_.id, at_,
                                 "sark: the run was cancelled in migration " + quote(migration_.id) +
                                     (done_ == 0 ? ", of which nothing is applied."
                                                 : ", of which " + std::to_string(done_) + " of " +
                                                       std::to_string(statements_.size()) +
                                                       " statements are done. Run again to go on from there."),
                                 facts};
    }

    /// Repeats what got no lock in time, the whole transaction, with growing pauses.
    template <class F>
    void with_retries(F const& f) {
        auto pause = run_.how.lock_pause;
        for (unsigned attempt = 1;;
             ++attempt, pause = std::min<std::chrono::milliseconds>(pause * 3 / 2, std::chrono::seconds{10})) {
            try {
                return f();
            } catch (migrate::failed const&) { throw; } catch (sark::error const& cause) {
                bool const again = cause.sqlstate() == "55P03" || cause.sqlstate() == "40P01";
                if (!again || cause.connection_lost() || attempt >= run_.how.lock_attempts) throw;
                if (run_.how.report)
                    report(at_ == 0 ? 0 : at_ - 1, {}, {}, migrate::progress_kind::retrying,
                           "try " + std::to_string(attempt + 1) + " of " + std::to_string(run_.how.lock_attempts));
            }
            if (!pause_for(pause, run_.how)) stopped(error_facts{.sqlstate = "57014"});
        }
    }

    /// Says where a migration stopped: revision, place, first line of the statement, first line of the server's message.
    [[noreturn]] void give_up(sark::error const& cause) {
        if (cause.sqlstate() == "57014" && stop_wanted(run_.how)) stopped(cause.facts());
        std::string text = "sark: migration " + quote(migration_.id);
        if (at_ == 0) {
            text += " could not be recorded or committed\n" + first_words(cause);
        } else {
            migrate::statement_view const& s = statements_[at_ - 1];
            text += " stopped at statement " + std::to_string(at_) + " of " + std::to_string(statements_.size());
            if (!s.step.empty()) text += " (" + std::string{s.step} + ")";
            text += ": " + std::string{s.sql.substr(0, s.sql.find('\n'))} + "\n" + first_words(cause);
        }
        if (cause.sqlstate() == "55P03")
            text += "\nIt got no lock within lock_timeout, " + std::to_string(run_.how.lock_attempts) +
                    " times. Look for long transactions in pg_stat_activity, or run when it is quiet.";
        if (cause.sqlstate() == "57014")
            text += "\nIt ran into statement_timeout, or somebody cancelled it. Raise options::statement_timeout or "
                    "options::long_statement_timeout.";
        if (done_ != 0)
            text += "\nStatements 1 to " + std::to_string(done_) + " are committed; the next run goes on behind them.";
        throw migrate::failed{migration_.id, at_, text, cause};
    }

    static error_facts without_doubt(sark::error const& cause) {
        error_facts facts = cause.facts();
        facts.in_doubt = false;
        return facts;
    }

    void report(std::size_t statement, std::string_view step, std::string_view sql, migrate::progress_kind kind,
                std::string_view note = {}, std::string_view severity = {}) const {
        if (run_.how.report)
            run_.how.report({run_.plan.way, migration_.id, place_, run_.plan.migrations.size(), statement,
                             statements_.size(), step, sql, kind, note, severity});
    }

    /// Passes on what the server says while a statement runs, or while the migration is recorded and committed.
    void hear(sark::server_notice const& notice) const {
        if (!run_.how.report) return;
        std::string const words = text_of(notice);
        if (at_ == 0) return report(done_, {}, {}, migrate::progress_kind::notice, words, notice.severity);
        migrate::statement_view const& s = statements_[at_ - 1];
        report(at_ - 1, s.step, s.sql, migrate::progress_kind::notice, words, notice.severity);
    }

    run_context const& run_;
    std::size_t place_;
    std::size_t applied_;
    std::string expected_;  // the newest revision in the ledger before this migration
    migrate::migration_view migration_;
    std::span<migrate::statement_view const> statements_;
    bool is_resumed_;
    bool is_recorded_;    // the ledger says that it is under way
    std::size_t done_;    // statements that are committed
    std::size_t at_ = 0;  // number of the statement that runs, 0 between them
    std::chrono::milliseconds done_timeout_{-1};
    session const* db_of_timeout_ = nullptr;
    sark::notice_listener heard_;
};

}  // namespace sark::migrate::detail
