// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/assertion.hpp>
#include <sark/migrate/detail/assertion_asker.hpp>
#include <sark/migrate/detail/assertion_render.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate::detail {

[[nodiscard]] inline std::vector<migrate::assertion_finding> verify_in(sark::transaction& tx,
                                                                       asked_chain const& chain) {
    std::vector<migrate::applied_revision> const applied = as_applied(ledger_rows(tx));
    migrate::history const stands = migrate::compare_history(chain.migrations, applied);
    if (auto wrong = problem_of(stands)) throw migrate::refused{std::move(*wrong)};
    if (stands.unfinished)
        throw migrate::refused{{migrate::problem_kind::unfinished, stands.revision,
                                "sark: revision " + quote(stands.revision) +
                                    " was interrupted between two of its transactions. Finish it first."}};
    std::vector<migrate::assertion_finding> findings;
    if (applied.empty()) return findings;

    std::vector<std::string> installed;
    for (auto const& row : tx.query_text("SELECT extname FROM pg_catalog.pg_extension"))
        installed.push_back(row.at(0).value_or(""));
    std::vector<std::string_view> const names(installed.begin(), installed.end());
    schema::definition made;
    promises kept;
    followed_chain{chain.followers}.fold(applied.size(), names, made, kept);
    kept.begin_migration();
    rendered_assertions const rendered{[&](assertion_sink& sink) { write_postconditions(sink, nullptr, made, kept); }};
    asker asks{tx};
    std::vector<migrate::assertion_view> const views = rendered.views();
    for (migrate::assertion_view const& a : views) asks.ask(a, applied.back().revision, findings);
    return findings;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Asks the catalog whether what the ledger says is applied is there: tables, columns with type, NOT NULL and default,
/// constraints and whether they are valid, indexes and whether they are usable, enum labels in order, views, functions
/// and triggers; empty when all of it is.
///
/// Compares with the schema that the chain builds up to the revision recorded last, with the extensions the server
/// has: what a later migration changed counts as it was left. What is there besides is nobody's concern. Reads in one
/// read-only transaction. Throws `refused` when the ledger does not fit the chain.
template <auto const&... Migrations>
[[nodiscard]] std::vector<assertion_finding> verify_applied(connection& db, chain_t<Migrations...> const&) {
    return detail::in_snapshot(
        db, [](transaction& tx) { return detail::verify_in(tx, detail::asked_chain_of<Migrations...>::view()); });
}

}  // namespace sark::migrate
