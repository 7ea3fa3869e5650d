// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/session.hpp>
#include <sark/migrate/detail/engine_adoption.hpp>
#include <sark/migrate/engines.hpp>
#include <sark/report/report.hpp>

namespace sark::migrate::detail {

/// Takes what an engine was asked for and has not done out of a schema; the table or view is then what the chain makes
/// of it without the engine.
///
/// What is missing is one finding of its own, so its consequences (another key, another trigger) shall be none.
inline void take_back(schema::definition& wanted, schema::definition const& plain, adoption_step const& missing) {
    auto const take = [&](auto& list, auto const& others) {
        for (auto item = list.begin(); item != list.end(); ++item) {
            if (item->name != missing.relation) continue;
            if (auto const* const without = schema::detail::find_named(others, missing.relation))
                *item = *without;
            else
                list.erase(item);
            return;
        }
    };
    take(wanted.views, plain.views);
    // What only the licence may refuse is a policy: the table itself is in its place.
    if (!missing.by_licence) take(wanted.tables, plain.tables);
}

/// Adds a finding for each thing that the server's engine does not do, and makes of `wanted` what is to be there
/// meanwhile.
inline void face_engine(sark::session& db, schema::definition& wanted, schema::definition const& plain,
                        std::vector<report::finding>& findings) {
    bool const apache =
        db.query_text("SELECT coalesce(current_setting('timescaledb.license', true), '')").at(0).at(0) == "apache";
    for (adoption_step const& step : adoption_of(plain, wanted)) {
        engine_state const state = state_of(db, step, apache);
        if (state == engine_state::there) continue;
        bool const is_missing = state == engine_state::missing;
        if (is_missing) take_back(wanted, plain, step);
        report::finding found{.id = is_missing ? "engine-missing" : "engine-degraded",
                              .severity = is_missing ? report::severity::error : report::severity::warning,
                              .subject = step.relation,
                              .what = finding_of(step, state).sentence};
        if (is_missing) found.why = "sark::migrate::adopt makes it, rows included.";
        findings.push_back(std::move(found));
    }
}

}  // namespace sark::migrate::detail
