// SPDX-License-Identifier: MIT
//
// A server with TimescaleDB, under either licence. Its functions are in a schema of their own, which is not on the search
// path: the migrations find them all the same.
#include "engines/engines.hpp"
#include "support/catch.hpp"

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

namespace m = sark::migrate;
using sark::migrations::chain;
using sark::test::contents;
using sark::test::database;
using sark::test::differences;
using sark::test::fill;
using sark::test::full_catalog_lines;

namespace {

void extend(database const& db) {
    db.execute("CREATE SCHEMA engine");
    db.execute("SET client_min_messages = error; CREATE EXTENSION timescaledb SCHEMA engine");
}

bool is_apache(database const& db) { return db.ask("SHOW timescaledb.license") == "apache"; }

std::string hypertables(database const& db) {
    return db.ask("SELECT string_agg(hypertable_name || ' by ' || column_name || ' ' || time_interval, ', ' ORDER BY "
                  "hypertable_name) FROM timescaledb_information.dimensions WHERE hypertable_schema = 'public'");
}
constexpr char const* ours =
    "audit_events by timestamp 7 days, cost_tracking by timestamp 7 days, gateway_audit_events by timestamp 7 days";

/// Reads the catalog without the trigger that the extension numbers.
std::vector<std::string> catalog(sark::connection& db) {
    auto lines = full_catalog_lines(db);
    std::erase_if(
        lines, [](std::string const& line) { return line.find("ts_cagg_invalidation_trigger") != std::string::npos; });
    return lines;
}

std::string policies(database const& db) {
    return db.ask(
        "SELECT string_agg(proc_name || ' ' || hypertable_name, ', ' ORDER BY proc_name, hypertable_name) FROM "
        "timescaledb_information.jobs WHERE hypertable_schema = 'public'");
}
constexpr char const* our_policies =
    "policy_compression audit_events, policy_compression cost_tracking, policy_compression gateway_audit_events";

std::size_t count(std::vector<m::engine_finding> const& found, m::severity level) {
    return static_cast<std::size_t>(
        std::count_if(found.begin(), found.end(), [&](auto const& f) { return f.severity == level; }));
}

}  // namespace

TEST_CASE("time series become hypertables with their rows, and plain tables again", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    m::upgrade(db, chain, "008_integrity");
    fill(base);
    auto const catalog = full_catalog_lines(db);
    std::string const rows = contents(base);

    for (int round = 0; round < 2; ++round) {
        m::upgrade(db, chain, "009_engines");
        CHECK(contents(base) == rows);
        CHECK(hypertables(base) == ours);
        CHECK(policies(base) == (is_apache(base) ? "" : our_policies));
        CHECK(m::verify_applied(db, chain).empty());
        CHECK(count(m::engine_drift(db, chain), m::severity::error) == 0);
        CHECK(count(m::engine_drift(db, chain), m::severity::warning) == (is_apache(base) ? 4 : 0));
        // The view reads the same under both licences; what has just come is in it.
        CHECK(base.ask("SELECT count(*) || ' ' || sum(total_cost) FROM cost_by_hour") == "960 461280.00000000");
        CHECK(base.ask("SELECT count(*) FROM timescaledb_information.continuous_aggregates") ==
              (is_apache(base) ? "0" : "1"));
        CHECK(base.ask("SELECT is_nullable FROM information_schema.columns WHERE table_name = 'cost_tracking' AND "
                       "column_name = 'timestamp'") == "NO");
        m::downgrade(db, chain, "008_integrity", {.force = true});
        CHECK(differences(catalog, full_catalog_lines(db)) == "");
        CHECK(contents(base) == rows);
        CHECK(hypertables(base) == "");
    }
}

TEST_CASE("what the library writes and reads stays right on hypertables", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    m::upgrade(db, chain);
    auto cost = sark::CostTracking{.timestamp_ = sark::timestamp::from_unix_micros(1'767'225'600'000'000),
                                   .principal_id = "p",
                                   .resource_id = "r",
                                   .capability_id = "c",
                                   .actual_cost = sark::money{"0.5"},
                                   .request_id = "q"};
    db.insert(cost);
    db.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_cost_summary");
    auto const hours = db.all(sark::from<sark::HourlyCosts>());
    REQUIRE(hours.size() == 1);
    CHECK(hours[0].invocation_count == 1);
    CHECK(hours[0].principal_id == "p");
    CHECK(db.all(sark::from<sark::DailyCostSummary>()).size() == 1);
    // The same request at the same time is one row, also across the indexes of chunks.
    CHECK_THROWS_AS(db.insert(cost), sark::error);
    CHECK(base.ask("SELECT count(*) FROM cost_tracking") == "1");
    if (is_apache(base)) return;
    // Compressed chunks take rows and are written out on the way back.
    CHECK(base.ask("SELECT count(engine.compress_chunk(c, if_not_compressed => true)) FROM "
                   "engine.show_chunks('cost_tracking') AS c") == "1");
    cost.request_id = "other";
    db.insert(cost);
    m::downgrade(db, chain, "008_integrity", {.force = true});
    CHECK(base.ask("SELECT count(*) FROM cost_tracking") == "2");
    CHECK(base.ask("INSERT INTO cost_tracking (principal_id, resource_id, capability_id) VALUES ('p', 'r', 'c') "
                   "RETURNING id") == "4");
}

TEST_CASE("a TimescaleDB that comes after the migration is told, and adopted", "[engine]") {
    database const base{sark::test::engine_url()};
    sark::connection db{base.url()};
    m::upgrade(db, chain);
    fill(base);
    auto const plain = full_catalog_lines(db);
    CHECK(m::engine_drift(db, chain).empty());
    extend(base);
    std::string const rows = contents(base);

    auto const found = m::engine_drift(db, chain);
    std::size_t const refused = is_apache(base) ? 3 : 0;  // the view gets a plain one to stand for it
    CHECK(count(found, m::severity::error) == 7 - refused);
    CHECK(count(found, m::severity::warning) == refused);
    CHECK_FALSE(m::verify_applied(db, chain).empty());
    // The way back says what is to be done, and changes nothing.
    try {
        m::downgrade(db, chain, "008_integrity", {.force = true});
        FAIL("the way back undid what was not there");
    } catch (m::failed const& e) { CHECK_FALSE(e.sqlstate().empty()); }
    CHECK(differences(plain, full_catalog_lines(db)) == "");

    CHECK(m::adopt(db, chain).size() == 7 - refused);
    CHECK(count(m::engine_drift(db, chain), m::severity::error) == 0);
    CHECK(hypertables(base) == ours);
    CHECK(contents(base) == rows);
    CHECK(m::adopt(db, chain).empty());
    CHECK(base.ask("SELECT count(*) FROM cost_by_hour") == "960");

    // It is what the migration would have made.
    database const fresh{sark::test::engine_url()};
    extend(fresh);
    sark::connection other{fresh.url()};
    m::upgrade(other, chain);
    CHECK(policies(base) == policies(fresh));
    CHECK(m::verify_applied(db, chain).empty());
    CHECK(differences(catalog(other), catalog(db)) == "");
}

TEST_CASE("TimescaleDB refuses what the compiler refuses", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    db.execute("SET search_path = public, engine");
    db.execute("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, maybe timestamptz)");
    db.execute("CREATE TABLE h (id bigint, at timestamptz NOT NULL, t bigint, PRIMARY KEY (at, id))");
    CHECK(sark::test::refusal(db, "SELECT create_hypertable('t', 'at')") == "TS103");
    db.execute("SELECT create_hypertable('h', 'at', partitioning_column => 'id', number_partitions => 2)");
    CHECK(sark::test::refusal(db, "CREATE UNIQUE INDEX ux ON h (t)") == "TS103");
    CHECK(sark::test::refusal(db, "CREATE UNIQUE INDEX ux ON h (at, t)") == "TS103");
    db.execute("CREATE TABLE g (at timestamptz NOT NULL, id bigint NOT NULL, PRIMARY KEY (at, id))");
    db.execute("SELECT create_hypertable('g', 'at', partitioning_column => 'id', number_partitions => 2)");
    CHECK(sark::test::refusal(db, "ALTER TABLE h ADD FOREIGN KEY (at, id) REFERENCES g (at, id)") == "0A000");
}

namespace {

constexpr auto reading_key = m::primary_key("at", "sensor", "id");
inline constexpr auto readings = m::migration(
    "1_readings", m::root,
    m::create_table("readings", m::column{.name = "id", .type = "bigserial"},
                    m::column{.name = "sensor", .type = "text"}, m::column{.name = "at", .type = "timestamptz"},
                    m::column{.name = "value", .type = "numeric(20,8)", .nullable = true}, reading_key));
inline constexpr auto chunks = m::migration(
    "2_chunks", m::after{"1_readings"},
    m::when_extension(
        "timescaledb", m::create_hypertable("readings", m::by_time{"at", "1 day"}, m::by_hash{"sensor", 3}),
        m::compress_chunks("readings", m::by_time{"at"}, "30 days", "sensor"), m::drop_chunks("readings", "3 years")));
inline constexpr auto own = m::chain<readings, chunks>;
static_assert(m::fits_engines<own>);

}  // namespace

TEST_CASE("a chain of one's own has space partitions, compression and retention", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    m::upgrade(db, own, "1_readings");
    db.execute("COMMENT ON TABLE readings IS 'what sensors say'");
    db.execute("GRANT SELECT ON readings TO PUBLIC");
    db.execute("INSERT INTO readings (sensor, at, value) SELECT 's' || i % 4, timestamptz '2026-01-01' + i * interval "
               "'1 hour', i FROM generate_series(1, 100) AS i");
    auto const before = full_catalog_lines(db);
    m::upgrade(db, own);
    CHECK(base.ask("SELECT string_agg(column_name || coalesce(' ' || num_partitions, ''), ', ' ORDER BY "
                   "dimension_number) FROM timescaledb_information.dimensions") == "at, sensor 3");
    CHECK(policies(base) == (is_apache(base) ? "" : "policy_compression readings, policy_retention readings"));
    CHECK(count(m::engine_drift(db, own), m::severity::warning) == (is_apache(base) ? 2 : 0));
    m::downgrade(db, own, "1_readings", {.force = true});
    CHECK(differences(before, full_catalog_lines(db)) == "");
    CHECK(base.ask("SELECT count(*) FROM readings") == "100");
    CHECK(base.ask("SELECT obj_description('readings'::regclass)") == "what sensors say");
    CHECK(base.ask("SELECT has_table_privilege('public', 'readings', 'SELECT')") == "t");
}
