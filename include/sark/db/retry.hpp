// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>

#include <sark/db/connection.hpp>

namespace sark {

/// Bounds how often a transaction is repeated, and how long it waits before.
struct retry_options {
    unsigned attempts = 5;                        ///< in all, the first one included
    std::chrono::microseconds first_pause{1000};  ///< doubled each time, and shortened by up to a half by chance
    std::chrono::microseconds longest_pause{100'000};
};

/// Runs `f(transaction&)` in a transaction, and the whole of it again when the server says that repeating it can help.
///
/// That is so for serialization failures (40001), dead-locks (40P01) and prepared statements that went stale. Nothing
/// else is repeated, least of all a commit that nobody knows the outcome of. `f` runs several times: it must not change
/// anything outside of the database that it cannot change twice. The last failure leaves as it is.
template <class F>
decltype(auto) retry(connection& db, F&& f, retry_options const& options = {}) {
    auto pause = options.first_pause;
    for (unsigned attempt = 1;; ++attempt) {
        try {
            return db.transaction(f);
        } catch (error const& failed) {
            if (!failed.retryable() || failed.in_doubt() || failed.connection_lost() || attempt >= options.attempts)
                throw;
        }
        // Those who met once would meet again if all waited equally long; an address and a clock are chance enough.
        auto const now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        std::uint64_t const dice = (now ^ reinterpret_cast<std::uintptr_t>(&db)) * 0x9E37'79B9'7F4A'7C15U;
        std::this_thread::sleep_for(pause / 2 + pause * static_cast<int>(dice >> 56U) / 512);
        pause = pause * 2 < options.longest_pause ? pause * 2 : options.longest_pause;
    }
}

}  // namespace sark
