// SPDX-License-Identifier: MIT
//
// The chain that docs/migrations.md shows.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>

#include <sark/migrate.hpp>

namespace {

namespace m = sark::migrate;

inline constexpr auto v001 = m::migration(
    "001_notes", m::root, "notes and their tags", m::create_enum("mood", "calm", "angry"),
    m::create_table("notes", m::column{.name = "id", .type = "bigserial"}, m::column{.name = "text", .type = "text"},
                    m::column{.name = "mood", .type = "mood", .fallback = "'calm'"},
                    m::column{.name = "tags", .type = "jsonb", .fallback = "'[]'"}, m::primary_key("id"),
                    m::check("ck_notes_text", "text <> ''")),
    m::create_index("ix_notes_tags", "notes", m::gin, m::with_class("tags", "jsonb_path_ops")));

inline constexpr auto v002 = m::migration(
    "002_authors", m::after{"001_notes"},
    m::step("every note has an author",
            m::require_no_rows{.table = "notes",
                               .key = "id",
                               .up_rows = "length(text) > 100",
                               .complaint = "are longer than 100 characters"},
            m::add_column{"notes", m::column{.name = "author", .type = "text", .nullable = true}},
            m::data("UPDATE notes SET author = 'unknown'", m::nothing_to_undo{"the column goes with its values"})
                .fills("notes", "author", "author = 'unknown'"),
            m::set_not_null{"notes", "author"}),
    m::drop_index("ix_notes_tags", "notes", m::gin, m::with_class("tags", "jsonb_path_ops")));

inline constexpr auto chain = m::chain<v001, v002>;

static_assert(m::down_is_the_inverse(chain, 0) && m::down_is_the_inverse(chain, 1));

}  // namespace

TEST_CASE("a chain of one's own goes up and down", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "001_notes");
    database.execute("INSERT INTO notes (text) VALUES ('one'), (repeat('x', 101))");
    auto const before = sark::test::full_catalog_lines(db);
    CHECK_THROWS_WITH(m::upgrade(db, chain), ContainsSubstring("notes: 1 row(s) are longer than 100 characters"));
    database.execute("DELETE FROM notes WHERE length(text) > 100");
    m::upgrade(db, chain);
    CHECK(database.ask("SELECT author FROM notes") == "unknown");
    CHECK(database.ask("SELECT to_regclass('ix_notes_tags') IS NULL") == "t");
    m::downgrade(db, chain, "001_notes");
    CHECK(sark::test::differences(before, sark::test::full_catalog_lines(db)) == "");
    CHECK_THROWS_WITH(m::downgrade(db, chain, "base"), ContainsSubstring("notes 1 (001_notes)"));
    m::downgrade(db, chain, "base", {.force = true});
    CHECK(sark::test::catalog_lines(db).empty());
}
