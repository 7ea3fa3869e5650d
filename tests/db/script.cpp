// SPDX-License-Identifier: MIT
//
// Scripts are applied by psql itself, as a person would.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/test_size.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

using sark::migrate::script;
using sark::migrations::chain;
using sark::test::differences;
using sark::test::full_catalog_lines;

namespace {

struct outcome {
    int state;
    std::string output;  // what psql said, both streams
};

std::string quoted(std::string const& word) {
    std::string shell = "'";
    for (char c : word) shell += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return shell + "'";
}

/// Applies a script with psql.
outcome psql(sark::test::database const& database, std::string const& text,
             std::string const& options = "-v ON_ERROR_STOP=1") {
    auto const folder = std::filesystem::temp_directory_path();
    std::string const stem = (folder / ("sark_script_" + std::to_string(::getpid()))).string();
    std::ofstream{stem + ".sql", std::ios::binary} << text;
    std::string const command = "psql -X -q " + options + " -d " + quoted(database.url()) + " -f " +
                                quoted(stem + ".sql") + " > " + quoted(stem + ".out") + " 2>&1 < /dev/null";
    int const status = std::system(command.c_str());
    std::ifstream in{stem + ".out", std::ios::binary};
    std::string const said{std::istreambuf_iterator<char>{in}, {}};
    std::filesystem::remove(stem + ".sql");
    std::filesystem::remove(stem + ".out");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

/// Asks that a script is applied without a word.
void run(sark::test::database const& database, std::string const& text) {
    outcome const done = psql(database, text);
    CHECK(done.output == "");
    REQUIRE(done.state == 0);
}

/// Gives the rows of the ledger without what is a run's own.
std::string ledger(sark::test::database const& database) {
    return database.ask(R"(SELECT string_agg(concat_ws('|', "position", "revision", "name", "checksum",
                                                       "library_version"), E'\n' ORDER BY "position")
                           FROM sark_migrations WHERE duration_ms >= 0 AND applied_by = session_user
                                                  AND applied_at BETWEEN now() - interval '1 hour' AND now())");
}

}  // namespace

TEST_CASE("a script of the whole chain makes the catalog and the ledger of the runner", "[migrate][script][db]") {
    sark::test::database const by_script;
    sark::test::database const by_runner;
    sark::connection scripted{by_script.url()};
    sark::connection run_by{by_runner.url()};
    run(by_script, script(chain));
    sark::migrate::upgrade(run_by, chain);
    CHECK(full_catalog_lines(run_by).size() > 300);
    CHECK(differences(full_catalog_lines(run_by), full_catalog_lines(scripted)) == "");
    CHECK(ledger(by_script) == ledger(by_runner));
    std::string const columns = "SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), "
                                "attnotnull), ', ' ORDER BY attnum) "
                                "FROM pg_attribute WHERE attrelid = 'sark_migrations'::regclass AND attnum > 0";
    CHECK(by_script.ask(columns) == by_runner.ask(columns));

    auto const status = sark::migrate::status(scripted, chain);
    CHECK(status.state == sark::migrate::history_state::clean);
    CHECK(status.current == chain.head());
    CHECK(status.pending.empty());
    CHECK_FALSE(status.trouble.has_value());
    CHECK(sark::migrate::drift(scripted, chain).findings.empty());

    // Down to the first revision, where nothing but it is left, and from there to nothing.
    run(by_script, script(chain, "head", "001_initial"));
    CHECK(sark::migrate::status(scripted, chain).current == "001_initial");
    CHECK(sark::migrate::drift(scripted, chain).findings.empty());
    run(by_script, script(chain, "001_initial", "base"));
    CHECK(by_script.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    CHECK(by_script.ask("SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace") == "0");
    CHECK(by_script.ask("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == "0");
    CHECK(by_script.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                        "(SELECT oid FROM pg_database WHERE datname = current_database())") == "0");
}

TEST_CASE("a script of a part continues where the runner stopped, and the other way round", "[migrate][script][db]") {
    sark::test::database const database;
    sark::test::database const other;
    sark::connection db{database.url()};
    sark::connection reference{other.url()};
    sark::migrate::upgrade(db, chain, "005_gateway_audit");
    sark::migrate::upgrade(reference, chain, "005_gateway_audit");
    auto const at_005 = full_catalog_lines(reference);
    sark::migrate::upgrade(reference, chain, "007_federation");
    run(database, script(chain, "005_gateway_audit", "007_federation"));
    CHECK(differences(full_catalog_lines(reference), full_catalog_lines(db)) == "");
    CHECK(sark::migrate::status(db, chain).current == "007_federation");
    run(database, script(chain, "007_federation", "005_gateway_audit"));
    CHECK(differences(at_005, full_catalog_lines(db)) == "");
    sark::migrate::upgrade(db, chain);
    CHECK(sark::migrate::status(db, chain).pending.empty());
}

TEST_CASE("a script stops where the database is not where it has to be", "[migrate][script][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    std::string const whole = script(chain);
    run(database, whole);
    auto const before = full_catalog_lines(db);
    std::string const rows = ledger(database);

    // Applied twice, and from another place; without its option too, because the script sets it.
    for (std::string const options : {"-v ON_ERROR_STOP=1", ""}) {
        outcome const twice = psql(database, whole, options);
        CHECK(twice.state == 3);
        CHECK_THAT(twice.output, ContainsSubstring("sark: this script needs the database at 'base' here, and it is at "
                                                   "'009_engines'."));
    }
    outcome const wrong = psql(database, script(chain, "006_protocol_adapters", "005_gateway_audit"));
    CHECK(wrong.state == 3);
    CHECK_THAT(wrong.output, ContainsSubstring("needs the database at '006_protocol_adapters' here, and it is at "
                                               "'009_engines'"));
    // A tool that knows no option and goes on after errors: every migration is guarded.
    std::string deaf = whole;
    deaf.replace(deaf.find("\\set ON_ERROR_STOP on"), 21, "");
    static_cast<void>(psql(database, deaf, ""));

    // Another history with the same newest revision.
    database.execute("UPDATE sark_migrations SET checksum = 'other' WHERE revision = '003_policies'");
    outcome const edited = psql(database, script(chain, "head", "base"));
    CHECK(edited.state == 3);
    CHECK_THAT(edited.output, ContainsSubstring("sark: revision '003_policies' is missing, or was applied at another "
                                                "place or with other statements."));
    database.execute("UPDATE sark_migrations SET checksum = '" + std::string{sark::migrate::checksum(chain.view()[2])} +
                     "' WHERE revision = '003_policies'");
    CHECK(differences(before, full_catalog_lines(db)) == "");
    CHECK(ledger(database) == rows);
}

TEST_CASE("a script does not run beside the runner", "[migrate][script][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    {
        sark::migrate::detail::run_lock const lock{db, sark::migrate::direction::up, {}};
        outcome const held_off = psql(database, script(chain));
        CHECK(held_off.state == 3);
        CHECK_THAT(held_off.output, ContainsSubstring("sark: another migration of this schema is running."));
        CHECK(full_catalog_lines(db).empty());
    }
    run(database, script(chain, "base", "001_initial"));
}

namespace {

namespace m = sark::migrate;

// Texts that try to leave their quotes, and a statement that refuses transactions.
inline constexpr auto v001 = m::migration(
    "001_it's $sark_script$", m::root, "a 'name'\n; DROP TABLE x; -- \\",
    m::step("a title\nof two lines", m::create_table("odd \"name\" $$", m::column{.name = "a;b", .type = "text"})),
    m::create_function{{.name = "f",
                        .arguments = "",
                        .returns = "text",
                        .language = "plpgsql",
                        .body = "BEGIN RETURN $q$it's; \\ -- $$ :name$q$; END -- the end"}},
    m::data("INSERT INTO \"odd \"\"name\"\" $$\" VALUES ('x;\\') -- behind", m::nothing_to_undo{"it goes"}));
inline constexpr auto v002 = m::migration(
    "002_alone", m::after{"001_it's $sark_script$"},
    m::verbatim("CREATE INDEX CONCURRENTLY ix ON \"odd \"\"name\"\" $$\" (\"a;b\")", "DROP INDEX CONCURRENTLY ix",
                m::opaque{"a test"})
        .with({.needs_transaction = false}));
inline constexpr auto v003 = m::migration("003_gone", m::after{"002_alone"},
                                          m::data("SELECT WHERE false", m::irreversible{"nothing comes back"}));
inline constexpr auto odd_chain = m::chain<v001, v002, v003>;

}  // namespace

TEST_CASE("a script quotes what needs it and keeps outside of transactions what refuses them",
          "[migrate][script][db]") {
    sark::test::database const by_script;
    sark::test::database const by_runner;
    sark::connection scripted{by_script.url()};
    sark::connection run_by{by_runner.url()};
    sark::migrate::upgrade(run_by, odd_chain, "002_alone");
    run(by_script, script(odd_chain, "base", "002_alone"));
    CHECK(differences(full_catalog_lines(run_by), full_catalog_lines(scripted)) == "");
    CHECK(ledger(by_script) == ledger(by_runner));
    CHECK(by_script.ask("SELECT f()") == "it's; \\ -- $$ :name");
    CHECK(by_script.ask("SELECT \"a;b\" FROM \"odd \"\"name\"\" $$\"") == "x;\\");
    CHECK_FALSE(sark::migrate::status(scripted, odd_chain).trouble.has_value());

    outcome const twice = psql(by_script, script(odd_chain, v001.id, "002_alone"));
    CHECK(twice.state == 3);
    CHECK_THAT(twice.output, ContainsSubstring("and it is at '002_alone'"));

    run(by_script, script(odd_chain, "002_alone", "base"));
    CHECK(by_script.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
}

namespace {

// Cut into parts: by a label that is used at once, and by two indexes that are built beside the writers.
inline constexpr auto w001 = m::migration(
    "001_notes", m::root, m::create_enum("mood", "calm"),
    m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                    m::column{.name = "text", .type = "text", .nullable = true},
                    m::column{.name = "mood", .type = "mood", .fallback = "'calm'"}, m::primary_key("id")));
inline constexpr auto w002 = m::migration(
    "002_parts", m::after{"001_notes"}, "labels, rows and indexes",
    m::step("a label",
            m::add_enum_labels("mood", m::labels("calm"), m::labels("angry"),
                               m::used_by(m::enum_use{.table = "notes", .column = "mood", .fallback = "'calm'"}))),
    m::data("UPDATE notes SET mood = 'angry' WHERE text = 'loud'", "UPDATE notes SET mood = 'calm'"),
    m::create_index("ix_notes_text", "notes", m::concurrently, "text"),
    m::add_column{"notes", m::column{.name = "author", .type = "text", .nullable = true}},
    m::create_index("ix_notes_author", "notes", m::concurrently, "author"));
inline constexpr auto w003 = m::migration(
    "003_last", m::after{"002_parts"},
    m::add_column{"notes", m::column{.name = "size", .type = "integer", .nullable = true}});
inline constexpr auto parts_chain = m::chain<w001, w002, w003>;

/// Gives a script once per commit, ended before it, as a lost connection would.
std::vector<std::string> cut_before_commits(std::string const& text) {
    std::vector<std::string> all;
    for (std::size_t at = 0; (at = text.find("COMMIT;\n", at)) != std::string::npos; ++at)
        all.push_back(text.substr(0, at));
    return all;
}

}  // namespace

TEST_CASE("a script commits a migration of several transactions in its parts, as the runner does",
          "[migrate][script][db]") {
    sark::test::database const by_script;
    sark::test::database const by_runner;
    sark::connection scripted{by_script.url()};
    sark::connection run_by{by_runner.url()};
    std::string const way_up = script(parts_chain, "001_notes", "head");
    CHECK_THAT(way_up, ContainsSubstring("--   up   002_parts, committed in 5 parts\n--   up   003_last\n"));
    for (auto* db : {&scripted, &run_by}) {
        m::upgrade(*db, parts_chain, "001_notes");
        db->execute("INSERT INTO notes (text) VALUES ('loud'), ('soft')");
    }
    auto const at_001 = full_catalog_lines(scripted);
    m::upgrade(run_by, parts_chain);
    auto const at_head = full_catalog_lines(run_by);

    SECTION("up and down") {
        // The patience of the person who applies it is not that of an index beside the writers, and stays as it was.
        outcome const up = psql(by_script,
                                way_up + "SELECT current_setting('lock_timeout') \\g (format=unaligned "
                                         "tuples_only=on)\n",
                                "-v ON_ERROR_STOP=1 -c \"SET lock_timeout = '7s'\"");
        CHECK(up.output == "7s\n");
        REQUIRE(up.state == 0);
        CHECK(differences(at_head, full_catalog_lines(scripted)) == "");
        CHECK(ledger(by_script) == ledger(by_runner));
        CHECK(by_script.ask("SELECT count(*) FROM sark_migrations WHERE state = 'applied' AND progress = 0") == "3");
        CHECK(by_script.ask("SELECT mood FROM notes WHERE text = 'loud'") == "angry");
        CHECK(m::status(scripted, parts_chain).state == m::history_state::clean);
        CHECK(m::upgrade(scripted, parts_chain).migrations.empty());
        run(by_script, script(parts_chain, "head", "001_notes"));
        CHECK(differences(at_001, full_catalog_lines(scripted)) == "");
        CHECK(m::status(scripted, parts_chain).current == "001_notes");
        run(by_script, script(parts_chain, "001_notes", "base"));
        CHECK(by_script.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    }
    SECTION("one that stops between two parts says where, and the runner goes on behind them") {
        // Everywhere between two commits: what is done counts, and what is not is undone or looked at.
        auto const every = sark::test::sized<std::size_t>(2, 1);
        std::size_t under_way = 0;
        for (bool const is_up : {true, false}) {
            std::string const text = is_up ? way_up : script(parts_chain, "head", "001_notes");
            std::vector<std::string> const cuts = cut_before_commits(text);
            for (std::size_t i = every - 1; i < cuts.size(); i += every) {
                INFO((is_up ? "up" : "down") << ", ended before commit " << i + 1 << " of " << cuts.size());
                is_up ? m::downgrade(scripted, parts_chain, "001_notes", {.force = true})
                      : m::upgrade(scripted, parts_chain);
                static_cast<void>(psql(by_script, cuts[i]));
                auto const status = m::status(scripted, parts_chain);
                if (status.applied.back().state != m::row_state::applied) {
                    ++under_way;
                    CHECK(status.applied.back().revision == "002_parts");
                    outcome const again = psql(by_script, text);
                    CHECK(again.state == 3);
                    CHECK_THAT(again.output, ContainsSubstring("interrupted between two of its transactions"));
                }
                is_up ? m::upgrade(scripted, parts_chain)
                      : m::downgrade(scripted, parts_chain, "001_notes", {.force = true});
                CHECK(differences(is_up ? at_head : at_001, full_catalog_lines(scripted)) == "");
            }
        }
        CHECK(under_way >= (every == 1 ? 7 : 3));
    }
    SECTION("a tool that goes on after errors commits no part behind one that failed") {
        by_script.execute("CREATE INDEX ix_notes_text ON notes (id)");
        std::string deaf = way_up;
        deaf.replace(deaf.find("\\set ON_ERROR_STOP on"), 21, "");
        outcome const gone_on = psql(by_script, deaf, "");
        CHECK_THAT(gone_on.output, ContainsSubstring("\"ix_notes_text\" already exists"));
        CHECK_THAT(gone_on.output, ContainsSubstring("sark: the index was not built."));
        CHECK(by_script.ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'notes'::regclass AND attname IN "
                            "('author', 'size')") == "0");
        by_script.execute("DROP INDEX ix_notes_text");
        m::upgrade(scripted, parts_chain);
        CHECK(differences(at_head, full_catalog_lines(scripted)) == "");
    }
}

TEST_CASE("no script is written for what the runner refuses", "[migrate][script][db]") {
    CHECK_THROWS_WITH(script(chain, "base", "009"), ContainsSubstring("the chain has no revision '009'"));
    CHECK_THROWS_WITH(script(chain, "000", "head"), ContainsSubstring("the chain has no revision '000'"));
    CHECK_THROWS_WITH(script(odd_chain, "head", "base"), ContainsSubstring("has no way back: nothing comes back"));
    // Where there is nothing to do, the script does nothing.
    CHECK(script(chain, "head", "head").find("BEGIN;") == std::string::npos);
}
