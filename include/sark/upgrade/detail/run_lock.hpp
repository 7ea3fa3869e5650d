// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include <sark/db/connection.hpp>
#include <sark/upgrade/error.hpp>

namespace sark::upgrade::detail {

/// Holds the session lock that lets one data migration of a schema run at a time; asks outside of any transaction.
///
/// Behind a pooler of transactions two sessions may both believe to hold it; the holder in the row of the run, which
/// each batch checks, ends the one that came first.
class run_lock {
public:
    template <class Options>
    run_lock(sark::connection& db, Options const& options) : db_{db} {
        auto const deadline = std::chrono::steady_clock::now() + options.lock_wait;
        while (!ask("SELECT pg_try_advisory_lock(1396789836, hashtext(coalesce(current_schema(), '')))")) {
            auto const left = deadline - std::chrono::steady_clock::now();
            if (left <= std::chrono::steady_clock::duration::zero()) throw upgrade::busy{sentence()};
            std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, options.lock_poll));
        }
    }
    run_lock(run_lock const&) = delete;
    run_lock& operator=(run_lock const&) = delete;
    ~run_lock() {
        try {
            static_cast<void>(ask("SELECT pg_advisory_unlock(1396789836, hashtext(coalesce(current_schema(), '')))"));
        } catch (...) {  // NOLINT(bugprone-empty-catch): a session that is gone holds no lock
        }
    }

private:
    bool ask(std::string_view sql) { return db_.query_text(sql).at(0).at(0) == "t"; }

    [[nodiscard]] std::string sentence() {
        auto const holder = db_.query_text(
            "SELECT l.pid, coalesce(nullif(a.application_name, ''), 'no name') FROM pg_locks AS l "
            "JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database() "
            "LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid "
            "WHERE l.locktype = 'advisory' AND l.classid = 1396789836 AND l.granted LIMIT 1");
        std::string text = "sark: another data migration of this schema is running";
        if (!holder.empty())
            text += " (server process " + holder[0].at(0).value_or("?") + ", " + holder[0].at(1).value_or("?") + ")";
        return text + ". Wait for it, or end its session; a run that was ended resumes.";
    }

    sark::connection& db_;
};

}  // namespace sark::upgrade::detail
