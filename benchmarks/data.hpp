// SPDX-License-Identifier: MIT
//
// The data set: the same on every machine, from numbers and not from chance.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/schema.hpp>

namespace bench {

struct sizes {
    std::size_t resources;
    std::size_t capabilities;
    std::size_t costs;
};

inline void load(sark::connection& db, sizes const& n) {
    constexpr auto const& statements = sark::create_statements<sark::Resource, sark::Capability, sark::CostTracking>;
    // Indexes come after the rows: built at once they take a fraction of the time.
    auto const is_index = [](std::string_view s) {
        return s.starts_with("CREATE INDEX") || s.starts_with("CREATE UNIQUE INDEX");
    };
    for (std::string_view statement : statements)
        if (!is_index(statement)) db.execute(statement);
    auto const rows = [](std::size_t count) { return " FROM generate_series(1, " + std::to_string(count) + ") AS i"; };
    db.execute(
        "INSERT INTO resources SELECT 'res-' || lpad(to_hex(i), 8, '0'), (ARRAY['Payments', 'Ledger', 'Search', "
        "'Inventory', 'Billing', 'Identity', 'Notification', 'Reporting'])[1 + i % 8] || ' service ' || i, "
        "(ARRAY['mcp', 'http', 'grpc', 'graphql', 'soap', 'amqp', 'kafka', 'mqtt', 'websocket', 'odata'])[1 + i % 10], "
        "'https://svc-' || i || '.' || (ARRAY['eu-west-1', 'us-east-2', 'ap-south-1'])[1 + i % 3] || "
        "'.example.internal:8443/api/v2/' || md5(i::text), (ARRAY['low', 'medium', 'high', 'critical'])[1 + (i / 10) % "
        "4], jsonb_strip_nulls(jsonb_build_object('team', 'team-' || (i * 7919) % 100, 'region', (ARRAY['eu-west-1', "
        "'us-east-2', 'ap-south-1'])[1 + i % 3], 'version', (i % 5) || '.' || (i % 17) || '.' || (i % 31), 'tier', i % "
        "4, 'active', i % 3 <> 0, 'tags', jsonb_build_array('prod', 'zone-' || i % 7, 'cc-' || i % 1000), 'limits', "
        "CASE WHEN i % 2 = 0 THEN jsonb_build_object('rps', 100 + i % 900, 'burst', 200 + i % 1800) END, 'contact', "
        "CASE WHEN i % 3 = 0 THEN 'owner' || i % 5000 || '@example.org' END)), timestamptz '2024-01-01 00:00:00+00' + "
        "(i * 311.123457) * interval '1 second', timestamptz '2025-01-01 00:00:00+00' + (i * 97.654321) * interval '1 "
        "second'" +
        rows(n.resources));
    db.execute(
        "INSERT INTO capabilities SELECT 'cap-' || lpad(to_hex(i), 8, '0'), 'res-' || lpad(to_hex(1 + (i - 1) / 5), 8, "
        "'0'), (ARRAY['list', 'get', 'create', 'update', 'delete'])[1 + i % 5] || '_' || (ARRAY['invoice', 'account', "
        "'item', 'user', 'report', 'order'])[1 + i % 6], CASE WHEN i % 10 = 0 THEN NULL ELSE 'Runs the operation "
        "number "
        "' || i || ' against the upstream service and returns its result.' END, jsonb_build_object('type', 'object', "
        "'required', jsonb_build_array('id', 'limit'), 'properties', jsonb_build_object('id', jsonb_build_object("
        "'type', 'string'), 'limit', jsonb_build_object('type', 'integer', 'maximum', i % 500))), jsonb_build_object("
        "'type', 'array', 'items', jsonb_build_object('type', 'string')), (ARRAY['low', 'medium', 'high', "
        "'critical'])[1 + i % 4], jsonb_build_object('idempotent', i % 2 = 0, 'timeout_ms', 100 * (1 + i % 50), "
        "'scopes', jsonb_build_array('read', 'write')), timestamptz '2024-01-01 00:00:00+00' + i * interval '1 "
        "second', "
        "timestamptz '2025-01-01 00:00:00+00' + i * interval '1 second'" +
        rows(n.capabilities));
    db.execute(
        "INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, estimated_cost, actual_cost, "
        "metadata) SELECT timestamptz '2025-01-01 00:00:00+00' + (i * 29.123457) * interval '1 second', 'user-' || "
        "(i::bigint * 7919) % 5000, 'res-' || lpad(to_hex(1 + (i::bigint * 104729) % " +
        std::to_string(n.resources) + "), 8, '0'), 'cap-' || lpad(to_hex(1 + (i::bigint * 15485863) % " +
        std::to_string(n.capabilities) +
        "), 8, '0'), ((i::bigint * 48271) % 500000) / 10000.0, CASE WHEN i % 5 = 0 THEN NULL ELSE ((i::bigint * 69621) "
        "% 500000) / 10000.0 END, jsonb_build_object('model', (ARRAY['small', 'medium', 'large'])[1 + i % 3], "
        "'tokens_in', i % 4000, 'tokens_out', i % 900, 'cached', i % 2 = 0)" +
        rows(n.costs));
    for (std::string_view statement : statements)
        if (is_index(statement)) db.execute(statement);
    // Where the inserts go. Without indexes the client shows; with all of them the server's work rules.
    db.execute("CREATE TABLE resources_plain (LIKE resources INCLUDING DEFAULTS, PRIMARY KEY (id))");
    db.execute("CREATE TABLE resources_indexed (LIKE resources INCLUDING ALL)");
    db.execute("CREATE TABLE cost_single (id bigserial PRIMARY KEY, \"timestamp\" timestamptz NOT NULL, principal_id "
               "varchar(255) NOT NULL, resource_id varchar(255) NOT NULL, capability_id varchar(255) NOT NULL, "
               "estimated_cost numeric(20,8), metadata jsonb NOT NULL)");
    db.execute("VACUUM (ANALYZE, FREEZE)");
}

/// Makes the tables of the growth series anew, with this many rows. Each team has a hundred of them whatever their number
/// is, so that a containment always finds as many; all indexes of resources and costs are there, and the documents once
/// more under an index of the other class.
inline void grow(sark::connection& db, std::size_t rows) {
    db.execute("DROP TABLE IF EXISTS resources_grown, documents_grown, cost_grown");
    db.execute("CREATE TABLE resources_grown (LIKE resources INCLUDING DEFAULTS)");
    db.execute("CREATE TABLE cost_grown (LIKE cost_tracking INCLUDING DEFAULTS)");
    std::string const series = " FROM generate_series(1, " + std::to_string(rows) + ") AS i";
    db.execute(
        "INSERT INTO resources_grown (id, name, protocol, endpoint, metadata) SELECT 'res-' || lpad(to_hex(i), 8, "
        "'0'), 'service ' || i, 'http', 'https://svc-' || i || '.example.internal', "
        "jsonb_build_object('team', 'team-' || i % " +
        std::to_string(rows / 100) + ")" + series);
    db.execute(
        "INSERT INTO cost_grown (\"timestamp\", principal_id, resource_id, capability_id, estimated_cost) SELECT "
        "timestamptz '2025-01-01 00:00:00+00' + i * interval '1 second', 'user-' || (i::bigint * 7919) % 5000, "
        "'res-' || lpad(to_hex(i), 8, '0'), 'cap-' || lpad(to_hex(i), 8, '0'), 0.5" +
        series);
    db.execute("ALTER TABLE resources_grown ADD PRIMARY KEY (id)");
    db.execute("CREATE INDEX ON resources_grown USING gin (metadata)");
    db.execute("CREATE TABLE documents_grown AS SELECT id, name, metadata FROM resources_grown");
    db.execute("CREATE INDEX ON documents_grown USING gin (metadata jsonb_path_ops)");
    db.execute("ALTER TABLE cost_grown ADD PRIMARY KEY (\"timestamp\", id)");
    db.execute("CREATE INDEX ON cost_grown (principal_id, \"timestamp\" DESC)");
    db.execute("CREATE INDEX ON cost_grown (resource_id)");
    db.execute("CREATE INDEX ON cost_grown (capability_id)");
    db.execute("CREATE UNIQUE INDEX ON cost_grown (request_id, \"timestamp\")");
    db.execute("VACUUM (ANALYZE, FREEZE) resources_grown, documents_grown, cost_grown");
}

}  // namespace bench
