// SPDX-License-Identifier: MIT
//
// Drift on a server with TimescaleDB, whose catalogs are made by hand here: what a comparison asks the extension, its
// views answer as the extension's do. tests/engines has the extension itself, where there is one.
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <sark/migrate/live_drift.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/migrations/chain.hpp>

using sark::migrations::chain;

namespace {

/// Makes an extension of that name, in a schema which is not on the search path, with the views it is asked by.
void extend(sark::test::database const& db) {
    db.execute(R"(SET allow_system_table_mods = on;
        CREATE SCHEMA engine;
        CREATE SCHEMA engine_internal;
        CREATE SCHEMA timescaledb_information;
        INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
            VALUES (999001, 'timescaledb', 10, 'engine'::regnamespace, false, '2.17.2');
        CREATE FUNCTION engine.time_bucket(width interval, at timestamptz) RETURNS timestamptz
            LANGUAGE sql STABLE RETURN date_trunc('hour', at);
        CREATE TABLE timescaledb_information.hypertables (hypertable_schema name, hypertable_name name);
        CREATE TABLE timescaledb_information.dimensions (hypertable_schema name, hypertable_name name,
            dimension_number bigint, column_name name, time_interval interval, integer_interval bigint,
            num_partitions smallint);
        CREATE TABLE timescaledb_information.jobs (hypertable_schema name, hypertable_name name, proc_name name,
            config jsonb);
        CREATE TABLE engine_internal.aggregates (view_schema name, view_name name, direct regclass);
        CREATE VIEW timescaledb_information.continuous_aggregates AS
            SELECT view_schema, view_name, pg_get_viewdef(direct) AS view_definition FROM engine_internal.aggregates)");
}

/// Leaves what 009 leaves with the extension: keys that begin with their time, hypertables with policies, chunks elsewhere,
/// and a view that adds what is stored to what has just come.
void adopt_by_hand(sark::test::database const& db) {
    db.execute(R"(ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey, ADD PRIMARY KEY ("timestamp", id);
        ALTER TABLE gateway_audit_events DROP CONSTRAINT gateway_audit_events_pkey, ADD PRIMARY KEY ("timestamp", id);
        INSERT INTO timescaledb_information.hypertables SELECT 'public', name
            FROM unnest('{cost_tracking,audit_events,gateway_audit_events}'::name[]) AS name;
        INSERT INTO timescaledb_information.dimensions
            SELECT hypertable_schema, hypertable_name, 1, 'timestamp', '7 days' FROM timescaledb_information.hypertables;
        INSERT INTO timescaledb_information.jobs
            SELECT hypertable_schema, hypertable_name, 'policy_compression',
                   '{"hypertable_id": 1, "compress_after": "90 days"}' FROM timescaledb_information.hypertables;
        CREATE TABLE engine_internal._hyper_1_1_chunk (CHECK ("timestamp" < '2026-01-08')) INHERITS (cost_tracking);
        SET search_path = public, engine;
        CREATE VIEW engine_internal._direct_view_4 AS SELECT time_bucket(INTERVAL '1 hour', "timestamp") AS hour,
            "principal_id", "protocol", count(*) AS invocation_count,
            sum(coalesce("actual_cost", "estimated_cost")) AS total_cost FROM "cost_tracking" GROUP BY 1, 2, 3;
        CREATE TABLE engine_internal._materialized_hypertable_4 AS SELECT * FROM engine_internal._direct_view_4;
        CREATE VIEW cost_by_hour AS SELECT * FROM engine_internal._materialized_hypertable_4
            UNION ALL SELECT * FROM engine_internal._direct_view_4;
        INSERT INTO engine_internal.aggregates VALUES ('public', 'cost_by_hour', 'engine_internal._direct_view_4'))");
}

struct told {
    std::size_t missing = 0;
    std::size_t degraded = 0;
    std::size_t others = 0;
    std::string text = {};
};

told drift(sark::connection& db, sark::catalog::diff_options const& how = {}) {
    told made;
    auto const report = sark::migrate::drift(db, chain, {}, how);
    CHECK(report.unchecked.empty());
    for (auto const& f : report.findings) {
        ++(f.id == "engine-missing" ? made.missing : f.id == "engine-degraded" ? made.degraded : made.others);
        made.text += '[' + f.id + "] " + f.subject + ": " + f.what + '\n' + f.evidence + '\n';
    }
    return made;
}

}  // namespace

TEST_CASE("on a server with TimescaleDB drift is one report, and what the extension makes is none of it",
          "[catalog][db]") {
    sark::test::database const base;
    sark::connection db{base.url()};
    sark::migrate::upgrade(db, chain);
    extend(base);

    {  // The extension came later: one finding for each thing to adopt, and none for the keys that wait for it.
        told const found = drift(db);
        INFO(found.text);
        CHECK(found.missing == 7);
        CHECK(found.others + found.degraded == 0);
    }
    base.execute("DROP INDEX ix_resources_protocol");
    CHECK(drift(db).others == 1);
    base.execute("CREATE INDEX ix_resources_protocol ON resources (protocol, name)");

    adopt_by_hand(base);
    for (bool const unmanaged : {false, true}) {
        told const found = drift(db, {.unmanaged = unmanaged});
        INFO(found.text);
        CHECK(found.text == "");
    }

    {  // What really differs is found beside it, once.
        base.execute("ALTER TABLE cost_tracking ALTER COLUMN principal_id DROP NOT NULL;"
                     "DELETE FROM timescaledb_information.jobs WHERE hypertable_name = 'audit_events'");
        told const found = drift(db);
        INFO(found.text);
        CHECK(found.missing == 1);
        CHECK(found.others == 1);
        CHECK(found.text.find("[engine-missing] audit_events: ") != std::string::npos);
        CHECK(found.text.find("[column-null] cost_tracking.principal_id") != std::string::npos);
        base.execute("ALTER TABLE cost_tracking ALTER COLUMN principal_id SET NOT NULL");
    }
    {  // Another query under the name of the aggregate.
        base.execute("CREATE OR REPLACE VIEW engine_internal._direct_view_4 AS SELECT hour, principal_id, protocol, "
                     "invocation_count, total_cost FROM engine_internal._materialized_hypertable_4");
        told const found = drift(db);
        INFO(found.text);
        CHECK(found.others == 1);
        CHECK(found.text.find("[view-changed] cost_by_hour") != std::string::npos);
    }
    {  // The Apache licence: no policies, and a plain view of the same query.
        base.execute("ALTER DATABASE " + base.name() +
                     " SET timescaledb.license = 'apache';"
                     "DELETE FROM timescaledb_information.jobs; DELETE FROM engine_internal.aggregates;"
                     "DROP VIEW cost_by_hour; SET search_path = public, engine;"
                     "CREATE VIEW cost_by_hour AS SELECT time_bucket(INTERVAL '1 hour', \"timestamp\") AS hour, "
                     "principal_id, protocol, count(*) AS invocation_count, "
                     "sum(coalesce(actual_cost, estimated_cost)) AS total_cost FROM cost_tracking GROUP BY 1, 2, 3");
        sark::connection again{base.url()};
        told const found = drift(again);
        INFO(found.text);
        CHECK(found.degraded == 4);
        CHECK(found.missing + found.others == 0);
    }
}
