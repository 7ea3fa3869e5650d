// SPDX-License-Identifier: MIT
#include "db/migrate_catalog.hpp"
#include "db/migrate_catalog_007.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <map>
#include <string>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/schema/ddl.hpp>

using sark::migrations::chain;
using sark::test::catalog_lines;
using sark::test::differences;
using sark::test::full_catalog_lines;

namespace {

/// Builds a schema directly, as a program without history would.
void create(sark::connection& db, sark::schema::definition const& d) {
    auto const run = [&](auto const& write) { db.execute(sark::sql::render(write)); };
    for (auto const& e : d.enums) run([&](auto& w) { sark::schema::put_create_enum(w, e); });
    for (auto t : d.tables) {
        // Two tables point to each other, so foreign keys come when all tables are there.
        std::erase_if(t.constraints,
                      [](auto const& c) { return c.kind == sark::schema::constraint_kind::foreign_key; });
        run([&](auto& w) { sark::schema::put_create_table(w, t); });
    }
    for (auto const& f : d.functions) run([&](auto& w) { sark::schema::put_create_function(w, f); });
    for (auto const& t : d.tables) {
        for (auto const& c : t.constraints)
            if (c.kind == sark::schema::constraint_kind::foreign_key)
                run([&](auto& w) {
                    w.put("ALTER TABLE ");
                    sark::sql::put_identifier(w, t.name);
                    w.put(" ADD ");
                    sark::schema::put_constraint(w, t.name, c);
                });
        for (auto const& i : t.indexes) run([&](auto& w) { sark::schema::put_create_index(w, t.name, i); });
        for (auto const& g : t.triggers) run([&](auto& w) { sark::schema::put_create_trigger(w, t.name, g); });
        for (auto const& c : t.columns)
            if (!c.comment.empty())
                run([&](auto& w) { sark::schema::put_comment_on_column(w, t.name, c.name, c.comment); });
    }
    for (auto const& v : d.views) {
        run([&](auto& w) { sark::schema::put_create_view(w, v); });
        for (auto const& i : v.indexes) run([&](auto& w) { sark::schema::put_create_index(w, v.name, i); });
    }
}

}  // namespace

TEST_CASE("revision 007 has the catalog of the first product, line for line", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    sark::migrate::upgrade(db, chain, "007_federation");
    auto const expected = sark::test::lines_of(sark::test::catalog_007);
    CHECK(expected.size() == 287);
    CHECK(differences(expected, catalog_lines(db)) == "");
}

TEST_CASE("every step down and up again gives the identical catalog, and base is empty", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    REQUIRE(full_catalog_lines(db).empty());

    std::map<std::string, std::vector<std::string>> going_up;
    going_up["base"] = {};
    for (auto const& m : chain.view()) {
        sark::migrate::upgrade(db, chain, m.id);
        going_up[std::string{m.id}] = full_catalog_lines(db);
    }
    for (auto m = chain.view().rbegin(); m != chain.view().rend(); ++m) {
        std::string const parent = m->parent.empty() ? "base" : std::string{m->parent};
        INFO(m->id);
        sark::migrate::downgrade(db, chain, parent);
        CHECK(differences(going_up[parent], full_catalog_lines(db)) == "");
        if (parent == "base") break;
        sark::migrate::upgrade(db, chain, m->id);
        CHECK(differences(going_up[std::string{m->id}], full_catalog_lines(db)) == "");
        sark::migrate::downgrade(db, chain, parent);
    }
    // Nothing at all is left: no table (the ledger neither), type, sequence, function or schema of ours.
    CHECK(database.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    CHECK(database.ask("SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace") == "0");
    CHECK(database.ask("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == "0");
    sark::migrate::upgrade(db, chain);
    CHECK(differences(going_up[std::string{chain.head()}], full_catalog_lines(db)) == "");
    // What is for servers with an engine changes nothing on any other.
    CHECK(differences(going_up["008_integrity"], going_up["009_engines"]) == "");
}

TEST_CASE("the fold of the chain builds, without history, what the chain builds", "[migrate][db]") {
    for (std::string const revision : {"007_federation", "008_integrity"}) {
        INFO(revision);
        sark::test::database const by_chain;
        sark::test::database const by_fold;
        sark::connection first{by_chain.url()};
        sark::connection second{by_fold.url()};
        sark::migrate::upgrade(first, chain, revision);
        create(second, sark::migrate::fold(chain, revision));
        CHECK(differences(full_catalog_lines(first), full_catalog_lines(second)) == "");
    }
}

TEST_CASE("at head no index repeats the beginning of another and every foreign key has one", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    auto const redundant = [&] {
        return database.ask(R"(
            SELECT string_agg(a.indexrelid::regclass::text, ', ' ORDER BY a.indexrelid::regclass::text)
            FROM pg_index a JOIN pg_class t ON t.oid = a.indrelid
            WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> 'sark_migrations'
              AND a.indpred IS NULL AND a.indexprs IS NULL AND NOT a.indisprimary
              AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = a.indexrelid)
              AND EXISTS (SELECT FROM pg_index b
                          JOIN pg_class ic ON ic.oid = b.indexrelid JOIN pg_am m ON m.oid = ic.relam
                          WHERE b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid AND b.indpred IS NULL
                            AND m.amname = 'btree'
                            AND (b.indkey::text = a.indkey::text OR b.indkey::text LIKE a.indkey::text || ' %')))");
    };
    auto const unindexed = [&] {
        return database.ask(R"(
            SELECT string_agg(o.conname, ', ' ORDER BY o.conname) FROM pg_constraint o
            WHERE o.contype = 'f'
              AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = o.conrelid AND i.indkey[0] = o.conkey[1]))");
    };
    sark::migrate::upgrade(db, chain, "007_federation");
    CHECK(redundant() == "ix_api_keys_key_prefix, ix_federation_nodes_node_id, ix_mcp_servers_consul_id, "
                         "ix_policies_name, ix_policy_versions_policy_id, ix_principal_budgets_principal, "
                         "ix_teams_name, ix_user_teams_user_id, ix_users_email");
    CHECK(unindexed() == "fk_policies_current_version, policy_versions_created_by_fkey");
    sark::migrate::upgrade(db, chain);
    CHECK(redundant() == "");
    CHECK(unindexed() == "");
}
