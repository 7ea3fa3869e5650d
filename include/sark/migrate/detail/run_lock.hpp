// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <sark/db/connection.hpp>
#include <sark/migrate/detail/run_session.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/options.hpp>

namespace sark::migrate::detail {

/// Sleeps for a time near `pause`, so that those who met once do not meet again; false when the run shall stop.
[[nodiscard]] inline bool pause_for(std::chrono::milliseconds pause, migrate::options const& how) {
    auto const begin = std::chrono::steady_clock::now();
    // An address and a clock are chance enough, and <random> would cost every program that migrates.
    std::uint64_t const dice = (static_cast<std::uint64_t>(begin.time_since_epoch().count()) ^
                                reinterpret_cast<std::uintptr_t>(&how)) *
                               0x9E37'79B9'7F4A'7C15U;
    auto const end = begin + pause * 3 / 4 + pause * static_cast<int>(dice >> 56U) / 512;
    while (!stop_wanted(how)) {
        auto const left = end - std::chrono::steady_clock::now();
        if (left <= std::chrono::steady_clock::duration::zero()) return true;
        std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, std::chrono::milliseconds{50}));
    }
    return false;
}

/// Holds the session lock that lets one run at a time change a schema; the server drops it when the session dies.
///
/// Waits by asking again outside of any transaction: a blocking wait would hold a snapshot, and an index that the
/// holder builds concurrently waits for all snapshots, a dead-lock (docs/decisions/0012-one-run-at-a-time.md).
class run_lock {
public:
    run_lock(sark::connection& db, migrate::direction way, migrate::options const& how) : db_{db} {
        auto const deadline = std::chrono::steady_clock::now() + how.lock_wait;
        for (bool told = false; !ask("SELECT pg_try_advisory_lock(1396789835, hashtext(coalesce(current_schema(), "
                                     "'')))");
             told = true) {
            if (!told && how.report)
                how.report({way, {}, 0, 0, 0, 0, {}, {}, migrate::progress_kind::waiting, holder()});
            auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline -
                                                                                    std::chrono::steady_clock::now());
            if (left.count() <= 0)
                throw migrate::busy{"sark: another migration of this schema is running and did not end in time. "
                                    "Wait for it, or end its session. It is " +
                                    holder() + "."};
            if (!pause_for(std::min(left, how.lock_poll), how))
                throw migrate::cancelled{
                    {}, 0, "sark: the run was cancelled while it waited for another one.", error_facts{}};
        }
    }
    run_lock(run_lock const&) = delete;
    run_lock& operator=(run_lock const&) = delete;
    ~run_lock() {
        try {
            static_cast<void>(release());
        } catch (...) {  // NOLINT(bugprone-empty-catch): a session that is gone holds no lock
        }
    }

    /// Gives the lock back; false when the server says that this session did not hold it, so that nothing was safe.
    [[nodiscard]] bool release() {
        if (!is_held_) return true;
        is_held_ = false;
        return ask("SELECT pg_advisory_unlock(1396789835, hashtext(coalesce(current_schema(), '')))");
    }

private:
    bool ask(std::string_view sql) { return db_.query_text(sql).at(0).at(0) == "t"; }

    /// Describes who holds the lock: process, program, and since when its session is there.
    [[nodiscard]] std::string holder() {
        auto const rows = db_.query_text(
            "SELECT format('pid %s of %s, application %L, connected for %s s', a.pid, coalesce(a.usename, 'unknown'), "
            "a.application_name, extract(epoch FROM clock_timestamp() - a.backend_start)::bigint) "
            "FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.classid = 1396789835 AND l.objsubid = 2 AND l.granted "
            "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
            "AND l.objid = (hashtext(coalesce(current_schema(), ''))::bigint & 4294967295)::oid");
        return rows.empty() ? "gone by now" : rows[0].at(0).value_or("");
    }

    sark::connection& db_;
    bool is_held_ = true;
};

}  // namespace sark::migrate::detail
