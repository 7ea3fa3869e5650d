// SPDX-License-Identifier: MIT
//
// Faults at any moment: processes that are killed, connections that are cut, servers that stop, many runs at once.
// Each test counts the faults that hit, and catches a seeded wrong runner by the same check.
//
// Small by default; larger where CI is set; SARK_TEST_FULL_SIZE asks for the numbers of a release.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/wire_proxy.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/testing.hpp>

namespace {

namespace m = sark::migrate;
using namespace std::chrono_literals;
using sark::migrations::chain;

std::size_t size_of(std::size_t small, std::size_t ci, std::size_t full) {
    if (std::getenv("SARK_TEST_FULL_SIZE") != nullptr) return full;
    return std::getenv("CI") != nullptr ? ci : small;
}

/// Gives chance its seed, and says it.
std::mt19937 dice() {
    char const* const given = std::getenv("SARK_SEED");
    auto const seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
    UNSCOPED_INFO("SARK_SEED=" << seed);
    return std::mt19937{seed};
}

/// Gives the catalog after each number of revisions, made without any fault.
std::vector<std::vector<std::string>> const& references() {
    static std::vector<std::vector<std::string>> const made = [] {
        sark::test::database const database;
        sark::connection db{database.url()};
        std::vector<std::vector<std::string>> catalogs{sark::test::catalog_lines(db)};
        for (m::migration_view const& each : chain.view()) {
            m::upgrade(db, chain, each.id);
            catalogs.push_back(sark::test::catalog_lines(db));
        }
        return catalogs;
    }();
    return made;
}

/// Says what is half-applied: a catalog that is not the one of the ledger's revisions. Empty when nothing is.
std::string half_applied(sark::connection& db) {
    m::status_t const status = m::status(db, chain);
    if (status.trouble) return status.trouble->message;
    std::size_t const count = status.applied.size();
    std::string const difference = sark::test::differences(references().at(count), sark::test::catalog_lines(db));
    if (difference.empty()) return {};
    return "the catalog is not that of " + std::to_string(count) + " revisions: " + difference;
}

/// Waits until nobody but this session is connected.
void wait_until_alone(sark::connection& db) {
    for (int i = 0; i < 1000; ++i) {
        if (db.query_text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                          "AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
                .at(0)
                .at(0) == "0")
            return;
        std::this_thread::sleep_for(10ms);
    }
    FAIL("a session of another process does not end");
}

/// Is a process that migrates; it tells its parent when it has begun.
class migrator {
public:
    /// Calls `body(begun)` in a process of its own; it ends with 0, or with 1 when something is thrown.
    template <class Body>
    explicit migrator(Body const& body) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
        child_ = ::fork();
        if (child_ == 0) {
            ::close(ends[0]);
            int state = 0;
            try {
                bool told = false;
                body([&] {
                    if (!std::exchange(told, true)) static_cast<void>(!::write(ends[1], "b", 1));
                });
            } catch (std::exception const& error) {
                state = 1;
                if (std::getenv("SARK_SHOW_FAULTS") != nullptr) std::fprintf(stderr, "%s\n", error.what());
            }
            ::_exit(state);
        }
        ::close(ends[1]);
        begun_ = ends[0];
    }
    migrator(migrator const&) = delete;
    migrator& operator=(migrator const&) = delete;
    ~migrator() {
        if (child_ > 0) static_cast<void>(kill());
        ::close(begun_);
    }

    void wait_until_begun() const {
        char byte = 0;
        static_cast<void>(!::read(begun_, &byte, 1));
    }
    /// Tells whether the process was still at work.
    bool kill() {
        ::kill(child_, SIGKILL);
        return end() == -1;
    }
    /// Gives the exit state, or -1 for one that was killed.
    int end() {
        int state = 0;
        ::waitpid(std::exchange(child_, -1), &state, 0);
        return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    }

private:
    pid_t child_ = -1;
    int begun_ = -1;
};

using begun_call = std::function<void()>;

m::options telling(begun_call const& begun) {
    m::options how;
    how.report = [begun](m::progress const&) { begun(); };
    how.force = true;
    return how;
}

void right_up(std::string const& url, begun_call const& begun) {
    sark::connection db{url};
    m::upgrade(db, chain, "head", telling(begun));
}
void right_down(std::string const& url, begun_call const& begun) {
    sark::connection db{url};
    m::downgrade(db, chain, "base", telling(begun));
}

/// The seeded mistake: every statement commits by itself, and the ledger after them.
void wrong_up(std::string const& url, begun_call const& begun) {
    sark::connection db{url};
    m::detail::ledger_writer const ledger{chain, "wrong"};
    if (!m::detail::has_ledger(db)) db.execute(m::detail::create_ledger);
    std::size_t position = 0;
    for (m::migration_view const& each : chain.view()) {
        for (m::statement_view const& s : each.up) {
            begun();
            db.execute(s.sql);
        }
        ledger.insert(db, each, position++, "applied", 0, 0ms);
    }
}

struct kill_counts {
    std::size_t hits = 0;
    std::size_t tries = 0;
    std::size_t halves = 0;
};

std::chrono::microseconds time_of(std::function<void()> const& f) {
    auto const begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
}

}  // namespace

TEST_CASE("a migrator that is killed leaves each migration applied or not there", "[migrate][faults][db]") {
    std::size_t const wanted = size_of(3, 15, 500);
    sark::test::database const database;
    auto chance = dice();
    static_cast<void>(references());

    SECTION("the runner, on its way up and down") {
        kill_counts counts;
        auto const up = time_of([&] { right_up(database.url(), [] {}); });
        auto const down = time_of([&] { right_down(database.url(), [] {}); });
        for (bool goes_up = true; counts.hits < wanted && counts.tries < wanted * 10; goes_up = !goes_up) {
            ++counts.tries;
            migrator child{[&](begun_call const& begun) {
                goes_up ? right_up(database.url(), begun) : right_down(database.url(), begun);
            }};
            child.wait_until_begun();
            std::this_thread::sleep_for(std::chrono::microseconds{
                std::uniform_int_distribution<long>{0, (goes_up ? up : down).count()}(chance)});
            if (child.kill()) ++counts.hits;
            sark::connection db{database.url()};
            wait_until_alone(db);
            if (auto const what = half_applied(db); !what.empty()) {
                ++counts.halves;
                UNSCOPED_INFO(what);
            }
            // The next run reaches the end, whatever was left.
            goes_up ? right_up(database.url(), [] {}) : right_down(database.url(), [] {});
            REQUIRE(m::status(db, chain).applied.size() == (goes_up ? chain.size() : 0));
        }
        INFO("hits " << counts.hits << " of " << counts.tries);
        CHECK(counts.hits >= wanted);
        CHECK(counts.halves == 0);
    }
    SECTION("a runner that records apart is caught") {
        kill_counts counts;
        while (counts.halves == 0 && counts.tries < 50) {
            ++counts.tries;
            sark::test::database const fresh;
            migrator child{[&](begun_call const& begun) { wrong_up(fresh.url(), begun); }};
            child.wait_until_begun();
            std::this_thread::sleep_for(
                std::chrono::microseconds{std::uniform_int_distribution<long>{0, 60'000}(chance)});
            if (!child.kill()) continue;
            sark::connection db{fresh.url()};
            wait_until_alone(db);
            if (!half_applied(db).empty()) ++counts.halves;
        }
        CHECK(counts.halves == 1);
    }
}

namespace {

struct sweep_counts {
    std::size_t cuts = 0;
    std::size_t unknown = 0;  // nobody could say whether a commit happened
    std::size_t wrong = 0;    // what was said is not what is
    std::size_t halves = 0;
};

/// Runs up to head, or down to base, through a proxy that cuts; judges what the runner said about it.
sark::test::wire_counts run_cut(sark::test::database const& database, bool up, sark::test::wire_cut const& cut,
                                m::options const& how, sweep_counts& counts) {
    sark::test::wire_proxy proxy{database.url(), cut};
    std::string revision;
    bool says_committed = false;
    bool in_doubt = false;
    try {
        sark::connection db{proxy.url()};
        up ? m::upgrade(db, chain, "head", how) : m::downgrade(db, chain, "base", how);
    } catch (m::interrupted const& e) {
        revision = e.revision();
        says_committed = true;
    } catch (m::failed const& e) {
        revision = e.revision();
        in_doubt = e.in_doubt();
    } catch (sark::error const& e) {
        // Before the first migration, or behind the last one.
        if (!e.connection_lost()) FAIL(e.what());
    }
    auto const seen = proxy.end();
    counts.cuts += seen.cut ? 1 : 0;
    counts.unknown += in_doubt ? 1 : 0;
    sark::connection db{database.url()};
    wait_until_alone(db);
    if (auto const what = half_applied(db); !what.empty()) {
        ++counts.halves;
        UNSCOPED_INFO(what);
    }
    if (!revision.empty() && !in_doubt) {
        bool is_there = false;
        for (auto const& row : m::status(db, chain).applied) is_there = is_there || row.revision == revision;
        if (is_there != (says_committed == up)) {
            ++counts.wrong;
            UNSCOPED_INFO(revision << " was said to be " << (says_committed ? "committed" : "rolled back"));
        }
    }
    return seen;
}

}  // namespace

TEST_CASE("a connection that is cut at any message leaves nothing half-done and nothing unknown",
          "[migrate][faults][db]") {
    std::size_t const points = size_of(2, 10, 100'000);
    sark::test::database const database;
    auto chance = dice();
    m::options const how{.settle_wait = 20s, .force = true};

    // Uncut first: how many messages there are, and which of them commit.
    sweep_counts none;
    sark::test::wire_counts const whole[2] = {run_cut(database, true, {}, how, none),
                                              run_cut(database, false, {}, how, none)};
    REQUIRE(none.halves == 0);
    REQUIRE(whole[0].to_server > 500);
    REQUIRE(whole[0].commits.size() >= 10);

    std::vector<std::pair<bool, sark::test::wire_cut>> cuts;
    for (bool const up : {true, false}) {
        sark::test::wire_counts const& all = whole[up ? 0 : 1];
        std::size_t const most = all.to_server + all.to_client;
        std::size_t const step = std::max<std::size_t>(1, most * 2 / points);
        for (std::size_t at = 1 + chance() % step; at <= most; at += step)
            cuts.push_back({up,
                            {.to_server = at <= all.to_server,
                             .message = at <= all.to_server ? at : at - all.to_server,
                             .delivered = chance() % 2 == 0}});
        if (points >= most)  // all of them: the other half, too
            for (std::size_t i = cuts.size(); i-- > 0;)
                cuts.push_back(
                    {cuts[i].first, {cuts[i].second.to_server, cuts[i].second.message, !cuts[i].second.delivered}});
        // Some commits: asked for but not sent, sent and not answered, answered and the answer lost.
        for (std::size_t i = chance() % 3; i < all.commits.size();
             i += std::max<std::size_t>(points > 1000 ? 1 : 6, 60 / points)) {
            cuts.push_back({up, {.to_server = true, .message = all.commits[i].first + 3, .delivered = false}});
            cuts.push_back({up, {.to_server = true, .message = all.commits[i].first + 3, .delivered = true}});
            cuts.push_back({up, {.to_server = false, .message = all.commits[i].second + 1, .delivered = false}});
        }
    }

    sweep_counts counts;
    for (auto const& [up, cut] : cuts) {
        INFO((up ? "up, to the " : "down, to the ")
             << (cut.to_server ? "server " : "client ") << cut.message << (cut.delivered ? "" : " lost"));
        {
            // The database has to be at the other end for this cut.
            sark::connection db{database.url()};
            if (up)
                m::downgrade(db, chain, "base", how);
            else
                m::upgrade(db, chain, "head", how);
        }
        sweep_counts one;
        run_cut(database, up, cut, how, one);
        CHECK(one.halves + one.wrong + one.unknown == 0);
        counts.cuts += one.cuts;
        sark::connection db{database.url()};
        m::upgrade(db, chain);
        REQUIRE(half_applied(db).empty());
        REQUIRE(m::status(db, chain).state == m::history_state::clean);
    }
    INFO("cuts " << counts.cuts << " of " << cuts.size());
    CHECK(counts.cuts + 2 >= cuts.size() * 9 / 10);  // a run may need a message less than the one that was counted

    SECTION("a runner that does not look at lost commits is caught") {
        {
            sark::connection db{database.url()};
            m::downgrade(db, chain, "base", how);
        }
        sweep_counts wrong;
        run_cut(database, true, {.to_server = false, .message = whole[0].commits[3].second + 1, .delivered = false},
                {.settle_wait = 0ms, .force = true}, wrong);
        CHECK(wrong.unknown == 1);
    }
}

TEST_CASE("a server that stops leaves each migration applied or not there", "[migrate][faults][db]") {
    std::size_t const wanted = size_of(1, 3, 50);
    auto chance = dice();
    static_cast<void>(references());
    sark::testing::postgres server;
    std::string const url = server.create_database("stops");
    auto const whole = time_of([&] { right_up(url, [] {}); });
    std::size_t hits = 0;
    std::size_t halves = 0;
    auto const stop_in = [&](auto const& run, std::string const& where, std::chrono::microseconds at_most) {
        migrator child{[&](begun_call const& begun) { run(where, begun); }};
        child.wait_until_begun();
        std::this_thread::sleep_for(
            std::chrono::microseconds{std::uniform_int_distribution<long>{0, at_most.count()}(chance)});
        server.crash();
        server.restart();
        bool const hit = child.end() != 0;
        sark::connection db{where};
        bool const half = !half_applied(db).empty();
        return std::pair{hit, half};
    };
    for (std::size_t tries = 0; hits < wanted && tries < wanted * 5; ++tries) {
        right_down(url, [] {});
        auto const [hit, half] = stop_in(right_up, url, whole);
        hits += hit ? 1 : 0;
        halves += half ? 1 : 0;
        right_up(url, [] {});
        sark::connection db{url};
        REQUIRE(half_applied(db).empty());
    }
    CHECK(hits >= wanted);
    CHECK(halves == 0);

    bool caught = false;
    for (int i = 0; i < 10 && !caught; ++i)
        caught = stop_in(wrong_up, server.create_database("wrong_" + std::to_string(i)), 40ms).second;
    CHECK(caught);
}

TEST_CASE("sixteen migrators start at once on an empty database", "[migrate][faults][db]") {
    std::size_t const rounds = size_of(1, 3, 50);
    auto const failures_of = [](std::string const& url, auto const& run) {
        std::vector<std::unique_ptr<migrator>> all;
        for (int i = 0; i < 16; ++i) all.push_back(std::make_unique<migrator>([&](begun_call const&) { run(url); }));
        std::size_t failures = 0;
        for (auto const& each : all) failures += each->end() == 0 ? 0 : 1;
        return failures;
    };
    for (std::size_t round = 0; round < rounds; ++round) {
        sark::test::database const database;
        CHECK(failures_of(database.url(), [](std::string const& url) {
                  sark::connection db{url};
                  m::upgrade(db, chain, "head", {.lock_poll = 20ms});
              }) == 0);
        sark::connection db{database.url()};
        CHECK(half_applied(db).empty());
        // Each step once: one run wrote all rows, and nobody's fence stayed.
        CHECK(database.ask("SELECT count(DISTINCT run) || ' ' || count(*) || ' ' || max(position) FROM "
                           "sark_migrations") ==
              "1 " + std::to_string(chain.size()) + " " + std::to_string(chain.size() - 1));
    }
    // The seeded mistake decides before it has the lock.
    sark::test::database const database;
    CHECK(failures_of(database.url(), [](std::string const& url) {
              sark::connection db{url};
              auto const decided = std::get<m::plan_t>(m::plan(db, chain));
              m::options const how{.lock_poll = 20ms};
              m::detail::run_lock const lock{db, m::direction::up, how};
              for (m::migration_view const& each : decided.migrations)
                  db.transaction([&](sark::transaction& tx) {
                      for (m::statement_view const& s : each.up) tx.execute(s.sql);
                  });
          }) > 0);
}

namespace {

inline constexpr auto base = m::migration("001_base", m::root, "notes",
                                          m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                                                          m::column{.name = "text", .type = "text", .nullable = true},
                                                          m::primary_key("id")));
inline constexpr auto indexed = m::migration("002_index", m::after{"001_base"},
                                             m::create_index("ix_notes_text", "notes", m::concurrently, "text"));
inline constexpr auto widened = m::migration(
    "002_wide", m::after{"001_base"},
    m::add_column{"notes", m::column{.name = "author", .type = "text", .nullable = true}});
inline constexpr auto with_index = m::chain<base, indexed>;
inline constexpr auto with_column = m::chain<base, widened>;

/// Runs an upgrade that builds an index beside a second deployer, while a third session holds the build up for as long
/// as both need to meet. Gives how often somebody met a dead-lock.
std::size_t dead_locks(sark::test::database const& database, std::function<void(sark::connection&)> const& second) {
    std::atomic<std::size_t> met{0};
    sark::connection watcher{database.url()};
    auto const seen = [&](std::string const& what) {
        return watcher
                   .query_text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND " + what)
                   .at(0)
                   .at(0) != "0";
    };
    auto const until = [&](std::string const& what) {
        for (int i = 0; i < 500 && !seen(what); ++i) std::this_thread::sleep_for(10ms);
    };
    sark::connection writer{database.url()};
    writer.execute("BEGIN");
    writer.execute("INSERT INTO notes (text) VALUES ('a writer that the build waits for first')");

    std::thread first{[&] {
        sark::connection db{database.url()};
        m::options how{.lock_pause = 10ms};
        how.report = [&](m::progress const& p) { met += p.kind == m::progress_kind::retrying ? 1 : 0; };
        try {
            m::upgrade(db, with_index, "head", how);
        } catch (sark::error const& e) { met += e.sqlstate() == "40P01" ? 1 : 100; }
    }};
    until("query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'");
    std::thread other{[&] {
        sark::connection db{database.url()};
        try {
            second(db);
        } catch (sark::error const& e) { met += e.sqlstate() == "40P01" ? 1 : 100; }
    }};
    until("query LIKE '%advisory_lock%' AND pid <> pg_backend_pid()");
    writer.execute("COMMIT");
    first.join();
    other.join();
    return met;
}

}  // namespace

TEST_CASE("a second deployer does not dead-lock with an index that is built concurrently", "[migrate][faults][db]") {
    std::size_t const rounds = size_of(1, 5, 100);
    sark::test::database const database;
    database.execute("ALTER DATABASE " + database.name() + " SET deadlock_timeout = '20ms'");
    sark::connection db{database.url()};
    m::upgrade(db, with_index, "001_base");
    std::size_t met = 0;
    std::string const valid = "SELECT count(*) || ' ' || bool_and(indisvalid) FROM pg_index WHERE indrelid = "
                              "'notes'::regclass AND NOT indisprimary";
    for (std::size_t i = 0; i < rounds; ++i) {
        met += dead_locks(database,
                          [](sark::connection& second) { m::upgrade(second, with_index, "head", {.lock_poll = 5ms}); });
        CHECK(database.ask(valid) == "1 true");
        m::downgrade(db, with_index, "001_base");
    }
    CHECK(met == 0);
    // The seeded mistake waits inside of the call, and holds a snapshot meanwhile. The runner recovers even from that.
    CHECK(dead_locks(database, [](sark::connection& second) {
              static_cast<void>(
                  second.query_text("SELECT pg_advisory_lock(1396789835, hashtext(coalesce(current_schema(), '')))"));
              static_cast<void>(second.query_text("SELECT pg_advisory_unlock_all()"));
          }) > 0);
    m::upgrade(db, with_index);
    CHECK(database.ask(valid) == "1 true");
}

TEST_CASE("an index whose build is killed, ended or cancelled is there after the next run", "[migrate][faults][db]") {
    std::size_t const rounds = size_of(1, 3, 20);
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, with_index, "001_base");
    std::string const build = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE "
                              "'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'";
    std::size_t hits = 0;
    std::size_t remains = 0;
    auto const is_there = [&](std::string const& condition) {
        return database.ask("SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('ix_notes_text') AND " +
                            condition) == "1";
    };
    for (std::size_t round = 0; round < rounds * 3; ++round) {
        // A writer holds the build in its first wait, a reader's snapshot in its last one.
        sark::connection other{database.url()};
        other.execute(round % 2 == 0 ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ");
        other.execute(round % 2 == 0 ? "INSERT INTO notes (text) VALUES ('x')" : "SELECT count(*) FROM notes");
        migrator child{[&](begun_call const& begun) {
            sark::connection own{database.url()};
            m::upgrade(own, with_index, "head", telling(begun));
        }};
        child.wait_until_begun();
        for (int i = 0; i < 1000 && database.ask("SELECT count(*) " + build) == "0"; ++i)
            std::this_thread::sleep_for(5ms);
        bool const killed = round % 3 == 0;
        if (killed)
            hits += child.kill() ? 1 : 0;
        else
            database.execute((round % 3 == 1 ? "SELECT pg_terminate_backend(pid) " : "SELECT pg_cancel_backend(pid) ") +
                             build);
        if (!killed) hits += child.end() == 1 ? 1 : 0;
        remains += is_there("NOT indisvalid") ? 1 : 0;
        other.execute("ROLLBACK");
        m::upgrade(db, with_index);
        CHECK(is_there("indisvalid AND indisready"));
        CHECK(m::status(db, with_index).state == m::history_state::clean);
        m::downgrade(db, with_index, "001_base", {.force = true});
    }
    CHECK(hits == rounds * 3);
    CHECK(remains >= rounds);  // so there was something to repair
}

TEST_CASE("readers wait no longer than the lock's budget", "[migrate][faults][db]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    m::upgrade(db, with_column, "001_base");
    sark::connection blocker{database.url()};

    // Readers give up after a time that is well above the budget; counted is how many do.
    auto const stalled = [&](std::chrono::milliseconds budget) {
        blocker.execute("BEGIN");
        static_cast<void>(blocker.query_text("SELECT count(*) FROM notes"));
        std::atomic<bool> over{false};
        std::atomic<std::size_t> gave_up{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < 4; ++i)
            readers.emplace_back([&] {
                sark::connection reader{sark::connection_options{.address = database.url(), .lock_timeout = 800ms}};
                while (!over) {
                    try {
                        static_cast<void>(reader.query_text("SELECT count(*) FROM notes"));
                    } catch (sark::error const&) {
                        ++gave_up;
                        break;
                    }
                    std::this_thread::sleep_for(2ms);
                }
            });
        std::thread migrating{[&] {
            sark::connection own{database.url()};
            try {
                m::upgrade(own, with_column, "head", {.lock_timeout = budget, .lock_attempts = 3, .lock_pause = 50ms});
            } catch (m::failed const& e) {
                CHECK(e.sqlstate() == "55P03");
                CHECK_THAT(e.what(), ContainsSubstring("It got no lock within lock_timeout, 3 times."));
            }
            over = true;
        }};
        if (budget == 0ms) {
            for (int i = 0; i < 500 && gave_up == 0; ++i) std::this_thread::sleep_for(10ms);
            blocker.execute("COMMIT");
        }
        migrating.join();
        for (std::thread& each : readers) each.join();
        if (budget != 0ms) blocker.execute("COMMIT");
        return gave_up.load();
    };
    CHECK(stalled(50ms) == 0);
    CHECK(m::status(db, with_column).current == "001_base");
    // The seeded mistake queues without end, and everybody behind it.
    CHECK(stalled(0ms) > 0);
    CHECK(m::status(db, with_column).current == "002_wide");
}
