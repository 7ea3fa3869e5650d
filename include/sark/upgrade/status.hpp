// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <sark/db/connection.hpp>
#include <sark/upgrade/detail/blockers.hpp>
#include <sark/upgrade/detail/run_lock.hpp>
#include <sark/upgrade/detail/state.hpp>
#include <sark/upgrade/execute.hpp>
#include <sark/upgrade/result.hpp>

namespace sark::upgrade {

/// Tells where the data migration of a database stands, without changing or locking anything.
[[nodiscard]] inline status_t status(connection& db) {
    status_t found;
    auto const count = [&](std::string_view sql) { return compare::detail::number(db.query_text(sql).at(0).at(0)); };
    for (std::string_view const table : {"mcp_servers", "mcp_tools", "resources", "capabilities", "migrated_rows"})
        if (!detail::has_table(db, table)) return found;
    found.stage = stage::fresh;
    found.servers = count(R"(SELECT count(*) FROM "mcp_servers")");
    found.tools = count(R"(SELECT count(*) FROM "mcp_tools")");
    found.moved_servers = count(R"(SELECT count(*) FROM "migrated_rows" WHERE "target_table" = 'resources')");
    found.moved_tools = count(R"(SELECT count(*) FROM "migrated_rows" WHERE "target_table" = 'capabilities')");
    if (!detail::has_state(db)) return found;
    found.quarantined = count(R"(SELECT count(*) FROM "sark_upgrade_quarantine")");
    auto const last = db.query_text(
        R"(SELECT "run_id", "state", to_char("started_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char("alive_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM "sark_upgrade_runs" ORDER BY "started_at" DESC LIMIT 1)");
    if (last.empty()) return found;
    found.run_id = last.at(0).at(0).value_or("");
    found.started_at = last.at(0).at(2).value_or("");
    found.alive_at = last.at(0).at(3).value_or("");
    std::string const state = last.at(0).at(1).value_or("");
    if (state == "running") found.stage = stage::running;
    if (state == "paused") found.stage = stage::paused;
    if (state == "failed") found.stage = stage::failed;
    if (state == "done") found.stage = stage::moved;
    if (state == "rolled back") found.stage = stage::rolled_back;
    if (detail::is_finalized(db)) found.stage = stage::finalized;
    return found;
}

/// Ends the time in which a rollback is possible; v1 is history from now on, and its tables may be dropped.
///
/// Refuses while a run is unfinished, and while rows are quarantined: they would be lost with v1.
/// @throws refused, busy
inline void finalize(connection& db) {
    std::vector<report::finding> found = detail::blockers(db);
    detail::refuse_blockers(found);
    detail::run_lock const lock{db, options{}};
    status_t const now = status(db);
    if (now.stage == stage::finalized) return;
    if (now.stage != stage::moved)
        throw refused{"sark: there is no finished run to finalize. Let execute come to its end first."};
    if (now.quarantined > 0)
        throw refused{"sark: " + std::to_string(now.quarantined) +
                      " row(s) are quarantined and exist in v1 only. Correct them and run again, or delete their rows "
                      "of sark_upgrade_quarantine to give them up."};
    db.transaction(
        [&](transaction& tx) { tx.execute(R"(UPDATE "sark_upgrade_runs" SET "finalized_at" = clock_timestamp())"); });
}

}  // namespace sark::upgrade
