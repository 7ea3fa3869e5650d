// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sark/compare/rows.hpp>
#include <sark/db/connection.hpp>
#include <sark/upgrade/detail/findings.hpp>
#include <sark/upgrade/detail/moves.hpp>
#include <sark/upgrade/detail/state.hpp>
#include <sark/upgrade/options.hpp>
#include <sark/upgrade/result.hpp>

namespace sark::upgrade::detail {

enum class manner { scan, write };

/// Adds the keys of an array in the server's spelling, `{a,b}`: uuids need no quotes.
inline void append_keys(std::vector<std::string>& keys, std::string_view array, std::size_t most) {
    array = array.substr(1, array.size() - 2);
    while (!array.empty() && keys.size() < most) {
        std::size_t const comma = array.find(',');
        keys.emplace_back(array.substr(0, comma));
        array = comma == std::string_view::npos ? std::string_view{} : array.substr(comma + 1);
    }
}

/// Gives what the hashes of this server begin with: those of another major version say nothing here.
[[nodiscard]] inline std::string hash_mark(session& db) {
    return db.query_text("SELECT 'h' || current_setting('server_version_num')::integer / 10000 || ':'")
        .at(0)
        .at(0)
        .value_or("");
}

/// Walks both tables of v1 in the order of their keys, decides about each row and, where it may, does it.
///
/// A scan, a dry run and a run are this one class: they differ in whether it writes, and in what the caller does with
/// the transaction. Without a transaction of the caller's each batch has its own.
class mover {
public:
    mover(sark::connection& db, options const& how, manner mode, run_row& row, transaction* outer)
        : db_{db}, how_{how}, writes_{mode == manner::write}, row_{row}, outer_{outer} {}

    /// Runs to the end, true, or to a pause, false.
    bool run(std::string_view phase) {
        phase_ = phase;
        started_ = std::chrono::steady_clock::now();
        read([&](session& db) {
            mark_ = hash_mark(db);
            for (move const* of : moves)
                total_ += number(db.query_text(compare::detail::count_text(of->sides)).at(0).at(0));
        });
        std::size_t const passes = writes_ ? how_.catch_up + 1 : 1;
        for (;; ++row_.pass, row_.place = 0) {
            if (row_.pass > 0) phase_ = "catch up";
            read([&](session& db) {
                since_ = db.query_text("SELECT pg_snapshot_xmin(pg_current_snapshot())::xid").at(0).at(0).value_or("0");
            });
            if (row_.place == 0 && !row_.checkpoint) {
                std::erase_if(row_.counts, [](auto const& count) { return count.first[2] != '='; });
                written_ = 0;
                keys_.clear();
            }
            for (; row_.place < moves.size(); ++row_.place, row_.checkpoint.reset())
                if (!walk(*moves[row_.place])) return false;
            if (!interrupted_ && (written_ == 0 || !writers_came())) break;
            interrupted_ = false;
            if (static_cast<std::size_t>(row_.pass) + 1 >= passes) break;
        }
        return true;
    }

    void resumed() { interrupted_ = true; }

    void fill(run_result& result) {
        result.servers = counts(0);
        result.tools = counts(1);
        result.batches = row_.batches;
        result.passes = row_.pass + 1;
        for (auto const& [name, rows] : row_.counts)
            if (char const kind = name[2];
                kind == '!' || kind == '#' || name.ends_with("/kept") || name.ends_with("/gone"))
                if (rows > 0) add_finding(result, name, rows);
        read([&](session& db) { add_deleted(result, db); });
    }

private:
    using clock = std::chrono::steady_clock;

    template <class F>
    void unit(F&& f) {
        if (outer_ != nullptr) {
            outer_->nested([&](transaction& tx) { f(tx); });
        } else {
            db_.transaction([&](transaction& tx) {
                prepare(tx);
                // A crash of the server takes the last batches and their checkpoints, together: they are done again. What
                // ends or pauses the run waits for the disk, and with it everything before.
                static_cast<void>(tx.query_text("SELECT set_config('synchronous_commit', 'off', true)"));
                f(tx);
            });
        }
    }
    template <class F>
    void read(F&& f) {
        if (outer_ != nullptr)
            f(*outer_);
        else
            f(db_);
    }

public:
    void prepare(session& tx) const {
        static_cast<void>(tx.query_text(compare::detail::fixed_session));
        static_cast<void>(
            tx.query_text("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), "
                          // A batch is held once, between the decision and what follows from it.
                          "set_config('work_mem', '32MB', true)",
                          {std::to_string(how_.row_lock_wait.count()), std::to_string(how_.batch_limit.count())}));
    }

private:
    /// Tells whether a row of v1 was written since the pass began: only then another pass can find anything. Looks at the
    /// transaction that made each row's version, which counts in a circle; very old ones may look new, never the reverse.
    bool writers_came() {
        bool came = false;
        read([&](session& db) {
            for (move const* of : moves)
                came = came || db.query_text("SELECT EXISTS (SELECT FROM \"" + std::string{of->sides.source} +
                                                 "\" AS s WHERE age(s.xmin) <= age($1::xid))",
                                             {since_})
                                       .at(0)
                                       .at(0) == "t";
        });
        return came;
    }

    bool walk(move const& of) {
        std::optional<std::string> upto;
        read([&](session& db) {
            auto const last = db.query_text("SELECT \"id\" FROM \"" + std::string{of.sides.source} +
                                            "\" ORDER BY \"id\" DESC LIMIT 1");
            if (!last.empty()) upto = last.at(0).at(0);
        });
        if (!upto) return true;
        std::string const text = writes_ ? move_text(of) : scan_text(of);
        std::string const plain_text = new_text(of);
        bool looks = true;  // at each row before it writes
        if (writes_ && row_.pass == 0) looks = !(fresh_[row_.place] = nothing_known(of));
        int mistakes = 0;
        std::string const bound = compare::detail::bound_text(of.sides);
        std::size_t rows = std::clamp<std::size_t>(size_, 1, how_.largest_batch);
        for (std::size_t attempt = 1;;) {
            if (how_.pause && how_.pause()) {
                if (writes_ && outer_ != nullptr) row_.save(*outer_, "paused");
                if (writes_ && outer_ == nullptr) db_.transaction([&](transaction& tx) { row_.save(tx, "paused"); });
                return false;
            }
            auto const begun = clock::now();
            std::optional<std::string> end;
            // What the batch changes in memory counts once it is committed.
            run_row next = row_;
            batch_rows counted;
            try {
                unit([&](session& db) {
                    auto const found = db.query_text(bound, {row_.checkpoint, upto, std::to_string(rows - 1)});
                    if (found.empty() && rows == 1) return;
                    end = found.empty() ? upto : found.at(0).at(0);
                    counted = batch(db, of, looks ? text : plain_text, !looks, *end, next);
                    next.checkpoint = end;
                    ++next.batches;
                    if (writes_) next.save(db);
                });
            } catch (sark::error const& cause) {
                if (!end || cause.connection_lost() || cause.in_doubt()) throw;
                bool const is_temporary = cause.sqlstate() == "57014" || cause.sqlstate() == "55P03" ||
                                          cause.retryable();
                std::string_view const kind = std::string_view{cause.sqlstate()}.substr(0, 2);
                bool const is_of_a_row = kind == "22" || kind == "23" || kind == "54";
                if (!is_temporary && !is_of_a_row) throw;
                if (is_of_a_row && !looks) {
                    looks = true;
                    ++mistakes;
                    continue;
                }
                if (is_temporary && ++attempt > how_.attempts) throw;
                if (is_temporary)
                    std::this_thread::sleep_for(std::chrono::milliseconds{10} * (attempt * attempt));
                else if (rows == 1)
                    set_aside(of, *end, cause);
                rows = std::max<std::size_t>(1, rows / 2);
                continue;
            }
            if (!end) return true;
            attempt = 1;
            // A few rows of others among a million are worth another try, not more.
            if (mistakes > 0 && mistakes < 4) looks = false;
            written_ += counted.written;
            row_ = std::move(next);
            finish_batch(of, counted.read, begun, rows);
            if (end == upto) return true;
        }
    }

    /// Is this the first run that moves rows of this table? Then none of them has to be looked up.
    bool nothing_known(move const& of) {
        bool known = true;
        read([&](session& db) { known = db.query_text(known_text(of), {row_.run_id}).at(0).at(0) == "t"; });
        return !known;
    }

    void finish_batch(move const& of, std::int64_t read_rows, clock::time_point begun, std::size_t& rows) {
        auto const took = clock::now() - begun;
        // Twice the rows are to stay below 200 ms.
        if (took < std::chrono::milliseconds{100} && static_cast<std::size_t>(read_rows) == rows)
            rows = std::min(rows * 2, how_.largest_batch);
        else if (took > std::chrono::milliseconds{200})
            rows = std::max<std::size_t>(rows / 2, 50);
        size_ = rows;
        done_ += read_rows;
        if (how_.report) {
            std::chrono::duration<double> const so_far = clock::now() - started_;
            double const rate = so_far.count() > 0 ? static_cast<double>(done_) / so_far.count() : 0;
            progress now{.phase = phase_, .table = of.sides.actual, .done = done_, .total = total_};
            now.rows_per_second = rate;
            if (rate > 0 && done_ <= total_)
                now.left = std::chrono::duration<double>{static_cast<double>(total_ - done_) / rate};
            now.batch = static_cast<std::size_t>(read_rows);
            now.took = took;
            how_.report(now);
        }
        if (how_.share < 1 && outer_ == nullptr)
            std::this_thread::sleep_for(took * (1 / std::max(how_.share, 0.01) - 1));
    }

    struct batch_rows {
        std::int64_t read = 0;
        std::int64_t written = 0;
    };

    /// Decides and does one range.
    batch_rows batch(session& db, move const& of, std::string const& text, bool plain, std::string const& end,
                     run_row& next) {
        text_row values{row_.checkpoint,
                        end,
                        std::to_string(how_.deepest_document),
                        std::to_string(how_.largest_document),
                        std::to_string(how_.longest_number),
                        mark_};
        if (!plain) values.emplace_back(how_.edits == edits::overwrite ? "true" : "false");
        if (writes_) values.emplace_back(row_.run_id);
        batch_rows counted;
        std::string const place = std::to_string(row_.place) + "/";
        for (auto const& row : db.query_text(text, values)) {
            std::string const& what = row.at(0).value();
            std::int64_t const rows = number(row.at(1));
            if (rows == 0) continue;
            if (what == "=again") {
                static_cast<void>(db.query_text(again_text(of), {row.at(2)}));
                continue;
            }
            next.counts[place + what] += rows;
            if (what[0] != '=' && what[0] != '#') counted.read += rows;
            if (plain && what == "insert") next.counts[place + "=inserted"] += rows;  // all of them, or it had failed
            if (what == "adopt") next.counts[place + "=adopted"] += rows;
            if (what == "=inserted" || what == "=updated" || what == "adopt" || (plain && what == "insert"))
                counted.written += rows;
            if (row.at(2)) remember(place + what, *row.at(2));
        }
        return counted;
    }

    void remember(std::string const& name, std::string_view array) { append_keys(keys_[name], array, how_.named); }

    /// The server refused this row, alone: it is quarantined with the server's code, and what it names.
    void set_aside(move const& of, std::string const& id, sark::error const& cause) {
        std::string const reason = "server-" + cause.sqlstate();
        std::string detail;
        if (!cause.constraint().empty()) detail = "constraint " + cause.constraint();
        if (!cause.column().empty()) detail += (detail.empty() ? "column " : ", column ") + cause.column();
        run_row next = row_;
        next.checkpoint = id;
        ++next.counts[std::to_string(row_.place) + "/!" + reason];
        if (writes_)
            unit([&](session& db) {
                static_cast<void>(db.query_text(set_aside_text(of), {id, reason, row_.run_id, detail}));
                next.save(db);
            });
        remember(std::to_string(row_.place) + "/!" + reason, "{" + id + "}");
        row_ = std::move(next);
        ++done_;
    }

    [[nodiscard]] table_counts counts(std::size_t place) const {
        table_counts of{.source_table = std::string{moves[place]->sides.source},
                        .target_table = std::string{moves[place]->sides.actual}};
        for (auto const& [name, rows] : row_.counts) {
            if (name.substr(0, 2) != std::to_string(place) + "/") continue;
            std::string const what = name.substr(2);
            if (what[0] == '#') continue;
            if (what[0] != '=') of.source += rows;
            if (what[0] == '!') of.quarantined[what.substr(1)] = rows;
            if (what == (writes_ ? "=inserted" : "insert")) of.inserted = rows;
            if (what == (writes_ ? "=updated" : "update")) of.updated = rows;
            if (what == (writes_ ? "=adopted" : "adopt")) of.adopted = rows;
            if (what == "unchanged") of.unchanged = rows;
            if (what == "kept") of.kept = rows;
            if (what == "gone") of.gone = rows;
        }
        return of;
    }

    void add_finding(run_result& result, std::string const& name, std::int64_t rows) const {
        bool const is_quarantined = name[2] == '!';
        std::string const what = name.substr(is_quarantined || name[2] == '#' ? 3 : 2);
        std::string_view const table = moves[static_cast<std::size_t>(name[0] - '0')]->sides.source;
        auto const keys = keys_.find(name);
        result.findings.push_back(finding_of(what, table, rows,
                                             keys == keys_.end() ? std::vector<std::string>{} : keys->second,
                                             is_quarantined && writes_));
    }

    void add_deleted(run_result& result, session& db) const {
        for (std::size_t place = 0; place < moves.size(); ++place) {
            move const* of = moves[place];
            std::string const source{of->sides.source};
            // Of rows that all were brought by this pass some can only have gone where fewer are left.
            if (fresh_[place] && row_.pass == 0)
                if (number(db.query_text(compare::detail::count_text(of->sides)).at(0).at(0)) == counts(place).source)
                    continue;
            auto const found = db.query_text(
                "SELECT count(*), (array_agg(p.\"source_id\"))[1:20]::text[] FROM \"migrated_rows\" AS p "
                "JOIN \"" +
                std::string{of->sides.actual} +
                "\" AS t ON t.\"id\" = p.\"target_id\" "
                "WHERE p.\"target_table\" = '" +
                std::string{of->sides.actual} + "' AND NOT EXISTS (SELECT FROM \"" + source +
                "\" AS s WHERE s.\"id\" = p.\"source_id\")");
            if (std::int64_t const rows = number(found.at(0).at(0)); rows > 0) {
                std::vector<std::string> keys;
                append_keys(keys, found.at(0).at(1).value_or("{}"), how_.named);
                result.findings.push_back(finding_of("source-gone", source, rows, keys, false));
            }
        }
    }

    static std::int64_t number(std::optional<std::string> const& text) { return compare::detail::number(text); }

    sark::connection& db_;
    options const& how_;
    bool writes_;
    run_row& row_;
    transaction* outer_;
    std::string_view phase_;
    std::string mark_;
    std::string since_;  // transaction at which this pass began
    std::map<std::string, std::vector<std::string>> keys_;
    std::int64_t written_ = 0;                // in this pass
    std::array<bool, moves.size()> fresh_{};  // all known rows of a table were brought by this run
    bool interrupted_ = false;                // what a dead process wrote in this pass is not known
    std::int64_t done_ = 0;
    std::int64_t total_ = 0;
    std::size_t size_ = how_.first_batch;
    clock::time_point started_{};
};

}  // namespace sark::upgrade::detail
