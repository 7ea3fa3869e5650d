// SPDX-License-Identifier: MIT
//
// What preflight and verify_applied say about whole chains: ours, and the one that docs/migrations.md shows.
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

namespace {

namespace m = sark::migrate;

/// Gives findings as text, one per line, with their severity.
std::string text_of_all(std::vector<m::assertion_finding> const& findings) {
    std::string text;
    for (m::assertion_finding const& f : findings)
        text += std::string{m::text_of(f.severity)} + " " + text_of(f) + "\n";
    return text;
}

struct undo {};

template <auto const&... Migrations>
m::detail::asked_chain asked(m::chain_t<Migrations...> const&) {
    return m::detail::asked_chain_of<Migrations...>::view();
}

/// Gives what verify says after a damage, which is undone.
std::vector<m::assertion_finding> after(sark::connection& db, std::vector<std::string> const& damage) {
    std::vector<m::assertion_finding> found;
    try {
        db.transaction([&](sark::transaction& tx) {
            for (std::string const& sql : damage) tx.execute(sql);
            found = m::detail::verify_in(tx, asked(sark::migrations::chain));
            throw undo{};
        });
    } catch (undo const&) {}
    return found;
}

/// Gives what one migration of our chain says in one phase.
std::string asked_in(sark::connection& db, std::size_t place, m::detail::phase at) {
    m::detail::asked_chain const ours = asked(sark::migrations::chain);
    m::detail::rendered_assertions const rendered{[&](m::detail::assertion_sink& sink) {
        ours.writers[place](sink, {ours.followers}, place, at, [](auto const&) {});
    }};
    return m::detail::in_snapshot(db, [&](sark::transaction& tx) {
        m::detail::asker asks{tx};
        std::vector<m::assertion_finding> found;
        for (m::assertion_view const& a : rendered.views()) asks.ask(a, "m", found);
        return text_of_all(found);
    });
}

// clang-format off
inline constexpr auto v001 = m::migration(
    "001_notes", m::root, "notes",
    m::create_table("notes",
                    m::column{.name = "id", .type = "bigserial"},
                    m::column{.name = "text", .type = "text", .nullable = true},
                    m::primary_key("id")),
    m::when_extension("plpgsql", m::create_table("shards", m::column{.name = "x", .type = "text", .nullable = true})),
    m::unless_extension("citus", m::create_table("single", m::column{.name = "x", .type = "text", .nullable = true})));

inline constexpr auto v002 = m::migration(
    "002_unique", m::after{"001_notes"}, "every text once",
    m::create_unique_index("ux_notes_text", "notes", m::concurrently, m::expression("lower(text)")));

inline constexpr auto v003 = m::migration(
    "003_authors", m::after{"002_unique"}, "authors",
    m::step("every note has an author",
            m::add_column{"notes", m::column{.name = "author", .type = "text", .nullable = true}},
            m::data("UPDATE notes SET author = 'unknown'", m::nothing_to_undo{"the column goes with its values"}),
            m::set_not_null{"notes", "author"},
            m::set_not_null{"notes", "text"}),
    m::step("the rest",
            m::when_extension("plpgsql", m::set_not_null{"shards", "x"}),
            m::when_extension("citus", m::set_default{"notes", "text", "''"}),
            m::unless_extension("citus", m::set_not_null{"single", "x"})));
// clang-format on

inline constexpr auto chain = m::chain<v001, v002, v003>;

/// Upgrades where nothing would fail, and looks at the result; docs/migrations.md shows it.
std::string upgrade_with_care(sark::connection& db) {
    std::string report;
    bool fails = false;
    for (auto const& found : m::preflight(db, chain)) {
        report += text_of(found) + '\n';
        fails = fails || found.severity == m::severity::error;
    }
    if (fails) return report;
    m::upgrade(db, chain);
    for (auto const& found : m::verify_applied(db, chain)) report += text_of(found) + '\n';
    return report;
}

}  // namespace

TEST_CASE("nothing speaks against our chain, and each revision leaves what it promises", "[migrate][assertions][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    auto const& ours = sark::migrations::chain;
    m::chain_view const revisions = ours.view();
    for (m::assertion_finding const& f : m::preflight(db, ours)) CHECK(f.severity == m::severity::info);
    std::size_t place = 0;
    for (m::migration_view const& revision : revisions) {
        // 009 is for servers with an engine: there is nothing to see of it here, before or afterwards.
        bool const shows = revision.id != "009_engines";
        if (shows) CHECK_THAT(asked_in(db, place, m::detail::phase::after_up), ContainsSubstring("error"));
        CHECK(text_of_all(m::preflight(db, ours, revision.id)) == "");
        m::upgrade(db, ours, revision.id);
        CHECK(text_of_all(m::verify_applied(db, ours)) == "");
        CHECK(asked_in(db, place, m::detail::phase::after_up) == "");
        if (shows) CHECK_THAT(asked_in(db, place, m::detail::phase::after_down), ContainsSubstring("error"));
        ++place;
        if (revision.id != "007_federation") continue;
        database.execute("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('a', 'n', 'MCP', '')");
        CHECK(text_of_all(m::preflight(db, ours)) ==
              "error sark: migration 008_integrity (the rows fit the checks that follow): rows of resources have a "
              "protocol that is no lower-case name. Correct them first. Found 1: a.\n"
              "error sark: migration 008_integrity (sensitivities and protocols are checked): rows of resources "
              "violate ck_resources_protocol. Correct them first. Found 1: a.\n");
        CHECK_THROWS_AS(m::upgrade(db, ours), m::failed);
        database.execute("DELETE FROM resources");
    }
    for (std::size_t i = revisions.size(); i-- > 0;) {
        std::string const to{i == 0 ? "base" : revisions[i - 1].id};
        CHECK(text_of_all(m::preflight(db, ours, to)) == "");
        m::downgrade(db, ours, to);
        CHECK(text_of_all(m::verify_applied(db, ours)) == "");
        CHECK(asked_in(db, i, m::detail::phase::after_down) == "");
    }
}

TEST_CASE("every single damage of the catalog is found and named", "[migrate][assertions][db]") {
    struct damage {
        std::vector<std::string> sql;
        std::string named;
        std::size_t findings = 1;
    };
    static std::vector<damage> const damages{
        {{"DROP INDEX ix_resources_name"}, "ix_resources_name is missing"},
        {{"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_resources_name'::regclass"},
         "ix_resources_name is not valid"},
        {{"DROP INDEX ix_resources_name", "CREATE INDEX ix_resources_name ON resources (endpoint)"},
         "ix_resources_name is another: CREATE INDEX ix_resources_name ON public.resources USING btree (endpoint)"},
        {{"DROP INDEX ix_resources_name", "CREATE INDEX ix_resources_name ON resources USING hash (name)"},
         "ix_resources_name is another"},
        {{"DROP INDEX ix_resources_name", "CREATE INDEX ix_resources_name ON resources (name) WHERE name > ''"},
         "ix_resources_name is another"},
        {{"DROP INDEX ux_cost_tracking_request",
          "CREATE INDEX ux_cost_tracking_request ON cost_tracking (request_id, \"timestamp\")"},
         "ux_cost_tracking_request is another"},
        {{"ALTER TABLE teams DROP COLUMN description"}, "columns of teams"},
        {{"ALTER TABLE users RENAME email TO mail"}, "email is missing", 2},
        {{"ALTER TABLE users ALTER role DROP DEFAULT"}, "role has no default"},
        {{"ALTER TABLE teams ALTER description SET DEFAULT ''"}, "description has a default"},
        {{"ALTER TABLE users ALTER email DROP NOT NULL"}, "email is not NOT NULL"},
        {{"ALTER TABLE teams ALTER description SET NOT NULL"}, "description is NOT NULL"},
        {{"ALTER TABLE users ALTER full_name TYPE varchar(300)"}, "full_name is character varying(300)"},
        {{"ALTER TABLE principal_budgets ALTER daily_budget TYPE numeric(20,6)"}, "daily_budget is numeric(20,6)"},
        {{"ALTER TABLE api_keys ALTER expires_at TYPE timestamp"}, "expires_at is timestamp without time zone"},
        {{"COMMENT ON COLUMN api_keys.scopes IS 'x'"}, "scopes has another comment"},
        {{"DROP TABLE gateway_audit_events"}, "columns of gateway_audit_events", 3},
        {{"ALTER TYPE auditeventtype RENAME VALUE 'user_login' TO 'login'"}, "enum type auditeventtype"},
        {{"ALTER TYPE severitylevel ADD VALUE 'none' BEFORE 'low'"}, "has none, low, medium, high, critical"},
        {{"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol"}, "ck_resources_protocol is missing"},
        {{"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol",
          "ALTER TABLE resources ADD CONSTRAINT ck_resources_protocol CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$') NOT "
          "VALID"},
         "ck_resources_protocol is not valid"},
        {{"ALTER TABLE capabilities DROP CONSTRAINT capabilities_resource_id_fkey",
          "ALTER TABLE capabilities ADD CONSTRAINT capabilities_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES "
          "resources (id)"},
         "capabilities_resource_id_fkey is another: FOREIGN KEY (resource_id) REFERENCES resources(id)"},
        {{"ALTER TABLE cost_tracking DROP CONSTRAINT cost_tracking_pkey",
          "ALTER TABLE cost_tracking ADD CONSTRAINT cost_tracking_pkey PRIMARY KEY (id, \"timestamp\")"},
         "cost_tracking_pkey is another: PRIMARY KEY (id, \"timestamp\")"},
        {{"DROP TRIGGER tg_users_updated_at ON users"}, "tg_users_updated_at is missing"},
        {{"ALTER TABLE users DISABLE TRIGGER tg_users_updated_at"}, "tg_users_updated_at is disabled"},
        {{"ALTER FUNCTION sark_set_updated_at() RENAME TO other"}, "function sark_set_updated_at is missing", 11},
        {{"REFRESH MATERIALIZED VIEW mv_daily_cost_summary WITH NO DATA"},
         "materialized view mv_daily_cost_summary is missing or not filled"},
        {{"DROP MATERIALIZED VIEW mv_daily_cost_summary"}, "mv_daily_cost_summary is missing", 2},
    };
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, sark::migrations::chain);
    for (damage const& d : damages) {
        auto const found = after(db, d.sql);
        INFO(d.sql.front());
        CHECK_THAT(text_of_all(found), ContainsSubstring(d.named));
        CHECK(found.size() == d.findings);
    }
    CHECK(text_of_all(m::verify_applied(db, sark::migrations::chain)) == "");
}

TEST_CASE("a chain of one's own is asked before and after", "[migrate][assertions][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    CHECK(m::verify_applied(db, chain).empty());
    m::upgrade(db, chain, "001_notes");
    database.execute("INSERT INTO notes (text) VALUES ('a'), ('b'), ('A'), (NULL); INSERT INTO single VALUES (NULL); "
                     "INSERT INTO shards VALUES ('x'), (NULL)");

    // What 002 changes is not asked of 003: its NULLs in text are found when it is the next one. The others are asked
    // at once: every server has plpgsql, and none of ours citus.
    CHECK(text_of_all(m::preflight(db, chain)) ==
          "error sark: migration 002_unique: rows of notes repeat the key of another row in unique index "
          "ux_notes_text. Remove or change them first. Found 1: 3.\n"
          "error sark: migration 003_authors (the rest): rows of single have NULL in x, which becomes NOT NULL. Fill "
          "them first. Found 1: (0,1).\n"
          "error sark: migration 003_authors (the rest): rows of shards have NULL in x, which becomes NOT NULL. Fill "
          "them first. Found 1: (0,2).\n"
          "info sark: migration 003_authors: assertions about what migrations before it change were left out. Ask "
          "again when it is the next one. Found 3.\n");
    CHECK_THROWS_AS(m::upgrade(db, chain), m::failed);
    // A concurrent build that fails leaves an index behind; the runner takes it away.
    CHECK(database.ask("SELECT to_regclass('ux_notes_text') IS NULL") == "t");
    CHECK(text_of_all(m::preflight(db, chain, "002_unique")) ==
          "error sark: migration 002_unique: rows of notes repeat the key of another row in unique index "
          "ux_notes_text. Remove or change them first. Found 1: 3.\n");
    database.execute("DELETE FROM notes WHERE text = 'A'");
    CHECK(m::preflight(db, chain, "002_unique").empty());
    m::upgrade(db, chain, "002_unique");
    CHECK(m::verify_applied(db, chain).empty());

    // The rows that 003 itself changes before it needs them are not asked.
    database.execute("DELETE FROM notes WHERE text IS NULL; DELETE FROM shards WHERE x IS NULL");
    CHECK(upgrade_with_care(db) ==
          "sark: migration 003_authors (the rest): rows of single have NULL in x, which becomes NOT NULL. Fill them "
          "first. Found 1: (0,1).\n");
    CHECK(m::status(db, chain).current == "002_unique");
    database.execute("DELETE FROM single");
    CHECK(upgrade_with_care(db) == "");
    CHECK(m::status(db, chain).current == "003_authors");
    database.execute("ALTER TABLE shards ALTER x DROP NOT NULL; ALTER TABLE single ALTER x SET DEFAULT ''");
    CHECK(
        text_of_all(m::verify_applied(db, chain)) ==
        "error sark: migration 003_authors: columns of shards are not what the migrations made. Compare them with its "
        "definition. Found 1: x is not NOT NULL.\n"
        "error sark: migration 003_authors: columns of single are not what the migrations made. Compare them with its "
        "definition. Found 1: x has a default.\n");
    database.execute("ALTER TABLE shards ALTER x SET NOT NULL; ALTER TABLE single ALTER x DROP DEFAULT");

    CHECK(text_of_all(m::preflight(db, chain, "002_unique")) ==
          "warning sark: migration 003_authors (every note has an author): values of notes.author are lost with it. "
          "Save what is still needed. Found 2.\n");
    m::downgrade(db, chain, "001_notes", {.force = true});
    CHECK(m::verify_applied(db, chain).empty());
    database.execute("DROP TABLE notes");
    CHECK(text_of_all(m::preflight(db, chain)) ==
          "error sark: migration 002_unique: table notes is missing. Restore it: the chain has made it before. Found "
          "1.\n"
          "info sark: migration 003_authors: assertions about what migrations before it change were left out. Ask "
          "again when it is the next one. Found 3.\n");
    database.execute("UPDATE sark_migrations SET checksum = 'edited'");
    CHECK_THROWS_AS(m::verify_applied(db, chain), m::refused);
    CHECK_THROWS_AS(m::preflight(db, chain), m::refused);
}
