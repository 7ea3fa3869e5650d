// SPDX-License-Identifier: MIT
//
// Faults at any moment: processes that are killed, connections that are cut, servers that stop, many runs at once.
// Each test counts the faults that hit, and catches a seeded wrong runner by the same check.
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/test_size.hpp"
#include "support/wire_proxy.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
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
        std::this_thread::sleep_for(i < 20 ? 1ms : 10ms);
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
void wrong_up(sark::connection& db, begun_call const& begun) {
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
void wrong_run(std::string const& url, begun_call const& begun) {
    sark::connection db{url};
    wrong_up(db, begun);
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
    std::size_t const wanted = sark::test::sized<std::size_t>(3, 15, 500);
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
            migrator child{[&](begun_call const& begun) { wrong_run(fresh.url(), begun); }};
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

/// Is one migration of the chain on its way up or down: from the state that `from` revisions are.
struct one_step {
    bool up;
    std::size_t from;

    [[nodiscard]] std::size_t to() const { return up ? from + 1 : from - 1; }
    [[nodiscard]] std::string target() const {
        return to() == 0 ? std::string{"base"} : std::string{chain.view()[to() - 1].id};
    }
    /// Tells whether a run of the whole chain begins, or ends, with this step.
    [[nodiscard]] bool is_first() const { return from == (up ? 0 : chain.size()); }
    [[nodiscard]] bool is_last() const { return to() == (up ? chain.size() : 0); }

    void run(sark::connection& db, m::options const& how) const {
        up ? m::upgrade(db, chain, target(), how) : m::downgrade(db, chain, target(), how);
    }
};

using cut_run = std::function<void(sark::connection&)>;

/// Runs through a proxy that cuts; judges what the runner said about it.
sark::test::wire_counts run_cut(std::string const& url, bool up, sark::test::wire_cut const& cut, cut_run const& run,
                                sweep_counts& counts) {
    sark::test::wire_proxy proxy{url, cut};
    std::string revision;
    bool says_committed = false;
    bool in_doubt = false;
    try {
        sark::connection db{proxy.url()};
        run(db);
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
    sark::connection db{url};
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

// What a commit looks like on the wire: Parse, Bind, Describe, Execute, Sync; and the five answers to them.
constexpr std::size_t messages_of_commit = 5;

/// Lists the messages of a step that a run of the whole chain has once: its own, and what stands before the first step
/// and behind the last one.
std::vector<sark::test::wire_cut> messages_of(one_step const& step, sark::test::wire_counts const& all) {
    REQUIRE(all.commits.size() >= 3);  // the fence, the step, and the fence again
    auto const& fenced = all.commits.front();
    auto const& done = all.commits[all.commits.size() - 2];
    std::vector<sark::test::wire_cut> cuts;
    for (bool const to_server : {true, false}) {
        std::size_t const before = to_server ? fenced.first + messages_of_commit - 1
                                             : fenced.second + messages_of_commit;
        std::size_t const after = to_server ? done.first + messages_of_commit - 1 : done.second + messages_of_commit;
        std::size_t const end = to_server ? all.to_server : all.to_client;
        for (std::size_t n = step.is_first() ? 1 : before + 1; n <= (step.is_last() ? end : after); ++n)
            for (bool const delivered : {true, false})
                cuts.push_back({.to_server = to_server, .message = n, .delivered = delivered});
    }
    return cuts;
}

/// Takes a few of a step's cuts: some by chance, and those at its commit (asked for but not sent, sent and not answered,
/// answered and the answer lost).
std::vector<sark::test::wire_cut> some_of(std::vector<sark::test::wire_cut> cuts, std::size_t points,
                                          sark::test::wire_counts const& all, std::mt19937& chance) {
    std::shuffle(cuts.begin(), cuts.end(), chance);
    cuts.resize(std::min(points, cuts.size()));
    auto const& commit = all.commits[all.commits.size() - 2];
    cuts.push_back({.to_server = true, .message = commit.first + 3, .delivered = false});
    cuts.push_back({.to_server = true, .message = commit.first + 3, .delivered = true});
    cuts.push_back({.to_server = false, .message = commit.second + 1, .delivered = false});
    return cuts;
}

}  // namespace

// A cut within a migration is made from the state before it and not from an empty database: what a run has done before is
// what the ledger and the catalog say, which is compared after each cut. So all messages of a run of the whole chain are
// cut, each twice, delivered and lost, and up and down.
TEST_CASE("a connection that is cut at any message leaves nothing half-done and nothing unknown",
          "[migrate][faults][db]") {
    std::size_t const points = sark::test::sized<std::size_t>(2, 5, 0);  // per step and direction; 0: all
    std::size_t const steps = sark::test::sized<std::size_t>(1, 2, chain.size());
    auto chance = dice();
    m::options const how{.settle_wait = 20s, .force = true};
    std::vector<std::size_t> heights(chain.size());
    for (std::size_t i = 0; i < heights.size(); ++i) heights[i] = i;
    if (steps < heights.size()) std::shuffle(heights.begin(), heights.end(), chance);
    heights.resize(steps);

    // By direction of the run, then of the message.
    std::size_t hits[2][2] = {};
    std::size_t wanted = 0;
    sweep_counts total;
    for (std::size_t const height : heights) {
        one_step const ways[2] = {{true, height}, {false, height + 1}};
        auto database = std::make_unique<sark::test::database>();
        auto const to_height = [&] {
            sark::connection db{database->url()};
            if (height > 0) m::upgrade(db, chain, chain.view()[height - 1].id);
        };
        auto const finish = [&](one_step const& step) {
            sark::connection db{database->url()};
            step.run(db, how);
            // The catalog is compared after the next cut, which mostly leaves what it finds.
            REQUIRE(m::status(db, chain).applied.size() == step.to());
        };
        to_height();
        std::vector<sark::test::wire_cut> cuts[2];
        for (std::size_t way = 0; way < 2; ++way) {
            // Uncut first: how many messages there are, and which of them commit.
            sweep_counts none;
            auto const all = run_cut(
                database->url(), ways[way].up, {}, [&](sark::connection& db) { ways[way].run(db, how); }, none);
            REQUIRE(none.halves == 0);
            cuts[way] = messages_of(ways[way], all);
            if (points > 0) cuts[way] = some_of(std::move(cuts[way]), points, all, chance);
            wanted += cuts[way].size();
        }
        // The run that comes after a cut up leaves the database where a cut down begins, and the other way round.
        for (std::size_t i = 0; i < std::max(cuts[0].size(), cuts[1].size()); ++i) {
            if (i % 50 == 49) {  // dropped columns count, and a table has room for 1,600
                database = std::make_unique<sark::test::database>();
                to_height();
            }
            for (std::size_t way = 0; way < 2; ++way) {
                one_step const& step = ways[way];
                sweep_counts one;
                if (i < cuts[way].size()) {
                    sark::test::wire_cut const& cut = cuts[way][i];
                    INFO((step.up ? "up to " : "down to ")
                         << step.target() << ", to the " << (cut.to_server ? "server " : "client ") << cut.message
                         << (cut.delivered ? "" : " lost"));
                    run_cut(
                        database->url(), step.up, cut, [&](sark::connection& db) { step.run(db, how); }, one);
                    CHECK(one.halves + one.wrong + one.unknown == 0);
                    hits[way][cut.to_server ? 0 : 1] += one.cuts;
                    // Now and then, and after all at the end, the next run goes to head and back.
                    if (i % 50 == 0 || i + 1 == cuts[way].size()) {
                        sark::connection db{database->url()};
                        m::upgrade(db, chain);
                        REQUIRE(half_applied(db).empty());
                        REQUIRE(m::status(db, chain).state == m::history_state::clean);
                        m::downgrade(db, chain, step.up ? step.target() : ways[0].target(), how);
                    }
                    finish(step);
                } else {
                    finish(step);
                }
                total.cuts += one.cuts;
                total.unknown += one.unknown;
                total.wrong += one.wrong;
                total.halves += one.halves;
            }
        }
    }
    std::string const figures = "cuts " + std::to_string(total.cuts) + " of " + std::to_string(wanted) + ": up " +
                                std::to_string(hits[0][0]) + " to the server and " + std::to_string(hits[0][1]) +
                                " to the client, down " + std::to_string(hits[1][0]) + " and " +
                                std::to_string(hits[1][1]) + "; half-applied " + std::to_string(total.halves) +
                                ", wrong " + std::to_string(total.wrong) + ", unknown " + std::to_string(total.unknown);
    INFO(figures);
    if (points == 0) WARN(figures);
    CHECK(total.cuts >= wanted - wanted / 50);  // a run may need a message less than the one that was counted
    if (points == 0) {
        CHECK(hits[0][0] > 2000);
        CHECK(hits[1][0] > 2000);
    }

    {  // the seeded mistakes: a runner that does not look at lost commits
        sark::test::database const fresh;
        one_step const first{true, 0};
        sweep_counts none;
        auto const all = run_cut(
            fresh.url(), true, {}, [&](sark::connection& db) { first.run(db, how); }, none);
        {
            sark::connection db{fresh.url()};
            m::downgrade(db, chain, "base", how);
        }
        sweep_counts wrong;
        run_cut(
            fresh.url(), true, {.to_server = false, .message = all.commits[1].second + 1, .delivered = false},
            [&](sark::connection& cut) { first.run(cut, {.settle_wait = 0ms, .force = true}); }, wrong);
        CHECK(wrong.cuts == 1);
        CHECK(wrong.unknown == 1);
    }
    {  // and one that records apart
        std::size_t caught = 0;
        for (std::size_t const message : {100U, 200U}) {
            sark::test::database const fresh;
            sweep_counts wrong;
            run_cut(
                fresh.url(), true, {.to_server = true, .message = message},
                [](sark::connection& db) { wrong_up(db, [] {}); }, wrong);
            caught += wrong.cuts == 1 ? wrong.halves : 0;
        }
        CHECK(caught == 2);
    }
}

TEST_CASE("a server that stops leaves each migration applied or not there", "[migrate][faults][db]") {
    std::size_t const wanted = sark::test::sized<std::size_t>(1, 3, 50);
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
        caught = stop_in(wrong_run, server.create_database("wrong_" + std::to_string(i)), 40ms).second;
    CHECK(caught);
}

TEST_CASE("sixteen migrators start at once on an empty database", "[migrate][faults][db]") {
    std::size_t const rounds = sark::test::sized<std::size_t>(1, 3, 50);
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
    std::size_t const rounds = sark::test::sized<std::size_t>(1, 5, 100);
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
    std::size_t const rounds = sark::test::sized<std::size_t>(1, 3, 20);
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
