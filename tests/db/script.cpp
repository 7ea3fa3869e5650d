// SPDX-License-Identifier: MIT
//
// Scripts are applied by psql itself, as a person would.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

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
    CHECK(status.current == chain.head());
    CHECK(status.pending.empty());
    CHECK_FALSE(status.trouble.has_value());

    run(by_script, script(chain, "head", "base"));
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

TEST_CASE("no script is written for what the runner refuses", "[migrate][script][db]") {
    CHECK_THROWS_WITH(script(chain, "base", "009"), ContainsSubstring("the chain has no revision '009'"));
    CHECK_THROWS_WITH(script(chain, "000", "head"), ContainsSubstring("the chain has no revision '000'"));
    CHECK_THROWS_WITH(script(odd_chain, "head", "base"), ContainsSubstring("has no way back: nothing comes back"));
    // Where there is nothing to do, the script does nothing.
    CHECK(script(chain, "head", "head").find("BEGIN;") == std::string::npos);
}
