// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include <sark/db/connection.hpp>
#include <sark/db/control.hpp>
#include <sark/migrate/detail/run_session.hpp>

namespace sark::migrate::detail {

enum class fate { committed, rolled_back, unknown };

/// Waits until the backend that was told to commit is gone, and ends it when it lingers: only then the ledger is the
/// truth. An orphaned backend can stay as long as its network believes in its client.
[[nodiscard]] inline bool is_gone(sark::connection& db, backend_identity const& who, bool end_it) {
    text_row const person{who.pid, who.started};
    constexpr std::string_view alive =
        "FROM pg_catalog.pg_stat_activity WHERE pid = $1::integer AND backend_start::text = $2";
    if (db.query_text("SELECT 1 " + std::string{alive}, person).empty()) return true;
    if (end_it) static_cast<void>(db.query_text("SELECT pg_terminate_backend(pid) " + std::string{alive}, person));
    return false;
}

/// Finds out whether a transaction whose commit got no answer was committed; asks until the deadline.
///
/// The server knows that of every transaction by its number, whatever other runs have done to the ledger since.
[[nodiscard]] inline fate settle(sark::connection& lost, backend_identity const& who, std::string const& transaction,
                                 std::chrono::milliseconds wait) {
    auto const begin = std::chrono::steady_clock::now();
    constexpr auto grace = std::chrono::milliseconds{200};
    while (std::chrono::steady_clock::now() - begin < wait) {
        try {
            sark::connection db = sark::connect_again(lost);
            while (!is_gone(db, who, std::chrono::steady_clock::now() - begin > grace)) {
                if (std::chrono::steady_clock::now() - begin > wait) return fate::unknown;
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            }
            std::string const status =
                db.query_text("SELECT txid_status($1::bigint)", {transaction}).at(0).at(0).value_or("");
            if (status == "committed") return fate::committed;
            if (status == "aborted") return fate::rolled_back;
            return fate::unknown;
        } catch (sark::error const&) {
            // The server starts again, or the network comes back: until the deadline.
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
    }
    return fate::unknown;
}

}  // namespace sark::migrate::detail
