// SPDX-License-Identifier: MIT
//
// A server with Citus; one node is enough, its shards are shards.
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

namespace {

void extend(database const& db) { db.execute("SET client_min_messages = error; CREATE EXTENSION citus"); }

/// Reads the catalog without two checks that the server spells otherwise when they come back from the shards, though
/// they say the same.
std::vector<std::string> catalog(sark::connection& db) {
    auto lines = sark::test::full_catalog_lines(db);
    std::erase_if(lines, [](std::string const& line) {
        return line.find("_sensitivity_level|CHECK") != std::string::npos ||
               line.find("_sensitivity_level CHECK") != std::string::npos;
    });
    return lines;
}

std::string placed(database const& db) {
    return db.ask("SELECT string_agg(table_name || ' ' || CASE citus_table_type WHEN 'distributed' THEN "
                  "distribution_column ELSE citus_table_type END, ', ' ORDER BY table_name::text) FROM citus_tables");
}
constexpr char const* ours =
    "audit_events id, capabilities resource_id, cost_tracking resource_id, federation_nodes reference, "
    "gateway_audit_events id, principal_budgets principal_id, resources id";

std::string together(database const& db) {
    return db.ask("SELECT string_agg(table_name::text, ', ' ORDER BY table_name::text) FROM citus_tables WHERE "
                  "colocation_id = (SELECT colocation_id FROM citus_tables WHERE table_name = 'resources'::regclass)");
}

}  // namespace

TEST_CASE("resources are spread with their rows, and come back", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    m::upgrade(db, chain, "008_integrity");
    fill(base);
    auto const before = catalog(db);
    std::string const rows = contents(base);
    m::upgrade(db, chain, "009_engines");
    CHECK(contents(base) == rows);
    CHECK(placed(base) == ours);
    CHECK(together(base) == "capabilities, cost_tracking, resources");
    CHECK(m::verify_applied(db, chain).empty());
    CHECK(m::engine_drift(db, chain).empty());
    db.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_cost_summary");

    // What goes with a resource is on its node, so the key still holds and deletes still cascade.
    CHECK(sark::test::refusal(db, "INSERT INTO capabilities (id, resource_id, name, sensitivity_level) VALUES ('x', "
                                  "'nobody', 'n', 'low')") == "23503");
    auto const risky = db.all(
        sark::from<sark::Resource>().join<sark::Capability>().where(sark::col<&sark::Resource::id> == "r3"));
    CHECK(risky.size() == 5);
    db.execute("DELETE FROM resources WHERE id = 'r1'");
    CHECK(base.ask("SELECT count(*) FROM capabilities") == "95");
    db.execute("INSERT INTO resources (id, name, protocol, endpoint, sensitivity_level, metadata) VALUES ('r1', 'n', "
               "'mcp', 'e', 'low', '{}')");

    m::downgrade(db, chain, "008_integrity", {.force = true});
    CHECK(differences(before, catalog(db)) == "");
    CHECK(base.ask("SELECT count(*) FROM cost_tracking") == "960");
    CHECK(placed(base) == "");
    CHECK(base.ask("INSERT INTO cost_tracking (principal_id, resource_id, capability_id) VALUES ('p', 'r', 'c') "
                   "RETURNING id > 960") == "t");
}

TEST_CASE("a Citus that comes after the migration is told, and adopted", "[engine]") {
    database const base{sark::test::engine_url()};
    sark::connection db{base.url()};
    m::upgrade(db, chain);
    fill(base);
    CHECK(m::engine_drift(db, chain).empty());
    extend(base);
    auto const plain = catalog(db);
    std::string const rows = contents(base);
    CHECK(m::engine_drift(db, chain).size() == 7);
    CHECK_FALSE(m::verify_applied(db, chain).empty());
    CHECK_THROWS_AS(m::downgrade(db, chain, "008_integrity", {.force = true}), m::failed);
    CHECK(differences(plain, catalog(db)) == "");

    CHECK(m::adopt(db, chain).size() == 7);
    CHECK(m::engine_drift(db, chain).empty());
    CHECK(m::verify_applied(db, chain).empty());
    CHECK(placed(base) == ours);
    CHECK(together(base) == "capabilities, cost_tracking, resources");
    CHECK(contents(base) == rows);
    CHECK(m::adopt(db, chain).empty());
    m::downgrade(db, chain, "008_integrity", {.force = true});
    CHECK(placed(base) == "");
    CHECK(contents(base) == rows);
}

TEST_CASE("Citus refuses what the compiler refuses", "[engine]") {
    database const base{sark::test::engine_url()};
    extend(base);
    sark::connection db{base.url()};
    using sark::test::refusal;
    for (char const* sql : {"CREATE TABLE a (id bigint PRIMARY KEY, other bigint)",
                            "CREATE TABLE b (id bigint, a bigint, PRIMARY KEY (a, id))",
                            "CREATE TABLE c (id bigint, a bigint, PRIMARY KEY (a, id))",
                            "CREATE TABLE l (id bigint PRIMARY KEY)", "CREATE TABLE r (id bigint PRIMARY KEY)",
                            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                            "CREATE TABLE g (id bigint PRIMARY KEY)",
                            "CREATE TRIGGER t BEFORE UPDATE ON g FOR EACH ROW EXECUTE FUNCTION f()"})
        db.execute(sql);
    CHECK(refusal(db, "SELECT create_distributed_table('a', 'other')") == "0A000");
    CHECK_FALSE(refusal(db, "SELECT create_distributed_table('g', 'id')").empty());
    CHECK_FALSE(refusal(db, "SELECT create_reference_table('g')").empty());
    CHECK_FALSE(refusal(db, "SELECT create_distributed_table('b', 'a', colocate_with => 'a')").empty());
    for (char const* sql :
         {"SELECT create_distributed_table('a', 'id', colocate_with => 'none')",
          "SELECT create_distributed_table('b', 'a', colocate_with => 'a')",
          "SELECT create_distributed_table('c', 'a', colocate_with => 'none')", "SELECT create_reference_table('r')"})
        db.execute(sql);
    CHECK(refusal(db, "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a (id)").empty());
    CHECK(refusal(db, "ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES r (id)").empty());
    CHECK(refusal(db, "ALTER TABLE l ADD FOREIGN KEY (id) REFERENCES r (id)").empty());
    CHECK(refusal(db, "ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES a (id)") == "0A000");
    CHECK(refusal(db, "ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES a (id)") == "0A000");
    CHECK_FALSE(refusal(db, "ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES l (id)").empty());
    CHECK_FALSE(refusal(db, "ALTER TABLE r ADD FOREIGN KEY (id) REFERENCES a (id)").empty());
    CHECK_FALSE(refusal(db, "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()").empty());
}
