// SPDX-License-Identifier: MIT
//
// What a run does beside its statements: stops when asked, resumes, verifies indexes, refuses poolers, keeps rows,
// pins its session.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/wire_proxy.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

namespace {

namespace m = sark::migrate;
using namespace std::chrono_literals;

inline constexpr auto base = m::migration(
    "001_base", m::root, "notes", m::create_enum("mood", "calm"),
    m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                    m::column{.name = "text", .type = "text", .nullable = true},
                    m::column{.name = "mood", .type = "mood", .fallback = "'calm'"}, m::primary_key("id")));
// Two indexes built while others write, around a change in a transaction: four commits.
inline constexpr auto mixed = m::migration(
    "002_mixed", m::after{"001_base"},
    m::create_unique_index("ux_notes_text", "notes", m::concurrently, "text", m::where{"id > 0"}),
    m::add_column{"notes", m::column{.name = "size", .type = "integer", .fallback = "7"}},
    m::create_index("ix_notes_low", "notes", m::concurrently, m::expression("lower(text)"), m::descending("size")));
// A label that is used in the migration that adds it.
inline constexpr auto labels = m::migration(
    "003_labels", m::after{"002_mixed"},
    m::add_enum_labels("mood", m::labels("calm"), m::labels("angry"),
                       m::used_by(m::enum_use{.table = "notes", .column = "mood", .fallback = "'calm'"})),
    m::data("UPDATE notes SET mood = 'angry' WHERE text = 'loud'", "UPDATE notes SET mood = 'calm'"));
inline constexpr auto chain = m::chain<base, mixed, labels>;

inline constexpr auto slow = m::migration("002_slow", m::after{"001_base"},
                                          m::data("SELECT pg_sleep(60)", m::nothing_to_undo{"it changed nothing"}));
inline constexpr auto slow_chain = m::chain<base, slow>;
inline constexpr auto widened = m::migration(
    "002_wide", m::after{"001_base"}, m::add_column{"notes", m::column{.name = "x", .type = "text", .nullable = true}});
inline constexpr auto wide = m::chain<base, widened>;

template <class F>
m::problem refusal(F const& f) {
    try {
        f();
    } catch (m::refused const& e) { return e.why(); }
    FAIL("it was not refused");
    return {};
}

std::string content(std::filesystem::path const& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("a migration of several transactions goes up, down and on", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "001_base");
    auto const before = sark::test::full_catalog_lines(db);
    database.execute("INSERT INTO notes (text) VALUES ('loud'), ('b')");
    m::upgrade(db, chain);
    CHECK(database.ask("SELECT mood FROM notes WHERE text = 'loud'") == "angry");
    CHECK(m::status(db, chain).state == m::history_state::clean);
    CHECK(database.ask("SELECT count(*) || ' ' || bool_and(indisvalid) FROM pg_index WHERE indrelid = "
                       "'notes'::regclass") == "3 true");
    auto const after = sark::test::full_catalog_lines(db);
    m::downgrade(db, chain, "001_base", {.force = true});
    CHECK(sark::test::differences(before, sark::test::full_catalog_lines(db)) == "");

    SECTION("it stops where rows are in the way, takes its index away and its intent back") {
        database.execute("INSERT INTO notes (text) VALUES ('b')");
        try {
            m::upgrade(db, chain);
            FAIL("it did not stop");
        } catch (m::failed const& e) {
            CHECK(e.sqlstate() == "23505");
            CHECK(e.statement() == 1);
        }
        CHECK(sark::test::differences(before, sark::test::full_catalog_lines(db)) == "");
        CHECK(m::status(db, chain).current == "001_base");
        CHECK(m::status(db, chain).applied.back().state == m::row_state::applied);
    }
    SECTION("it goes on behind what is done, and says so meanwhile") {
        // The last index cannot be built: its name is another one's.
        database.execute("CREATE INDEX ix_notes_low ON notes (id)");
        try {
            m::upgrade(db, chain);
            FAIL("it did not stop");
        } catch (m::failed const& e) {
            CHECK(e.statement() == 3);
            CHECK_THAT(e.what(), ContainsSubstring("builds index \"ix_notes_low\", and there is another index of that "
                                                   "name with another definition"));
        }
        auto const status = m::status(db, chain);
        CHECK(status.current == "002_mixed");
        CHECK(status.state == m::history_state::behind);
        CHECK(status.applied.back().state == m::row_state::building);
        CHECK(status.applied.back().progress == 2);
        CHECK(status.pending == std::vector<std::string>{"002_mixed", "003_labels"});
        CHECK(refusal([&] { m::downgrade(db, chain, "base"); }).kind == m::problem_kind::unfinished);
        database.execute("DROP INDEX ix_notes_low");
        std::vector<std::string> ran;
        m::options how;
        how.report = [&](m::progress const& p) {
            if (p.revision == "002_mixed" && !p.sql.empty()) ran.emplace_back(p.sql);
        };
        m::upgrade(db, chain, "head", how);
        CHECK(ran.size() == 1);
        CHECK(sark::test::differences(after, sark::test::full_catalog_lines(db)) == "");
    }
}

TEST_CASE("an index that an interrupted build left invalid is built anew, and one that is right is taken",
          "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "001_base");
    auto const shape = [&] {
        return database.ask("SELECT pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index WHERE indexrelid = "
                            "to_regclass('ux_notes_text')");
    };
    // What a killed run leaves: its intent, and an index in one of the states that a build goes through.
    auto const interrupted = [&](std::string const& sql) {
        database.execute("INSERT INTO sark_migrations (revision, position, name, checksum, chain_hash, state, run, "
                         "library_version) VALUES ('002_mixed', 1, 'x', '" +
                         std::string{m::checksum(chain.view()[1])} + "', '" + m::applied_rows(chain, 2)[1].chain_hash +
                         "', 'building', 'gone', '0')");
        for (std::size_t at = 0; at < sql.size();) {
            std::size_t const end = std::min(sql.find(';', at), sql.size());
            database.execute(sql.substr(at, end - at));
            at = end + 1;
        }
    };
    std::string const right = "CREATE UNIQUE INDEX ux_notes_text ON notes (text) WHERE id > 0";
    std::string const spoil = ";UPDATE pg_index SET indisvalid = false, indisready = false WHERE indexrelid = "
                              "'ux_notes_text'::regclass";
    std::size_t rebuilt = 0;
    m::options how;
    how.report = [&](m::progress const& p) { rebuilt += p.kind == m::progress_kind::rebuilding ? 1 : 0; };
    std::string const good = "CREATE UNIQUE INDEX ux_notes_text ON public.notes USING btree (text) WHERE (id > 0) true";

    SECTION("absent") {
        interrupted("");
        m::upgrade(db, chain, "head", how);
        CHECK(rebuilt == 0);
    }
    SECTION("right") {
        interrupted(right);
        std::string const oid = database.ask("SELECT 'ux_notes_text'::regclass::oid");
        m::upgrade(db, chain, "head", how);
        CHECK(database.ask("SELECT 'ux_notes_text'::regclass::oid") == oid);
        CHECK(rebuilt == 0);
    }
    SECTION("invalid; IF NOT EXISTS, the seeded mistake, calls that a success") {
        interrupted(right + spoil);
        database.execute("CREATE UNIQUE INDEX IF NOT EXISTS ux_notes_text ON notes (text) WHERE id > 0");
        CHECK(shape() != good);
        m::upgrade(db, chain, "head", how);
        CHECK(rebuilt == 1);
    }
    SECTION("of another shape") {
        for (std::string const other :
             {"CREATE INDEX ux_notes_text ON notes (text) WHERE id > 0",
              "CREATE UNIQUE INDEX ux_notes_text ON notes (text)",
              "CREATE UNIQUE INDEX ux_notes_text ON notes (text DESC) WHERE id > 0",
              "CREATE UNIQUE INDEX ux_notes_text ON notes (text text_pattern_ops) WHERE id > 0",
              "CREATE UNIQUE INDEX ux_notes_text ON notes (text) INCLUDE (mood) WHERE id > 0",
              "CREATE UNIQUE INDEX ux_notes_text ON notes (text COLLATE \"C\") WHERE id > 1"}) {
            interrupted(other);
            CHECK_THROWS_WITH(m::upgrade(db, chain, "head", how), ContainsSubstring("with another definition"));
            database.execute("DELETE FROM sark_migrations WHERE position = 1");
            database.execute("DROP INDEX ux_notes_text");
        }
        m::upgrade(db, chain, "head", how);
    }
    CHECK(shape() == good);
    CHECK(m::status(db, chain).state == m::history_state::clean);
}

TEST_CASE("a run is cancelled in the middle of a statement, and leaves nothing", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, slow_chain, "001_base");
    std::string const sleeps = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                               "state = 'active' AND query LIKE 'SELECT pg_sleep%'";
    auto const wait_for = [&](std::string const& count) {
        for (int i = 0; i < 1000 && database.ask(sleeps) != count; ++i) std::this_thread::sleep_for(5ms);
        return database.ask(sleeps) == count;
    };
    std::atomic<bool> flag{false};
    m::options how;
    std::function<void()> stop = [&] { flag = true; };
#if defined(__cpp_lib_jthread)
    std::stop_source token;
    bool const by_token = GENERATE(true, false);
    if (by_token) {
        how.stop = token.get_token();
        stop = [&] { token.request_stop(); };
    } else {
        how.should_stop = [&] { return flag.load(); };
    }
#else
    how.should_stop = [&] { return flag.load(); };
#endif
    bool was_cancelled = false;
    std::thread run{[&] {
        try {
            m::upgrade(db, slow_chain, "head", how);
        } catch (m::cancelled const& e) {
            was_cancelled = e.revision() == "002_slow" && e.statement() == 1 && e.sqlstate() == "57014" &&
                            std::string{e.what()}.ends_with("of which nothing is applied.");
        }
    }};
    CHECK(wait_for("1"));
    stop();
    run.join();
    CHECK(was_cancelled);
    CHECK(wait_for("0"));
    CHECK(m::status(db, slow_chain).current == "001_base");
    CHECK(database.ask("SELECT count(*) FROM sark_migrations WHERE position < 0") == "0");
    // Already stopped: nothing begins. And without a stop the session is as good as before.
    CHECK_THROWS_AS(m::upgrade(db, chain, "head", how), m::cancelled);
    m::upgrade(db, chain);
}

TEST_CASE("a statement that is too slow, or gets no lock, says which limit it met", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, slow_chain, "001_base");
    CHECK_THROWS_WITH(m::upgrade(db, slow_chain, "head", {.long_statement_timeout = 20ms}),
                      ContainsSubstring("stopped at statement 1 of 1: SELECT pg_sleep(60)") &&
                          ContainsSubstring("Raise options::statement_timeout"));

    // The lock comes free while the run pauses: the same transaction, tried again, succeeds.
    sark::connection blocker{database.url()};
    blocker.execute("BEGIN");
    static_cast<void>(blocker.query_text("SELECT count(*) FROM notes"));
    std::size_t tries = 0;
    m::options how{.lock_timeout = 20ms, .lock_pause = 10ms};
    how.report = [&](m::progress const& p) {
        if (p.kind == m::progress_kind::retrying && ++tries == 2) blocker.execute("COMMIT");
    };
    m::upgrade(db, wide, "head", how);
    CHECK(tries == 2);
    CHECK(m::status(db, wide).current == "002_wide");
}

TEST_CASE("a run that was taken over changes nothing more", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::options how;
    // Another session replaces the fence between two migrations, as a run does that got the lock meanwhile.
    how.report = [&](m::progress const& p) {
        if (p.kind == m::progress_kind::committed && p.revision == "001_base")
            database.execute("UPDATE sark_migrations SET run = 'another' WHERE position = -1");
    };
    CHECK_THROWS_AS(m::upgrade(db, chain, "head", how), m::busy);
    CHECK(m::status(db, chain).current == "001_base");
    CHECK(database.ask("SELECT run FROM sark_migrations WHERE position = -1") == "another");
    m::upgrade(db, chain);
    CHECK(database.ask("SELECT count(*) FROM sark_migrations WHERE position = -1") == "0");
}

TEST_CASE("a run whose session is lost between two migrations ends", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::options how;
    how.report = [&](m::progress const& p) {
        if (p.kind == m::progress_kind::committed && p.revision == "001_base")
            database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND pid <> pg_backend_pid()");
    };
    try {
        m::upgrade(db, chain, "head", how);
        FAIL("it went on");
    } catch (m::failed const& e) { CHECK(e.connection_lost()); }
    sark::connection again{database.url()};
    CHECK(m::status(again, chain).current == "001_base");
    m::upgrade(again, chain);
}

TEST_CASE("migrations refuse a pooler that shares sessions between transactions, by name", "[migrate][db]") {
    sark::test::database const database;
    for (std::size_t const backends : {std::size_t{1}, std::size_t{2}}) {
        sark::test::pooler const shared{database.url(), backends};
        sark::connection db{sark::connection_options{.address = shared.url(), .prepared_statements = 0}};
        auto const why = refusal([&] { m::upgrade(db, chain); });
        CHECK(why.kind == m::problem_kind::pooler);
        CHECK_THAT(why.message, ContainsSubstring("pool_mode = transaction"));
    }
    CHECK(database.ask("SELECT to_regclass('sark_migrations') IS NULL") == "t");
    // A proxy that leaves sessions alone is none.
    sark::test::wire_proxy proxy{database.url(), {}};
    {
        sark::connection db{proxy.url()};
        m::upgrade(db, chain);
    }
    CHECK_FALSE(proxy.end().cut);
}

TEST_CASE("what a role or a program set neither changes a migration nor is changed by it", "[migrate][db]") {
    static constexpr char const* settings[][2] = {{"TimeZone", "Asia/Kathmandu"},
                                                  {"DateStyle", "German, DMY"},
                                                  {"IntervalStyle", "sql_standard"},
                                                  {"standard_conforming_strings", "off"},
                                                  {"default_transaction_isolation", "serializable"},
                                                  {"default_transaction_read_only", "on"},
                                                  {"row_security", "on"},
                                                  {"lock_timeout", "1s"},
                                                  {"statement_timeout", "1min"},
                                                  {"transform_null_equals", "on"},
                                                  {"search_path", "\"$user\", nowhere, public"}};
    sark::test::database const plain;
    sark::test::database const odd;
    sark::connection reference{plain.url()};
    sark::connection db{odd.url()};
    for (auto const& [name, value] : settings)
        static_cast<void>(db.query_text("SELECT set_config($1, $2, false)", {name, value}));
    m::upgrade(reference, sark::migrations::chain);
    m::upgrade(db, sark::migrations::chain);
    for (auto const& [name, value] : settings)
        CHECK(db.query_text("SELECT current_setting($1)", {name}).at(0).at(0) == value);
    sark::connection fresh{odd.url()};
    CHECK(sark::test::differences(sark::test::full_catalog_lines(reference), sark::test::full_catalog_lines(fresh)) ==
          "");
    db.execute("SET search_path = nowhere");
    CHECK(refusal([&] { m::upgrade(db, sark::migrations::chain); }).kind == m::problem_kind::no_schema);
}

TEST_CASE("a downgrade keeps rows that no migration made", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    auto const& ours = sark::migrations::chain;
    m::upgrade(db, ours, "005_gateway_audit");
    database.execute("INSERT INTO users (id, email, full_name, hashed_password, role) VALUES "
                     "('00000000-0000-0000-0000-000000000001', 'a@b.c', 'A', 'x', 'admin')");
    database.execute("INSERT INTO mcp_servers (id, name, transport, endpoint) VALUES "
                     "('00000000-0000-0000-0000-000000000002', 'copied', 'http', 'https://a')");
    m::upgrade(db, ours);
    // Copied rows are the chain's own.
    CHECK(m::rows_at_stake(db, ours, "005_gateway_audit").empty());
    database.execute(
        "INSERT INTO resources (id, name, protocol, endpoint) SELECT p || i, E'a \"name\",\\n\\\\' || i, p, 'x' FROM "
        "unnest(ARRAY['http', 'grpc']) AS p, generate_series(1, 2) AS i;"
        "INSERT INTO capabilities (id, resource_id, name) VALUES ('c', 'http1', 'c');"
        "INSERT INTO cost_tracking (principal_id, resource_id, capability_id, request_id, protocol) VALUES "
        "('p', 'http1', 'c', 'r', 'http'), ('p', 'http1', 'c', NULL, 'other');"
        "INSERT INTO principal_budgets (principal_id) VALUES ('p');"
        "INSERT INTO federation_nodes (node_id, name, endpoint, trust_anchor_cert) VALUES ('n', 'n', 'e', 'pem')");
    auto const catalog = sark::test::full_catalog_lines(db);
    auto const why = refusal([&] { m::downgrade(db, ours, "005_gateway_audit"); });
    CHECK(why.kind == m::problem_kind::would_lose_rows);
    CHECK_THAT(why.message, ContainsSubstring("cost_tracking.request_id 1 (008_integrity), cost_tracking.protocol 1 "
                                              "(008_integrity), federation_nodes 1 (007_federation), cost_tracking 2 "
                                              "(007_federation), principal_budgets 1 (007_federation)"));
    CHECK_THAT(why.message, ContainsSubstring("resources 4 (006_protocol_adapters), capabilities 1 "
                                              "(006_protocol_adapters)"));
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(db)) == "");

    auto const folder = std::filesystem::temp_directory_path() / ("sark_lost_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    // A folder that cannot be written stops it, before anything is dropped.
    CHECK_THROWS_WITH(
        m::downgrade(db, ours, "005_gateway_audit", {.force = true, .export_rows = m::export_to(folder / "nowhere")}),
        ContainsSubstring("cannot write"));
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(db)) == "");

    m::downgrade(db, ours, "007_federation", {.force = true, .export_rows = m::export_to(folder)});
    CHECK_THAT(content(folder / "008_integrity.cost_tracking.request_id.csv"), ContainsSubstring(",r,http\n"));
    m::downgrade(db, ours, "005_gateway_audit",
                 {.force = true, .export_rows = m::export_to(folder, m::export_format::json_lines)});
    std::string const exported = content(folder / "006_protocol_adapters.resources.jsonl");
    CHECK(std::count(exported.begin(), exported.end(), '\n') == 4);
    CHECK_THAT(exported, ContainsSubstring(R"("name": "a \"name\",\n\\1")"));
    CHECK_THAT(exported, !ContainsSubstring("copied"));
    // Every line is the document that the server would read again.
    database.execute("CREATE TABLE lines (line jsonb)");
    for (std::size_t at = 0; at < exported.size();) {
        std::size_t const end = exported.find('\n', at);
        static_cast<void>(db.query_text("INSERT INTO lines VALUES ($1::jsonb)", {exported.substr(at, end - at)}));
        at = end + 1;
    }
    CHECK(database.ask("SELECT string_agg(line ->> 'id', ' ' ORDER BY line ->> 'id') FROM lines") ==
          "grpc1 grpc2 http1 http2");
    CHECK(content(folder / "007_federation.federation_nodes.jsonl").find("pem") != std::string::npos);
    std::filesystem::remove_all(folder);

    // The seeded mistake: a downgrade that only asks whether the copied servers are still there would have dropped all.
    CHECK(database.ask("SELECT count(*) FROM mcp_servers") == "1");
}

TEST_CASE("a database is asked whether it is what the chain makes", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "002_mixed");
    CHECK(m::verify(db, chain).state == m::history_state::behind);
    CHECK_FALSE(m::verify(db, chain).holds());
    m::upgrade(db, chain);
    CHECK(m::verify(db, chain).holds());
    database.execute("DROP INDEX ix_notes_low");
    CHECK(m::verify(db, chain).findings.size() == 1);
    database.execute("UPDATE sark_migrations SET checksum = 'x' WHERE position = 1");
    auto const damaged = m::verify(db, chain);
    CHECK(damaged.state == m::history_state::damaged);
    CHECK(damaged.trouble->revision == "002_mixed");
    CHECK(damaged.findings.empty());
    database.execute("ALTER TABLE sark_migrations DROP COLUMN chain_hash");
    CHECK(m::status(db, chain).state == m::history_state::damaged);
    CHECK(m::verify(db, chain).trouble->kind == m::problem_kind::damaged);
    CHECK(refusal([&] { m::upgrade(db, chain); }).kind == m::problem_kind::damaged);
}

TEST_CASE("revisions are recorded without being run, for a database that has them", "[migrate][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, chain, "002_mixed");
    database.execute("DROP TABLE sark_migrations");
    CHECK(m::status(db, chain).current == "base");
    m::detail::record_as_applied(db, chain, "002_mixed");
    CHECK(m::status(db, chain).current == "002_mixed");
    CHECK(m::status(db, chain).state == m::history_state::behind);
    m::detail::record_as_applied(db, chain, "002_mixed");
    m::upgrade(db, chain);
    CHECK(m::status(db, chain).state == m::history_state::clean);
    CHECK(refusal([&] { m::detail::record_as_applied(db, chain, "001_base"); }).kind ==
          m::problem_kind::wrong_direction);
}
