// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include <sark/db/connection.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/options.hpp>

namespace sark::migrate::detail {

/// Holds the session lock that lets one run at a time change a schema; the server drops it when the session dies.
///
/// Waits by asking again outside of any transaction: a blocking wait would hold a snapshot, and an index that the
/// holder builds concurrently would wait for it in turn, a dead-lock (docs/decisions/0012-one-run-at-a-time.md).
class run_lock {
public:
    run_lock(sark::connection& db, migrate::options const& options) : db_{db} {
        auto const deadline = std::chrono::steady_clock::now() + options.lock_wait;
        while (!ask("SELECT pg_try_advisory_lock(1396789835, hashtext(coalesce(current_schema(), '')))")) {
            auto const left = deadline - std::chrono::steady_clock::now();
            if (left <= std::chrono::steady_clock::duration::zero())
                throw migrate::busy{"sark: another migration of this schema is running and did not end in time. "
                                    "Wait for it, or end its session."};
            std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, options.lock_poll));
        }
    }
    run_lock(run_lock const&) = delete;
    run_lock& operator=(run_lock const&) = delete;
    ~run_lock() {
        try {
            static_cast<void>(ask("SELECT pg_advisory_unlock(1396789835, hashtext(coalesce(current_schema(), '')))"));
        } catch (...) {  // NOLINT(bugprone-empty-catch): a session that is gone holds no lock
        }
    }

private:
    bool ask(std::string_view sql) { return db_.query_text(sql).at(0).at(0) == "t"; }

    sark::connection& db_;
};

}  // namespace sark::migrate::detail
