// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

namespace {

std::string plan_of(sark::connection& db, std::string const& query) {
    std::string plan;
    for (auto const& row : db.query_text("EXPLAIN (COSTS OFF) " + query)) plan += row.at(0).value_or("") + '\n';
    return plan;
}

std::string const rank = "CASE c.sensitivity_level WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 "
                         "WHEN 'critical' THEN 3 END";

}  // namespace

// The figures behind the choice of indexes, at five times this size, are in docs/decisions/0011.
TEST_CASE("the eight query patterns and the look-ups of costs and audits are served by the indexes of 008",
          "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    sark::migrate::upgrade(db, sark::migrations::chain);
    db.execute(R"(
        INSERT INTO resources (id, name, protocol, endpoint, sensitivity_level, metadata)
        SELECT 'r' || i, 'resource ' || md5(i::text), (ARRAY['mcp', 'http', 'grpc', 'graphql', 'websocket'])[1 + i % 5],
               'https://x/' || i, (ARRAY['low', 'medium', 'high', 'critical'])[1 + (i / 5) % 4],
               jsonb_build_object('transport', (ARRAY['stdio', 'http', 'sse'])[1 + i % 3], 'region', 'eu-' || (i % 500))
        FROM generate_series(1, 2000) AS i)");
    db.execute(R"(
        INSERT INTO capabilities (id, resource_id, name, input_schema, sensitivity_level)
        SELECT 'c' || i, 'r' || (1 + i % 2000), 'cap ' || md5(i::text),
               CASE WHEN i % 1000 = 0 THEN '{"type": "object", "rare": true}' ELSE '{"type": "object"}' END::jsonb,
               (ARRAY['low', 'medium', 'high', 'critical'])[1 + (i / 2000) % 4]
        FROM generate_series(1, 20000) AS i)");
    db.execute(R"(
        INSERT INTO cost_tracking ("timestamp", principal_id, resource_id, capability_id, actual_cost)
        SELECT now() - (i % 43200) * interval '1 minute', 'p' || (i % 500), 'r' || (1 + (i * 7919) % 2000),
               'c' || (1 + (i * 7919) % 20000), 0.011
        FROM generate_series(1, 60000) AS i)");
    db.execute(R"(
        INSERT INTO audit_events ("timestamp", event_type, user_id, correlation_id)
        SELECT now() - i * interval '1 minute', 'tool_invoked',
               ('00000000-0000-0000-0000-' || lpad((i % 300)::text, 12, '0'))::uuid, 'k' || (i % 2000)
        FROM generate_series(1, 20000) AS i)");
    db.execute("VACUUM (ANALYZE)");

    struct pattern {
        char const* name;
        std::string query;
        std::vector<std::string> served_by;  // every one of these stands in the plan
        std::vector<std::string> avoids;     // and none of these
    };
    std::vector<pattern> const patterns = {
        {"1 resources of a protocol by name",
         "SELECT id, name, protocol, endpoint, sensitivity_level FROM resources WHERE protocol = 'mcp' ORDER BY name "
         "LIMIT 100",
         {"Index Scan using ix_resources_protocol"},
         {"Sort", "Filter"}},
        {"2 resources by metadata",
         R"(SELECT id, name FROM resources WHERE metadata @> '{"region": "eu-7"}' LIMIT 100)",
         {"ix_resources_metadata_gin"},
         {"Seq Scan"}},
        {"3 capabilities with their resources",
         "SELECT r.id, r.name, r.protocol, c.id, c.name, c.sensitivity_level FROM resources r JOIN capabilities c "
         "ON c.resource_id = r.id WHERE r.protocol = 'mcp' ORDER BY r.name, c.name LIMIT 100",
         {"Index Scan using ix_resources_protocol", "ix_capabilities_resource", "Presorted Key: r.name"},
         {"Seq Scan"}},
        {"4 capabilities of high sensitivity, the most critical first",
         "SELECT c.id, c.name, c.sensitivity_level, r.protocol FROM capabilities c JOIN resources r ON "
         "r.id = c.resource_id WHERE c.sensitivity_level IN ('high', 'critical') ORDER BY " +
             rank + " DESC, c.name LIMIT 100",
         {"Index Only Scan using ix_capabilities_sensitivity_rank"},
         {"Sort", "Seq Scan"}},
        {"4 the same as a comparison of ranks",
         "SELECT c.id, c.name, c.sensitivity_level, r.protocol FROM capabilities c JOIN resources r ON "
         "r.id = c.resource_id WHERE " +
             rank + " >= 2 ORDER BY " + rank + " DESC, c.name LIMIT 100",
         {"Index Only Scan using ix_capabilities_sensitivity_rank", "Index Cond"},
         {"Sort", "Seq Scan"}},
        {"4 the same as a parameter",
         "EXECUTE by_levels('{high,critical}')",
         {"Index Only Scan using ix_capabilities_sensitivity_rank", "$1"},
         {"Sort", "Seq Scan"}},
        {"5 capabilities whose schema has a rare key",
         "SELECT c.id, c.name, c.input_schema, r.protocol FROM capabilities c JOIN resources r ON r.id = c.resource_id "
         "WHERE c.input_schema ? 'rare' ORDER BY c.name LIMIT 100",
         {"ix_capabilities_input_schema_gin"},
         {"Seq Scan on capabilities"}},
        {"5 capabilities whose schema has a common key",
         "SELECT c.id, c.name, c.input_schema, r.protocol FROM capabilities c JOIN resources r ON r.id = c.resource_id "
         "WHERE c.input_schema ? 'type' ORDER BY c.name LIMIT 100",
         {"Index Scan using ix_capabilities_name"},
         {"Sort"}},
        {"6 capabilities per protocol reads both tables once",
         "SELECT r.protocol, count(c.id) FROM resources r LEFT JOIN capabilities c ON c.resource_id = r.id "
         "GROUP BY r.protocol ORDER BY 2 DESC",
         {"Hash", "Aggregate"},
         {"Nested Loop"}},
        {"7 capabilities of several protocols stops after the first protocol",
         "SELECT r.protocol, c.name, c.sensitivity_level, c.input_schema ->> 'type' FROM capabilities c "
         "JOIN resources r ON r.id = c.resource_id WHERE r.protocol IN ('mcp', 'http', 'grpc') "
         "AND c.sensitivity_level <> 'low' ORDER BY r.protocol, c.name LIMIT 100",
         {"ix_resources_protocol", "ix_capabilities_resource", "Presorted Key: r.protocol"},
         {"Seq Scan"}},
        {"8 costs of the last day",
         "SELECT r.id, r.name, r.protocol, count(ct.id), sum(ct.actual_cost) FROM resources r JOIN capabilities c "
         "ON c.resource_id = r.id JOIN cost_tracking ct ON ct.capability_id = c.id "
         "WHERE ct.\"timestamp\" >= now() - interval '24 hours' GROUP BY r.id, r.name, r.protocol ORDER BY 5 DESC "
         "LIMIT 50",
         {"cost_tracking_pkey"},
         {"Seq Scan on cost_tracking"}},
        {"the newest costs of a principal",
         "SELECT * FROM cost_tracking WHERE principal_id = 'p7' ORDER BY \"timestamp\" DESC LIMIT 10",
         {"Index Scan using ix_cost_tracking_principal"},
         {"Sort", "Filter"}},
        {"the newest events of a user",
         "SELECT * FROM audit_events WHERE user_id = '00000000-0000-0000-0000-000000000007' "
         "ORDER BY \"timestamp\" DESC LIMIT 10",
         {"Index Scan using ix_audit_events_user_id"},
         {"Sort", "Filter"}},
        {"the events of a correlation in order",
         "SELECT * FROM audit_events WHERE correlation_id = 'k7' ORDER BY \"timestamp\" LIMIT 10",
         {"ix_audit_events_correlation"},
         {"Seq Scan", "Filter"}},
    };
    db.execute("SET plan_cache_mode = force_generic_plan");
    db.execute("PREPARE by_levels(varchar[]) AS "
               "SELECT c.id, c.name, c.sensitivity_level, r.protocol FROM capabilities c "
               "JOIN resources r ON r.id = c.resource_id WHERE c.sensitivity_level = ANY ($1) "
               "ORDER BY " +
               rank + " DESC, c.name LIMIT 100");
    for (pattern const& p : patterns) {
        std::string const plan = plan_of(db, p.query);
        INFO(p.name << '\n' << plan);
        for (std::string const& text : p.served_by) CHECK_THAT(plan, ContainsSubstring(text));
        for (std::string const& text : p.avoids) CHECK_THAT(plan, !ContainsSubstring(text));
    }
}
