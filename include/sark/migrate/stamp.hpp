// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/live_drift.hpp>
#include <sark/migrate/runner.hpp>

namespace sark::migrate {

/// Says that a database is not what a revision leaves behind; `differences()` lists why, with repairs.
class differs : public sark::error {
public:
    differs(std::string const& sentence, std::vector<report::finding> differences)
        : sark::error{sentence}, differences_{std::move(differences)} {}

    [[nodiscard]] std::vector<report::finding> const& differences() const noexcept { return differences_; }

private:
    std::vector<report::finding> differences_;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

[[nodiscard]] inline std::string differs_text(std::string_view revision,
                                              std::vector<report::finding> const& differences) {
    return "sark: the database is not what revision " + quote(revision) + " leaves behind. Found " +
           std::to_string(differences.size()) + (differences.size() == 1 ? " difference: " : " differences, first: ") +
           differences.front().what + " Repair them, or name the revision that it is at; nothing was recorded.";
}

/// Compares, and only then records what is not recorded yet.
inline void verify_and_record(sark::connection& db, foldable_chain const& chain, std::string_view revision,
                              migrate::options const& how) {
    if (!chain.has(revision)) throw migrate::refused{no_such_revision(revision)};
    auto found = differences(db, chain, revision, catalog::read(db));
    if (!found.empty()) throw migrate::differs{differs_text(revision, found), std::move(found)};
    record_as_applied(db, chain.migrations, revision, how);
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Records that a database is at a revision (an id, `head` or `base`) without running anything, after a look at the whole
/// catalog: a stamp that is wrong makes every later migration run against another schema than it was written for.
///
/// Throws `differs` with the list when the database is not what the chain builds up to there, `refused` when the ledger
/// already has a later revision or does not fit the chain, `busy` when another run does not end.
template <auto const&... Migrations>
void stamp(connection& db, chain_t<Migrations...> const& chain, std::string_view revision, options const& how = {}) {
    detail::verify_and_record(db, detail::foldable(chain), revision == "head" ? chain.head() : revision, how);
}

}  // namespace sark::migrate
