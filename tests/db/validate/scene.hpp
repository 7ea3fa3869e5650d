// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <sark/migrate/runner.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/migrations/mapping.hpp>
#include <sark/validate.hpp>

#include "support/database.hpp"

namespace sark::test {

/// Is a database at head with rows as a running product has them, and nothing wrong with any of it.
class healthy {
public:
    healthy() : db{database_.url()} {
        migrate::upgrade(db, migrations::chain);
        run(rows());
    }

    /// Gives the one of the process; who damages it repairs it.
    static healthy& shared() {
        static healthy one;
        return one;
    }

    void run(std::string const& sql) const { database_.execute(sql); }
    [[nodiscard]] std::string ask(std::string const& sql) const { return database_.ask(sql); }
    [[nodiscard]] std::string const& url() const { return database_.url(); }
    [[nodiscard]] std::string const& name() const { return database_.name(); }

    /// Puts all rows back to what they were, whatever was done to them, and then the rest by `undo`.
    void refill(std::string const& undo = {}) const {
        // Quicker than TRUNCATE for a few rows, and without the work of the triggers of the keys.
        std::string script = "SET session_replication_role = replica; ALTER SEQUENCE cost_tracking_id_seq RESTART; ";
        for (char const* table :
             {"users", "teams", "user_teams", "mcp_servers", "mcp_tools", "resources", "capabilities", "migrated_rows",
              "cost_tracking", "principal_budgets", "federation_nodes", "policies", "policy_versions", "api_keys",
              "audit_events", "gateway_audit_events"})
            script.append("DELETE FROM ").append(table).append("; ");
        run(script + "RESET session_replication_role; " + rows() + undo);
    }

private:
    static std::string rows() {
        std::string script = R"(INSERT INTO users (id, email, full_name, hashed_password)
               SELECT md5('u' || i)::uuid, 'user' || i || '@example.com', 'User ' || i, 'x' FROM generate_series(1, 5) i;
               INSERT INTO teams (id, name) SELECT md5('team' || i)::uuid, 'Team ' || i FROM generate_series(1, 2) i;
               INSERT INTO user_teams SELECT md5('u' || i)::uuid, md5('team' || 1 + i % 2)::uuid FROM generate_series(1, 5) i;
               INSERT INTO mcp_servers (id, name, description, transport, endpoint, command, capabilities,
                                        sensitivity_level, owner_id, team_id, tags)
               SELECT md5('s' || i)::uuid, 'server ' || i, 'the server ' || i,
                      (ARRAY['http', 'stdio', 'sse'])[1 + i % 3]::transporttype,
                      CASE WHEN i % 3 <> 1 THEN 'https://host' || i END, CASE WHEN i % 3 = 1 THEN 'run ' || i END,
                      '["tools"]', (ARRAY['low', 'medium', 'high', 'critical'])[1 + i % 4]::sensitivitylevel,
                      CASE WHEN i % 2 = 0 THEN md5('u' || 1 + i % 5)::uuid END,
                      CASE WHEN i % 3 = 0 THEN md5('team1')::uuid END, '["prod"]'
               FROM generate_series(1, 20) i;
               INSERT INTO mcp_tools (id, server_id, name, parameters_schema)
               SELECT md5('t' || i)::uuid, md5('s' || 1 + i % 20)::uuid, 'tool ' || i, '{"type": "object"}'
               FROM generate_series(1, 60) i;)";
        script.append(migrations::mapping::insert_resources).append("; ");
        script.append(migrations::mapping::insert_capabilities).append("; ");
        return script + R"(INSERT INTO migrated_rows (source_table, source_id, target_table, target_id)
               SELECT 'mcp_servers', id, 'resources', id::text FROM mcp_servers
               UNION ALL SELECT 'mcp_tools', id, 'capabilities', id::text FROM mcp_tools;
               INSERT INTO resources (id, name, protocol, endpoint, metadata) VALUES
                   ('h1', 'Orders', 'http', 'https://orders.example.com', '{"auth_method": "oauth2", "servers": ["https://a"]}'),
                   ('h2', 'Plain', 'http', 'https://plain.example.com', '{}'),
                   ('g1', 'Search', 'grpc', 'search:443', '{"service": "Search", "reflection": true}');
               INSERT INTO capabilities (id, resource_id, name, input_schema, output_schema, metadata) VALUES
                   ('c1', 'h1', 'list', '{"type": "object"}', 'true', '{"method": "GET", "path": "/orders"}'),
                   ('c2', 'h2', 'ping', '{}', '{}', '{}'),
                   ('c3', 'g1', 'Search', '{}', '{}', '{"streaming": false}');
               INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, estimated_cost,
                                          actual_cost, request_id, protocol)
               SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - i * interval '5 hours',
                      'p' || i % 3, 'h1', 'c1', 0.5, CASE WHEN i % 4 > 0 THEN 0.00000001 * i END, 'r' || i, 'http'
               FROM generate_series(0, 40) i;
               INSERT INTO principal_budgets (principal_id, daily_budget, last_daily_reset, last_monthly_reset,
                                              daily_spent, monthly_spent)
               SELECT c.principal_id, 100, date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '1 day',
                      date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
                      coalesce(sum(coalesce(actual_cost, estimated_cost)) FILTER (WHERE
                          (timestamp AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date - 1), 0),
                      coalesce(sum(coalesce(actual_cost, estimated_cost)) FILTER (WHERE
                          date_trunc('month', timestamp AT TIME ZONE 'UTC') = date_trunc('month', now() AT TIME ZONE 'UTC')), 0)
               FROM cost_tracking c GROUP BY 1;
               INSERT INTO principal_budgets (principal_id, monthly_budget) VALUES ('new', 5);
               INSERT INTO federation_nodes (node_id, name, endpoint, trust_anchor_cert) VALUES ('n1', 'N', 'https://n', 'x');
               INSERT INTO policies (id, name, status) VALUES (md5('p1')::uuid, 'one', 'active'), (md5('p2')::uuid, 'two', 'draft');
               INSERT INTO policy_versions (id, policy_id, version, content) VALUES
                   (md5('v1')::uuid, md5('p1')::uuid, 1, 'allow'), (md5('v2')::uuid, md5('p2')::uuid, 1, 'deny');
               UPDATE policies SET current_version_id = md5('v1')::uuid WHERE name = 'one';
               INSERT INTO api_keys (id, user_id, team_id, name, key_prefix, key_hash, is_active, revoked_at) VALUES
                   (md5('k1')::uuid, md5('u1')::uuid, md5('team1')::uuid, 'a', 'aaaa', 'x', true, NULL),
                   (md5('k2')::uuid, md5('u2')::uuid, NULL, 'b', 'bbbb', 'x', false, now());
               INSERT INTO audit_events (id, event_type, user_id, server_id, capability_id, policy_id) VALUES
                   (md5('e1')::uuid, 'tool_invoked', md5('u1')::uuid, md5('s1')::uuid, 'c1', md5('p1')::uuid),
                   (md5('e2')::uuid, 'user_login', NULL, NULL, NULL, NULL);
               INSERT INTO gateway_audit_events (id, event_type, decision, reason, timestamp, gateway_request_id)
               VALUES ('x', 'call', 'allow', 'ok', now(), 'q');
               REFRESH MATERIALIZED VIEW mv_daily_cost_summary;)";
    }

    database database_;

public:
    connection db;
};

/// Gives `id subject` of each finding, sorted.
inline std::vector<std::string> told(report::report const& of) {
    std::vector<std::string> lines;
    for (report::finding const& f : of.findings) lines.push_back(f.id + ' ' + f.subject);
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace sark::test
