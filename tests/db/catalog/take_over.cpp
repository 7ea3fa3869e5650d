// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog.hpp>
#include <sark/migrate/take_over.hpp>
#include <sark/migrations/alembic.hpp>
#include <sark/migrations/chain.hpp>

namespace catalog = sark::catalog;
namespace migrate = sark::migrate;
using sark::migrations::alembic_ids;
using sark::migrations::chain;

namespace {

/// Builds a revision as the first product would: the tables, and nobody's ledger.
void build(sark::connection& db, std::string_view revision) {
    db.transaction([&](sark::transaction& tx) {
        for (auto const& m : chain.view()) {
            for (auto const& statement : m.up) tx.execute(statement.sql);
            if (m.id == revision) return;
        }
    });
}

void write_version(sark::connection& db, std::string const& revision) {
    db.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, "
               "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))");
    if (!revision.empty()) static_cast<void>(db.query_text("INSERT INTO alembic_version VALUES ($1)", {revision}));
}

template <class F>
std::vector<sark::report::finding> differences_of(F const& f) {
    try {
        f();
    } catch (migrate::differs const& found) {
        INFO(found.what());
        CHECK(found.what() == std::string{found.what()}.substr(0, 2000));
        return found.differences();
    }
    FAIL_CHECK("no differences");
    return {};
}

}  // namespace

TEST_CASE("a database of Alembic is taken over at any revision and goes on to the same head", "[catalog][db]") {
    sark::test::database const live;
    sark::connection first{live.url()};
    auto const head = catalog::build(first, migrate::fold(chain.view()));
    for (auto const& id : alembic_ids) {
        INFO(id.theirs);
        sark::connection db{live.url()};
        db.execute("CREATE SCHEMA \"" + std::string{id.theirs} + "\"");
        db.execute("SET search_path = \"" + std::string{id.theirs} + "\"");
        build(db, id.ours);
        write_version(db, std::string{id.theirs});
        auto const taken = migrate::take_over(db, chain, alembic_ids);
        CHECK(taken.theirs == id.theirs);
        CHECK(taken.ours == id.ours);
        CHECK(migrate::status(db, chain).current == id.ours);
        CHECK(migrate::upgrade(db, chain).from == id.ours);
        CHECK(catalog::diff(head, catalog::read(db), {.unmanaged = true}).empty());

        // There and back: the other tool finds its own revision, by the name that its chain has now.
        CHECK_THROWS_WITH(migrate::hand_back(db, chain, alembic_ids), ContainsSubstring("'009_engines'"));
    }
}

TEST_CASE("a database is handed back to Alembic with its revision and without a ledger", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    build(db, "005_gateway_audit");
    write_version(db, "005_gateway_audit_events");
    static_cast<void>(migrate::take_over(db, chain, alembic_ids));
    live.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL");
    CHECK(differences_of([&] { static_cast<void>(migrate::hand_back(db, chain, alembic_ids)); }).size() == 1);
    live.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL");
    CHECK(migrate::hand_back(db, chain, alembic_ids) == "005_gateway_audit");
    CHECK(live.ask("SELECT string_agg(version_num, ',') FROM alembic_version") == "005_gateway_audit");
    CHECK(live.ask("SELECT to_regclass('sark_migrations')").empty());
    CHECK(migrate::take_over(db, chain, alembic_ids).ours == "005_gateway_audit");
}

TEST_CASE("what Alembic says is not believed", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    build(db, "003_policies");
    write_version(db, "004_audit_events");
    // The table, and its two types.
    CHECK(differences_of([&] { static_cast<void>(migrate::take_over(db, chain, alembic_ids)); }).size() == 3);
    live.execute("UPDATE alembic_version SET version_num = '9f_someone_elses'");
    CHECK_THROWS_WITH(migrate::take_over(db, chain, alembic_ids), ContainsSubstring("'9f_someone_elses'"));
    live.execute("INSERT INTO alembic_version VALUES ('003_policies')");
    CHECK_THROWS_WITH(migrate::take_over(db, chain, alembic_ids), ContainsSubstring("two branches"));
    live.execute("DROP TABLE alembic_version");
    CHECK_THROWS_WITH(migrate::take_over(db, chain, alembic_ids), ContainsSubstring("looks like '003_policies'"));
    CHECK(live.ask("SELECT to_regclass('sark_migrations')").empty());
}

TEST_CASE("a database that the first product's models made is recognised and refused with its differences",
          "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    build(db, "007_federation");
    // What create_all of the models does otherwise: labels are the names of members, columns of 007 are not known,
    // documents are json, a table is missing, indexes of the chain are.
    live.execute(R"(DO $$ DECLARE l record; BEGIN
        FOR l IN SELECT t.typname, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid LOOP
            EXECUTE format('ALTER TYPE %I RENAME VALUE %L TO %L', l.typname, l.enumlabel, upper(l.enumlabel));
        END LOOP; END $$;
        ALTER TABLE audit_events DROP COLUMN principal_org, DROP COLUMN correlation_id, ADD COLUMN latency_ms integer;
        ALTER TABLE mcp_tools RENAME COLUMN parameters_schema TO parameters;
        ALTER TABLE teams ALTER COLUMN extra_metadata DROP DEFAULT, ALTER COLUMN extra_metadata TYPE json;
        DROP TABLE gateway_audit_events; DROP INDEX ix_resources_metadata_gin)");
    std::string said;
    try {
        static_cast<void>(migrate::take_over(db, chain, alembic_ids));
    } catch (migrate::differs const& found) {
        said = found.what();
        std::vector<std::string> ids;
        for (auto const& f : found.differences()) ids.push_back(f.id + ' ' + f.subject);
        auto const has = [&](std::string const& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); };
        for (std::string const type : {"transporttype", "sensitivitylevel", "serverstatus", "policytype",
                                       "policystatus", "auditeventtype", "severitylevel"})
            CHECK(has("enum-label-renamed " + type));
        CHECK(has("column-missing audit_events.principal_org"));
        CHECK(has("column-unexpected audit_events.latency_ms"));
        CHECK(has("column-renamed mcp_tools.parameters_schema"));
        CHECK(has("column-type teams.extra_metadata"));
        CHECK(has("table-missing gateway_audit_events"));
        CHECK(has("index-missing resources.ix_resources_metadata_gin"));
    }
    CHECK_THAT(said, ContainsSubstring("models made this database"));
    CHECK_THAT(said, ContainsSubstring("'007_federation'"));
    CHECK(live.ask("SELECT to_regclass('sark_migrations')").empty());
}

TEST_CASE("a stamp is recorded only when the database is what it says", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    CHECK(differences_of([&] { migrate::stamp(db, chain, "002_api_keys"); }).size() > 5);
    CHECK(live.ask("SELECT to_regclass('sark_migrations')").empty());
    CHECK_THROWS_AS(migrate::stamp(db, chain, "no_such"), migrate::refused);
    build(db, "002_api_keys");
    live.execute("DROP INDEX ix_api_keys_user_id");
    auto const found = differences_of([&] { migrate::stamp(db, chain, "002_api_keys"); });
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "index-missing");
    for (auto const& statement : found[0].repair) live.execute(statement);
    migrate::stamp(db, chain, "002_api_keys");
    CHECK(migrate::status(db, chain).applied.size() == 2);
    migrate::stamp(db, chain, "002_api_keys");
    CHECK(migrate::status(db, chain).applied.size() == 2);
    static_cast<void>(migrate::upgrade(db, chain));

    auto const report = migrate::drift(db, chain);
    CHECK(report.findings.empty());
    CHECK(report.unchecked.empty());
    CHECK(report.database == live.name());
    CHECK(report.counts.at(0).value == 17);
    CHECK(report.counts.at(1).value == 183);
    CHECK(sark::report::exit_code(report) == sark::report::exit_clean);
    CHECK(!migrate::drift(db, chain, "007_federation").findings.empty());
    CHECK_THROWS_AS(migrate::drift(db, chain, "no_such"), migrate::refused);
    CHECK(differences_of([&] { migrate::stamp(db, chain, "007_federation"); }).size() > 10);
}

TEST_CASE("drift says what it could not check", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    static_cast<void>(migrate::upgrade(db, chain, "001_initial"));
    db.execute("SET default_transaction_read_only = on");
    auto const report = migrate::drift(db, chain);
    CHECK(report.unchecked.size() == 1);
    CHECK(sark::report::exit_code(report) == sark::report::exit_critical);
    live.execute("UPDATE sark_migrations SET state = 'building' WHERE revision = '001_initial'");
    auto const unfinished = migrate::drift(db, chain);
    REQUIRE(unfinished.unchecked.size() == 2);
    CHECK_THAT(unfinished.unchecked[0], ContainsSubstring("'001_initial' was interrupted"));
}
