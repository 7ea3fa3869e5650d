// SPDX-License-Identifier: MIT
//
// Runs that are killed, paused, doubled, or have writers beside them.
#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <utility>
#include <vector>
#include <unistd.h>

#include <sark/testing.hpp>

#include "db/upgrade/scene.hpp"
#include "support/test_size.hpp"

namespace up = sark::upgrade;
using sark::test::scene;

namespace {

up::options in_batches(std::size_t rows) {
    up::options how;
    how.one_transaction = 0;
    how.first_batch = how.largest_batch = rows;
    return how;
}

/// Runs `execute` in a process of its own and kills it some time after its first batch; true when that hit a run.
bool killed_run(scene const& at, std::size_t rows, std::chrono::microseconds after) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    ::pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // No exit handlers here: they belong to the test program.
        try {
            sark::connection db{at.url()};
            up::options how = in_batches(rows);
            how.report = [&](up::progress const&) { static_cast<void>(!::write(ready[1], "b", 1)); };
            up::execute(db, how);
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    }
    ::close(ready[1]);
    char byte = 0;
    bool const began = ::read(ready[0], &byte, 1) == 1;
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ready[0]);
    return began && WIFSIGNALED(status);
}

}  // namespace

TEST_CASE("a run that is killed again and again ends as one that was left alone", "[upgrade][db]") {
    scene& at = scene::fresh();
    int const rows = sark::test::sized(5'000, 5'000, 100'000);
    int const kills = sark::test::sized(8, 8, 200);
    std::size_t const batch = static_cast<std::size_t>(rows) / static_cast<std::size_t>(kills) / 4;
    at.fill(rows / 10, rows - rows / 10);
    up::execute(at.db);
    std::string const left_alone = at.v2();
    up::rollback(at.db);
    REQUIRE(at.count("migrated_rows") == 0);
    std::mt19937 chance{7};
    int hits = 0;
    for (int i = 0; i < 3 * kills && hits < kills; ++i)
        if (killed_run(at, batch, std::chrono::microseconds{chance() % 60'000})) ++hits;
    // Only what hit a run counts; the last ones may find the work done.
    CHECK(hits >= kills / 2);
    auto const last = up::execute(at.db, in_batches(batch));
    CHECK(last.complete);
    CHECK(last.servers.inserted + last.tools.inserted == rows);  // by all of the run's processes: none twice
    CHECK(at.v2() == left_alone);
    CHECK(up::verify(at.db).equal());
    CHECK(up::status(at.db).stage == up::stage::moved);
    CHECK(up::execute(at.db).written() == 0);
}

TEST_CASE("a run that loses its server to a crash goes on from what was left, rows and checkpoint alike",
          "[upgrade][db]") {
    // Batches do not wait for the disk, so the crash may take the last ones with it.
    sark::testing::postgres server;
    std::string const url = server.create_database("crashes");
    {
        sark::connection db{url};
        sark::migrate::upgrade(db, sark::migrations::chain);
        db.execute("INSERT INTO mcp_servers (id, name, transport) SELECT md5('s' || i)::uuid, 's', 'http' FROM "
                   "generate_series(1, 200) AS i");
        db.execute("INSERT INTO mcp_tools (id, server_id, name) SELECT md5('t' || i)::uuid, md5('s' || 1 + i % "
                   "200)::uuid, 't' FROM generate_series(1, 800) AS i");
        up::options how = in_batches(20);
        int batches = 0;
        how.report = [&](up::progress const&) {
            if (++batches == 30) server.crash();
        };
        CHECK_THROWS_AS(up::execute(db, how), sark::error);
    }
    server.restart();
    sark::connection db{url};
    auto const last = up::execute(db, in_batches(20));
    CHECK(last.resumed);
    CHECK(last.complete);
    CHECK(last.servers.inserted + last.tools.inserted == 1000);
    CHECK(db.query_text("SELECT count(*) FROM migrated_rows").at(0).at(0) == "1000");
    CHECK(up::verify(db).equal());
    CHECK(up::execute(db).written() == 0);
}

TEST_CASE("a run pauses between two batches, and the next call goes on", "[upgrade][db]") {
    scene& at = scene::fresh();
    at.fill(50, 200);
    up::options how = in_batches(10);
    int asked = 0;
    std::vector<std::string> phases;
    how.pause = [&] { return ++asked > 12; };
    how.report = [&](up::progress const& now) {
        CHECK(now.total == 250);
        CHECK(now.rows_per_second > 0);
        phases.emplace_back(now.phase);
    };
    auto const first = up::execute(at.db, how);
    CHECK_FALSE(first.complete);
    CHECK(phases.size() == 12);
    CHECK(at.count("migrated_rows") == 120);
    CHECK(up::status(at.db).stage == up::stage::paused);
    CHECK_THROWS_AS(up::finalize(at.db), up::refused);
    how.pause = {};
    how.share = 0.9;
    auto const second = up::execute(at.db, how);
    CHECK(second.resumed);
    CHECK(second.run_id == first.run_id);
    CHECK(second.servers.inserted + second.tools.inserted == 250);
    CHECK(phases.back() == "catch up");
    CHECK(up::verify(at.db).equal());
}

TEST_CASE("of two runs at once one waits, or leaves by name", "[upgrade][db]") {
    scene& at = scene::fresh();
    at.fill(20, 100);
    sark::connection other{at.url()};
    up::options impatient;
    impatient.lock_wait = std::chrono::milliseconds{0};
    std::thread waits;
    up::run_result waited;
    bool tried = false;
    up::options how = in_batches(20);
    how.report = [&](up::progress const&) {
        if (std::exchange(tried, true)) return;
        CHECK_THROWS_WITH(up::execute(other, impatient), ContainsSubstring("is running (server process "));
        CHECK_THROWS_AS(up::dry_run(other, impatient), up::busy);
        CHECK_THROWS_AS(up::rollback(other, {.lock_wait = std::chrono::milliseconds{0}}), up::busy);
        waits = std::thread{[&] { waited = up::execute(other); }};
    };
    auto const first = up::execute(at.db, how);
    waits.join();
    CHECK(first.written() == 120);
    CHECK(waited.complete);
    CHECK(waited.written() == 0);

    // Behind a pooler two sessions may both get the lock: the run's row tells the first one that it is not its turn.
    up::rollback(at.db);
    how.report = [&](up::progress const&) {
        at.run("UPDATE sark_upgrade_runs SET holder = gen_random_uuid() WHERE state = 'running'");
    };
    CHECK_THROWS_WITH(up::execute(at.db, how), ContainsSubstring("another process took over run"));
    CHECK(at.count("resources") == 20);
    CHECK(up::execute(at.db).complete);
    CHECK(up::verify(at.db).equal());
}

TEST_CASE("a batch that meets a lock is tried again, and a lasting one stops the run where it is", "[upgrade][db]") {
    scene& at = scene::fresh();
    at.fill(20, 40);
    sark::connection other{at.url()};
    up::options how = in_batches(20);
    how.row_lock_wait = std::chrono::milliseconds{20};
    how.attempts = 3;
    other.transaction([&](sark::transaction& tx) {
        tx.execute("LOCK TABLE capabilities IN EXCLUSIVE MODE");
        CHECK_THROWS_AS(up::execute(at.db, how), sark::error);
        CHECK(up::status(at.db).stage == up::stage::failed);
    });
    CHECK(at.count("resources") == 20);
    CHECK(at.count("capabilities") == 0);
    auto const again = up::execute(at.db, how);
    CHECK(again.resumed);
    CHECK(again.tools.inserted == 40);
}

TEST_CASE("nothing is missed while writers go on", "[upgrade][db]") {
    scene& at = scene::fresh();
    int const rows = sark::test::sized(2'000, 20'000);
    at.fill(rows / 10, rows - rows / 10);
    std::atomic<bool> enough{false};
    std::atomic<int> changes{0};
    std::thread writer{[&] {
        sark::connection db{at.url()};
        for (int i = 0; !enough; ++i) {
            std::string const n = std::to_string(i);
            // Keys before and behind where the run is, new parents and moves to them, changes and deletions.
            db.execute("INSERT INTO mcp_servers (id, name, transport) VALUES (md5('w" + n + "')::uuid, 'w', 'http')");
            db.execute("INSERT INTO mcp_tools (id, server_id, name) VALUES (md5('x" + n + "')::uuid, md5('w" + n +
                       "')::uuid, 'x')");
            db.execute("UPDATE mcp_tools SET server_id = md5('w" + n + "')::uuid WHERE id = md5('t" +
                       std::to_string(1 + i * 7 % 500) + "')::uuid");
            db.execute("UPDATE mcp_servers SET name = 'v" + n + "' WHERE id = md5('s" + std::to_string(1 + i % 100) +
                       "')::uuid");
            db.execute("DELETE FROM mcp_tools WHERE id = md5('t" + std::to_string(501 + i) + "')::uuid");
            changes += 5;
        }
    }};
    auto how = in_batches(100);
    how.report = [&](up::progress const& now) {
        // Passes that catch up are for what was committed before them, so the writer stops within the first pass.
        if (now.done > now.total * 3 / 4 && !enough.exchange(true)) writer.join();
    };
    auto const moved = up::execute(at.db, how);
    if (!enough.exchange(true)) writer.join();
    CHECK(changes > 20);
    CHECK(moved.passes > 1);
    CHECK(moved.complete);
    CHECK(up::verify(at.db).equal());
    CHECK(moved.servers.all_quarantined() + moved.tools.all_quarantined() == 0);
}
