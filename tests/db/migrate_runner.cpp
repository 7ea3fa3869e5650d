// SPDX-License-Identifier: MIT
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

namespace {

namespace m = sark::migrate;

// A chain of a user's own: two migrations that work, one that fails at its third statement.
inline constexpr auto notes = m::migration("001_notes", m::root, "notes",
                                           m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                                                           m::column{.name = "text", .type = "text"},
                                                           m::primary_key("id")));
inline constexpr auto authors = m::migration(
    "002_authors", m::after{"001_notes"},
    m::add_column{"notes", m::column{.name = "author", .type = "text", .fallback = "'unknown'"}},
    m::create_index("ix_notes_author", "notes", "author"));
inline constexpr auto broken = m::migration(
    "003_broken", m::after{"002_authors"},
    m::add_column{"notes", m::column{.name = "size", .type = "integer", .nullable = true}},
    m::step("the sizes are filled",
            m::data("UPDATE notes SET size = 1", m::nothing_to_undo{"the column goes with its values"}),
            m::data("UPDATE notes SET\n    size = text::integer", m::nothing_to_undo{"the same"})));
inline constexpr auto mistyped = m::migration(
    "003_broken", m::after{"002_authors"},
    m::verbatim("ALTER TABLE no_such_table ADD x integer", m::irreversible{"an experiment"}, m::opaque{"a test"}));
inline constexpr auto lasting = m::migration(
    "003_lasting", m::after{"002_authors"},
    m::data("UPDATE notes SET author = upper(author)", m::irreversible{"the case of the letters is gone"}));
inline constexpr auto edited = m::migration("001_notes", m::root, "notes",
                                            m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                                                            m::column{.name = "text", .type = "varchar(9)"},
                                                            m::primary_key("id")));
inline constexpr auto outside = m::migration(
    "003_outside", m::after{"002_authors"},
    m::verbatim("CREATE INDEX CONCURRENTLY ix_notes_text ON notes (text)", "DROP INDEX CONCURRENTLY ix_notes_text",
                m::opaque{"built outside of a transaction"})
        .with({.relation = "notes", .lock = m::lock_level::share_update_exclusive, .needs_transaction = false}));

constexpr auto good_chain = m::chain<notes, authors>;

template <class F>
m::problem refusal(F const& f) {
    try {
        f();
    } catch (m::refused const& e) {
        CHECK(std::string{e.what()} == e.why().message);
        return e.why();
    }
    FAIL("it was not refused");
    return {};
}

}  // namespace

TEST_CASE("an upgrade records what it ran, and a second one does nothing", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    CHECK(m::status(db, good_chain).current == "base");
    CHECK(m::status(db, good_chain).pending == std::vector<std::string>{"001_notes", "002_authors"});
    auto const first = m::upgrade(db, good_chain);
    CHECK(first.from == "base");
    CHECK(first.to == "002_authors");
    CHECK(first.migrations.size() == 2);
    auto const catalog = sark::test::full_catalog_lines(db);
    CHECK(m::upgrade(db, good_chain).migrations.empty());
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(db)) == "");

    auto const status = m::status(db, good_chain);
    CHECK(status.current == "002_authors");
    CHECK(status.head == "002_authors");
    CHECK(status.pending.empty());
    CHECK(!status.trouble);
    REQUIRE(status.applied.size() == 2);
    CHECK(status.applied[0].revision == "001_notes");
    CHECK(status.applied[0].name == "notes");
    CHECK(status.applied[1].name == "002_authors");
    CHECK(status.applied[1].checksum == m::checksum(good_chain.view()[1]));
    CHECK(status.applied[1].applied_by == database.ask("SELECT session_user"));
    CHECK(status.applied[1].library_version.find('.') != std::string::npos);
    CHECK(database.ask("SELECT bool_and(applied_at BETWEEN now() - interval '1 minute' AND clock_timestamp() "
                       "AND duration_ms BETWEEN 0 AND 60000) FROM sark_migrations") == "t");
    CHECK(database.ask("SELECT string_agg(revision, ' ' ORDER BY position) FROM sark_migrations "
                       "WHERE position IN (0, 1)") == "001_notes 002_authors");

    CHECK(m::downgrade(db, good_chain, "001_notes").way == m::direction::down);
    CHECK(m::status(db, good_chain).current == "001_notes");
    m::downgrade(db, good_chain, "base");
    CHECK(sark::test::catalog_lines(db).empty());
    CHECK(database.ask("SELECT to_regclass('sark_migrations') IS NULL") == "t");
    CHECK(m::downgrade(db, good_chain, "base").migrations.empty());
}

TEST_CASE("a migration that fails leaves schema and ledger where they were and names the place", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, good_chain);
    database.execute("INSERT INTO notes (text) VALUES ('a secret')");
    auto const catalog = sark::test::full_catalog_lines(db);

    SECTION("with data the statement cannot take: the place is named, the value is not") {
        try {
            m::upgrade(db, m::chain<notes, authors, broken>);
            FAIL("it did not fail");
        } catch (m::failed const& e) {
            CHECK(e.revision() == "003_broken");
            CHECK(e.statement() == 3);
            CHECK(e.sqlstate() == "22P02");
            CHECK(e.step() == "003_broken: statement 3");
            CHECK_THAT(e.what(), ContainsSubstring("migration '003_broken' stopped at statement 3 of 3 (the sizes are "
                                                   "filled): UPDATE notes SET\n"));
            CHECK_THAT(e.what(), !ContainsSubstring("secret"));
            CHECK_THAT(e.server_message(), ContainsSubstring("a secret"));
        }
    }
    SECTION("with a statement the server does not take") {
        try {
            m::upgrade(db, m::chain<notes, authors, mistyped>);
            FAIL("it did not fail");
        } catch (m::failed const& e) {
            CHECK(e.sqlstate() == "42P01");
            CHECK_THAT(e.what(), ContainsSubstring("relation \"no_such_table\" does not exist"));
        }
    }
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(db)) == "");
    CHECK(m::status(db, good_chain).current == "002_authors");
    // The lock is free again and the session usable.
    m::upgrade(db, m::chain<notes, authors, lasting>);
    CHECK(database.ask("SELECT author FROM notes") == "UNKNOWN");
}

TEST_CASE("a failing first migration leaves nothing at all", "[migrate][db]") {
    static constexpr auto first = m::migration("001_bad", m::root, m::create_enum("mood", "sad"),
                                               m::data("SELECT 1 / 0", m::nothing_to_undo{"nothing was done"}));
    sark::test::database const database;
    sark::connection db{database.url()};
    CHECK_THROWS_AS(m::upgrade(db, m::chain<first>), m::failed);
    CHECK(sark::test::catalog_lines(db).empty());
    CHECK(database.ask("SELECT to_regclass('sark_migrations') IS NULL") == "t");
}

TEST_CASE("what makes no sense is refused before anything is changed", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, m::chain<notes, authors, lasting>);
    auto const catalog = sark::test::full_catalog_lines(db);

    CHECK(refusal([&] { m::upgrade(db, good_chain, "009"); }).kind == m::problem_kind::unknown_target);
    CHECK(refusal([&] { m::upgrade(db, good_chain); }).kind == m::problem_kind::ahead);
    auto const no_way_back = refusal([&] { m::downgrade(db, m::chain<notes, authors, lasting>, "base"); });
    CHECK(no_way_back.kind == m::problem_kind::irreversible);
    CHECK_THAT(no_way_back.message, ContainsSubstring("the case of the letters is gone"));
    CHECK(refusal([&] { m::upgrade(db, m::chain<notes, authors, lasting>, "001_notes"); }).kind ==
          m::problem_kind::wrong_direction);
    CHECK(refusal([&] { m::upgrade(db, m::chain<edited, authors, lasting>); }).kind == m::problem_kind::edited);
    CHECK(m::status(db, m::chain<edited, authors, lasting>).trouble->revision == "001_notes");
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(db)) == "");
    CHECK(database.ask("SELECT count(*) FROM sark_migrations") == "3");

    sark::test::database const fresh;
    sark::connection other{fresh.url()};
    m::upgrade(other, good_chain, "001_notes");
    CHECK(refusal([&] { m::downgrade(other, good_chain, "head"); }).kind == m::problem_kind::wrong_direction);
}

TEST_CASE("a statement that refuses transactions runs outside of one", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, m::chain<notes, authors, outside>);
    CHECK(database.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_notes_text'::regclass") == "t");
    CHECK(m::status(db, m::chain<notes, authors, outside>).current == "003_outside");
    m::downgrade(db, m::chain<notes, authors, outside>, "002_authors");
    CHECK(database.ask("SELECT to_regclass('ix_notes_text') IS NULL") == "t");
}

TEST_CASE("two upgrades at once: one works, the other waits and finds nothing to do", "[migrate][db]") {
    sark::test::database const database;
    std::size_t ran[2] = {99, 99};
    auto const run = [&](std::size_t who) {
        sark::connection db{database.url()};
        ran[who] = m::upgrade(db, sark::migrations::chain, "head", {.lock_poll = std::chrono::milliseconds{10}})
                       .migrations.size();
    };
    std::thread one{run, 0U};
    std::thread two{run, 1U};
    one.join();
    two.join();
    CHECK(ran[0] + ran[1] == sark::migrations::chain.size());
    CHECK((ran[0] == 0 || ran[1] == 0));
    CHECK(database.ask("SELECT count(*) FROM sark_migrations") == std::to_string(sark::migrations::chain.size()));
}

TEST_CASE("a run that waits too long for another says so", "[migrate][db]") {
    sark::test::database const database;
    sark::connection holder{database.url()};
    sark::connection db{database.url()};
    REQUIRE(holder.query_text("SELECT pg_try_advisory_lock(1396789835, hashtext('public'))").at(0).at(0) == "t");
    CHECK_THROWS_AS(m::upgrade(db, good_chain, "head",
                               {.lock_wait = std::chrono::milliseconds{30}, .lock_poll = std::chrono::milliseconds{5}}),
                    m::busy);
    CHECK(sark::test::catalog_lines(db).empty());
    CHECK(holder.query_text("SELECT pg_advisory_unlock(1396789835, hashtext('public'))").at(0).at(0) == "t");
    CHECK(m::upgrade(db, good_chain).migrations.size() == 2);
}

TEST_CASE("progress names every statement and every commit", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    std::vector<std::string> seen;
    m::options how;
    how.report = [&](m::progress const& p) {
        seen.push_back(std::string{p.revision} + ' ' + std::to_string(p.migration + 1) + '/' +
                       std::to_string(p.migrations) + ' ' + std::to_string(p.statement) + '/' +
                       std::to_string(p.statements) + ' ' + std::string{p.sql.substr(0, 12)});
    };
    m::upgrade(db, good_chain, "head", how);
    CHECK(seen == std::vector<std::string>{"001_notes 1/2 0/1 CREATE TABLE", "001_notes 1/2 1/1 ",
                                           "002_authors 2/2 0/2 ALTER TABLE ", "002_authors 2/2 1/2 CREATE INDEX",
                                           "002_authors 2/2 2/2 "});
}

namespace {

inline constexpr auto talks = m::migration(
    "001_talks", m::root,
    m::step("warn first",
            m::data("DO $$BEGIN RAISE WARNING 'the old % stay', 'rows' USING DETAIL = 'seven', HINT = 'look'; END$$",
                    m::nothing_to_undo{"words"})),
    m::verbatim("CREATE TABLE talks (n integer)", "DROP TABLE talks", m::opaque{"a test"}),
    m::data("DO $$BEGIN RAISE NOTICE 'half'; RAISE NOTICE 'done'; RAISE DEBUG 'no'; END$$",
            m::nothing_to_undo{"words"}));
inline constexpr auto talking_chain = m::chain<talks>;

}  // namespace

TEST_CASE("what the server says beside its answers reaches the callback, while its statement runs", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    std::vector<std::string> heard;
    m::options how;
    how.report = [&](m::progress const& p) {
        if (p.kind == m::progress_kind::notice)
            heard.push_back(std::string{p.revision} + ' ' + std::to_string(p.statement) + '/' +
                            std::to_string(p.statements) + ' ' + std::string{p.step} + ' ' +
                            std::string{p.sql.substr(0, 3)} + ' ' + std::string{p.severity} + ": " +
                            std::string{p.note});
    };
    // With a question about stopping the statement is sent in another way.
    for (bool const stoppable : {false, true}) {
        INFO("stoppable: " << stoppable);
        if (stoppable) how.should_stop = [] { return false; };
        heard.clear();
        m::upgrade(db, talking_chain, "head", how);
        CHECK(heard == std::vector<std::string>{"001_talks 0/3 warn first DO  WARNING: the old rows stay\nseven\nlook",
                                                "001_talks 2/3  DO  NOTICE: half", "001_talks 2/3  DO  NOTICE: done"});
        m::downgrade(db, talking_chain, "base");
    }
    // Nobody listens any more, and before there was nobody either.
    auto const so_far = heard.size();
    db.execute("DO $$BEGIN RAISE WARNING 'alone'; END$$");
    CHECK(heard.size() == so_far);

    // A callback that throws ends the run at that statement, through the driver and not out of it.
    how.report = [](m::progress const& p) {
        if (p.kind == m::progress_kind::notice) throw std::runtime_error{"enough"};
    };
    CHECK_THROWS_WITH(m::upgrade(db, talking_chain, "head", how), "enough");
    CHECK(m::status(db, talking_chain).current == "base");
    CHECK(database.ask("SELECT to_regclass('talks') IS NULL") == "t");
    m::upgrade(db, talking_chain);
    CHECK(m::status(db, talking_chain).current == "001_talks");
}

TEST_CASE("each schema of a database has a ledger of its own", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, good_chain);
    db.execute("CREATE SCHEMA other");
    db.execute("SET search_path = other, public");
    CHECK(m::status(db, good_chain).current == "base");
    m::upgrade(db, good_chain, "001_notes");
    CHECK(database.ask("SELECT count(*) FROM other.sark_migrations") == "1");
    CHECK(database.ask("SELECT count(*) FROM public.sark_migrations") == "2");
}
