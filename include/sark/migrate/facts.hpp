// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sark::migrate {

/// Orders the table locks a migration can take, weakest first.
enum class lock_level { none, row_exclusive, share_update_exclusive, share, share_row_exclusive, access_exclusive };

/// States what running one direction of an operation costs, for plans and linters.
struct facts {
    std::string_view relation = {};  ///< the table or view that is locked, empty for none
    lock_level lock = lock_level::none;
    bool rewrites = false;          ///< writes the whole table anew
    bool scans = false;             ///< reads the whole table while it holds the lock
    bool loses_data = false;        ///< rows or values are gone afterwards
    bool needs_transaction = true;  ///< false for what the server refuses inside a transaction
    constexpr bool operator==(facts const&) const = default;
};

/// Gives the name of a lock as the server's documentation spells it.
[[nodiscard]] constexpr std::string_view text_of(lock_level level) {
    switch (level) {
        case lock_level::row_exclusive: return "ROW EXCLUSIVE";
        case lock_level::share_update_exclusive: return "SHARE UPDATE EXCLUSIVE";
        case lock_level::share: return "SHARE";
        case lock_level::share_row_exclusive: return "SHARE ROW EXCLUSIVE";
        case lock_level::access_exclusive: return "ACCESS EXCLUSIVE";
        case lock_level::none: break;
    }
    return "NONE";
}

static_assert(text_of(lock_level::share) == "SHARE");

}  // namespace sark::migrate
