// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/diff.hpp>
#include <sark/catalog/read.hpp>
#include <sark/catalog/shadow.hpp>
#include <sark/db/connection.hpp>
#include <sark/migrate/detail/engine_reality.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/report/report.hpp>

namespace sark::migrate::detail {

/// Is a chain as comparison needs it: its revisions, and what it builds on a server of a profile up to one of them.
struct foldable_chain {
    migrate::chain_view migrations;
    schema::definition (*fold)(migrate::profile, std::string_view);

    /// Folds up to a revision; `base` is nothing.
    [[nodiscard]] schema::definition at(migrate::profile server, std::string_view revision) const {
        return revision == "base" ? schema::definition{} : fold(server, revision);
    }
    [[nodiscard]] bool has(std::string_view revision) const {
        for (migrate::migration_view const& m : migrations)
            if (m.id == revision) return true;
        return revision == "base";
    }
};

template <auto const&... Migrations>
[[nodiscard]] foldable_chain foldable(migrate::chain_t<Migrations...> const& chain) {
    return {chain, [](migrate::profile server, std::string_view revision) {
                return migrate::fold(migrate::chain<Migrations...>, server, revision);
            }};
}

/// Tells which of the folds a server has: by its extensions.
[[nodiscard]] inline migrate::profile profile_of(catalog::snapshot const& live) {
    for (migrate::profile const p : migrate::profiles)
        if (p != migrate::profile::plain && catalog::find(live.extensions, migrate::extension_of(p)) != nullptr)
            return p;
    return migrate::profile::plain;
}

[[nodiscard]] inline std::vector<report::finding> differences(sark::connection& db, foldable_chain const& chain,
                                                              std::string_view revision, catalog::snapshot const& live,
                                                              catalog::diff_options const& how = {}) {
    return catalog::diff(catalog::build(db, chain.at(profile_of(live), revision)), live, how);
}

[[nodiscard]] inline problem no_such_revision(std::string_view revision) {
    return {problem_kind::unknown_target, std::string{revision},
            "sark: the chain has no revision " + quote(revision) + ". Name one of its revisions, head or base."};
}

[[nodiscard]] inline report::report drift_of(sark::connection& db, foldable_chain const& chain, std::string revision,
                                             catalog::diff_options const& how) {
    report::report made{.tool = "sark drift",
                        .version = std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) +
                                   '.' + std::to_string(sark::version.patch)};
    if (revision == "head") revision = chain.migrations.empty() ? "base" : std::string{chain.migrations.back().id};
    if (revision.empty()) {
        revision = "base";
        for (migrate::ledger_row const& row : ledger_rows(db)) {
            if (row.state == migrate::row_state::applied)
                revision = row.revision;
            else
                made.unchecked.push_back("sark: revision " + quote(row.revision) +
                                         " was interrupted, so nobody knows how much of it is there. Finish it by "
                                         "upgrade or downgrade first.");
        }
    }
    if (!chain.has(revision)) throw migrate::refused{no_such_revision(revision)};
    catalog::snapshot const live = catalog::read(db);
    made.database = live.database;
    made.started = live.taken;
    std::int64_t tables = 0;
    std::int64_t columns = 0;
    migrate::profile const server = profile_of(live);
    schema::definition wanted = chain.at(server, revision);
    std::vector<report::finding> of_engine;
    if (server != migrate::profile::plain) {
        if (catalog::find(live.extensions, "timescaledb") != nullptr &&
            catalog::find(live.extensions, "citus") != nullptr)
            refuse_both_engines();
        face_engine(db, wanted, chain.at(migrate::profile::plain, revision), of_engine);
    }
    try {
        catalog::snapshot const expected = catalog::build(db, wanted);
        for (catalog::relation const& r : expected.relations) {
            ++tables;
            columns += static_cast<std::int64_t>(r.columns.size());
        }
        made.findings = catalog::diff(expected, live, how);
    } catch (sark::error const& problem) {
        if (problem.sqlstate() != "42501" && problem.sqlstate() != "25006") throw;
        made.unchecked.emplace_back(problem.what());
    }
    made.findings.insert(made.findings.end(), of_engine.begin(), of_engine.end());
    made.counts = {{"tables and views of " + revision, tables}, {"columns", columns}};
    return made;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Compares a live database with what the chain builds up to the revision that its ledger says, or to the one that is named
/// (`head`, `base`, or an id).
///
/// What TimescaleDB or Citus is asked for and does not do is a finding each, `engine-missing` for what `adopt` makes and
/// `engine-degraded` for what a licence refuses; the rest is then compared with what the chain builds without it.
/// A role that may not build the expected schema for comparison gets a report that says what was not checked. Changes
/// nothing. Throws `refused` for a revision that the chain does not have.
template <auto const&... Migrations>
[[nodiscard]] report::report drift(connection& db, chain_t<Migrations...> const& chain, std::string_view revision = {},
                                   catalog::diff_options const& how = {}) {
    return detail::drift_of(db, detail::foldable(chain), std::string{revision}, how);
}

}  // namespace sark::migrate
