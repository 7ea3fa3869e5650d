// SPDX-License-Identifier: MIT
#pragma once

#include "db/migrate_catalog.hpp"
#include "support/database.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <sark/db.hpp>

namespace sark::test {

inline std::string engine_url() { return std::getenv(SARK_ENGINE_URL); }

/// Stores rows in every table that an engine is given, over forty days.
inline void fill(database const& db) {
    for (char const* sql :
         {"INSERT INTO resources (id, name, protocol, endpoint, sensitivity_level, metadata) "
          "SELECT 'r' || i, 'n', 'mcp', 'e', 'low', '{}' FROM generate_series(1, 20) AS i",
          "INSERT INTO capabilities (id, resource_id, name, sensitivity_level) "
          "SELECT 'c' || i, 'r' || 1 + i % 20, 'n', 'low' FROM generate_series(1, 100) AS i",
          "INSERT INTO cost_tracking (principal_id, resource_id, capability_id, \"timestamp\", actual_cost, protocol) "
          "SELECT 'p' || i % 5, 'r' || 1 + i % 20, 'c1', timestamptz '2026-01-01' + i * interval '1 hour', i, 'mcp' "
          "FROM generate_series(1, 960) AS i",
          "INSERT INTO audit_events (event_type, \"timestamp\") "
          "SELECT 'user_login', timestamptz '2026-01-01' + i * interval '1 hour' FROM generate_series(1, 960) AS i",
          "INSERT INTO gateway_audit_events (id, event_type, decision, reason, \"timestamp\", gateway_request_id) "
          "SELECT 'g' || i, 'call', 'allow', '', timestamptz '2026-01-01' + i * interval '1 hour', 'q' "
          "FROM generate_series(1, 960) AS i",
          "INSERT INTO federation_nodes (node_id, name, endpoint, trust_anchor_cert) VALUES ('n', 'n', 'e', 'c')",
          "INSERT INTO principal_budgets (principal_id) VALUES ('p1'), ('p2')",
          "REFRESH MATERIALIZED VIEW mv_daily_cost_summary"})
        db.execute(sql);
}

/// Gives a digest of every row of these tables, and what the daily view has.
inline std::string contents(database const& db) {
    std::string all;
    for (std::string const table :
         {"resources", "capabilities", "cost_tracking", "audit_events", "gateway_audit_events", "federation_nodes",
          "principal_budgets", "mv_daily_cost_summary"})
        all += table + ' ' +
               db.ask("SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM " +
                      table + " AS t") +
               '\n';
    return all;
}

/// Tells by SQLSTATE how the server refuses a statement; empty when it does not.
inline std::string refusal(sark::connection& db, std::string const& sql) {
    try {
        db.transaction([&](sark::transaction& tx) {
            tx.execute(sql);
            throw 0;  // what is not refused is not kept
        });
    } catch (sark::error const& e) { return std::string{e.sqlstate()}; } catch (int) {
    }
    return {};
}

}  // namespace sark::test
