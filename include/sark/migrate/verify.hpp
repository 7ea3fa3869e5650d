// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/migrate/assertion.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/migrate/postcondition.hpp>
#include <sark/migrate/runner.hpp>

namespace sark::migrate {

/// Holds what `verify` found; nothing speaks against the database when `holds()`.
struct verification {
    history_state state = history_state::clean;
    std::optional<problem> trouble;           ///< why the ledger is not the chain's; then the catalog was not asked
    std::vector<assertion_finding> findings;  ///< what the ledger says is there and the catalog has not

    /// Tells whether all of the chain is applied and there.
    [[nodiscard]] bool holds() const { return state == history_state::clean && !trouble && findings.empty(); }
};

/// Asks whether a database is what the chain makes: first its ledger, then its catalog (see `verify_applied`). Changes
/// and locks nothing; throws no `refused`, because a history that does not fit is an answer here.
template <auto const&... Migrations>
[[nodiscard]] verification verify(connection& db, chain_t<Migrations...> const& chain) {
    verification found;
    status_t stands = status(db, chain);
    found.state = stands.state;
    found.trouble = std::move(stands.trouble);
    bool const is_whole = stands.applied.empty() || stands.applied.back().state == row_state::applied;
    if (!found.trouble && is_whole) found.findings = verify_applied(db, chain);
    return found;
}

}  // namespace sark::migrate
