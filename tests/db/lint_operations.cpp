// SPDX-License-Identifier: MIT
//
// The operations that keep locks short, through the runner: up, down to what was there before, and up again.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <sark/migrate.hpp>

namespace {

namespace m = sark::migrate;

constexpr auto positive = m::check("ck_n", "n > 0");
constexpr auto to_people = m::foreign_key("person").references("people", "id").named("fk_person");

inline constexpr auto v001 = m::migration(
    "001_tables", m::root, m::create_table("people", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")),
    m::create_table("notes", m::column{.name = "id", .type = "bigint"}, m::column{.name = "n", .type = "integer"},
                    m::column{.name = "person", .type = "uuid", .nullable = true}));
inline constexpr auto v002 = m::migration(
    "002_unchecked", m::after{"001_tables"}, m::add_constraint{"notes", m::not_valid(positive)},
    m::add_constraint{"notes", m::not_valid(to_people)},
    m::add_constraint{"notes", m::not_valid(m::check("ck_person", "person IS NOT NULL"))});
inline constexpr auto v003 = m::migration("003_checked", m::after{"002_unchecked"},
                                          m::validate_constraint{"notes", positive},
                                          m::validate_constraint{"notes", to_people},
                                          m::validate_constraint{"notes", m::check("ck_person", "person IS NOT NULL")});
inline constexpr auto v004 = m::migration("004_required", m::after{"003_checked"},
                                          m::set_not_null{"notes", "person", "ck_person"},
                                          m::drop_constraint("notes", m::check("ck_person", "person IS NOT NULL")));
inline constexpr auto v005 = m::migration("005_index", m::after{"004_required"},
                                          m::create_unique_index("ux_notes_id", "notes", m::concurrently, "id"));
inline constexpr auto v006 = m::migration("006_key", m::after{"005_index"},
                                          m::add_constraint_using_index{"notes", m::primary_key("id"), "ux_notes_id"});
inline constexpr auto v007 = m::migration(
    "007_where", m::after{"006_key"},
    m::when_extension("plpgsql", m::create_index("ix_with", "notes", "n"), m::data("SELECT 1", "SELECT 1")),
    m::unless_extension("plpgsql", m::create_index("ix_without", "notes", "n")));
inline constexpr auto v008 = m::migration("008_no_index", m::after{"007_where"},
                                          m::create_index("ix_person", "notes", m::concurrently, "person"));
inline constexpr auto chain = m::chain<v001, v002, v003, v004, v005, v006, v007, v008>;

}  // namespace

TEST_CASE("short locks through the runner, up and down", "[migrate][lint][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "002_unchecked");
    auto const unchecked = sark::test::full_catalog_lines(db);
    CHECK(database.ask("SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == "3");
    database.execute("INSERT INTO people VALUES ('00000000-0000-0000-0000-000000000001');"
                     "INSERT INTO notes SELECT i, i, '00000000-0000-0000-0000-000000000001' "
                     "FROM generate_series(1, 100) AS i");
    m::upgrade(db, chain);
    CHECK(database.ask("SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == "0");
    CHECK(database.ask(
              "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'notes'::regclass AND attname = 'person'") == "t");
    CHECK(database.ask("SELECT to_regclass('notes_pkey') IS NOT NULL AND to_regclass('ux_notes_id') IS NULL") == "t");
    CHECK(database.ask("SELECT to_regclass('ix_with') IS NOT NULL AND to_regclass('ix_without') IS NULL") == "t");
    CHECK(database.ask("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'notes'::regclass") == "t");
    auto const all = sark::test::full_catalog_lines(db);

    m::downgrade(db, chain, "001_tables", {.force = true});
    m::upgrade(db, chain, "002_unchecked");
    CHECK(sark::test::differences(unchecked, sark::test::full_catalog_lines(db)) == "");
    m::upgrade(db, chain);
    CHECK(sark::test::differences(all, sark::test::full_catalog_lines(db)) == "");
    m::downgrade(db, chain, "base", {.force = true});
    CHECK(sark::test::catalog_lines(db).empty());
}

TEST_CASE("a row that breaks an unchecked constraint stops its validation", "[migrate][lint][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "001_tables");
    database.execute("INSERT INTO notes (id, n) VALUES (1, 0)");
    m::upgrade(db, chain, "002_unchecked");
    CHECK_THROWS_WITH(m::upgrade(db, chain), ContainsSubstring("003_checked") && ContainsSubstring("ck_n"));
    CHECK(m::status(db, chain).current == "002_unchecked");
}
