// SPDX-License-Identifier: MIT
//
// Connections that are lent come back clean or not at all; transactions that met are repeated, and only those.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/models/resource.hpp>

#include "catch.hpp"
#include "database.hpp"

using namespace std::chrono_literals;

namespace {

struct one {
    static constexpr std::string_view sql = "SELECT count(*) FROM t";
    using row = std::int64_t;
    void bind(sark::parameters&) const {}
    template <class Fields>
    static row decode(Fields const& fields) {
        return sark::detail::decode_value<row>(fields(0), {});
    }
};

template <class F>
std::optional<sark::error> failure(F&& action) {
    try {
        std::forward<F>(action)();
        return std::nullopt;
    } catch (sark::error const& failed) { return failed; }
}

std::string ask(sark::session& db, std::string const& sql) { return db.query_text(sql)[0][0].value_or(""); }

}  // namespace

TEST_CASE("a pool lends what it has, and no more") {
    sark::test::database const database;
    sark::pool pool{{.address = database.url()}, {.size = 2, .patience = 20ms}};
    CHECK(pool.size() == 0);
    std::string first;
    {
        auto a = pool.lend();
        auto b = pool.lend();
        first = ask(*b, "SELECT pg_backend_pid()");
        CHECK(ask(*a, "SELECT pg_backend_pid()") != first);
        CHECK(pool.size() == 2);
        auto const failed = failure([&] { (void)pool.lend(); });
        REQUIRE(failed);
        CHECK_THAT(failed->what(), ContainsSubstring("came back in time"));
    }
    CHECK(pool.size() == 2);
    CHECK(ask(*pool.lend(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") == "2");

    // Threads share them, and nobody is forgotten.
    sark::pool patient{{.address = database.url()}, {.size = 3}};
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n) patient.lend()->execute("SELECT 1");
            ++done;
        });
    for (auto& thread : threads) thread.join();
    CHECK(done == 12);
    CHECK(patient.size() <= 3);

    sark::pool unreachable{{.address = "postgresql://nobody@/nosuch?host=/nowhere"}, {.size = 1, .patience = 20ms}};
    for (int i = 0; i < 3; ++i) CHECK(failure([&] { (void)unreachable.lend(); })->connection_lost());
    CHECK(unreachable.size() == 0);
}

TEST_CASE("a connection comes back as clean as it was lent") {
    sark::test::database const database;
    database.execute("CREATE TABLE t (n bigint)");
    sark::pool pool{{.address = database.url(), .statement_timeout = 7000ms}, {.size = 1}};
    std::string pid;
    {
        auto db = pool.lend();
        pid = ask(*db, "SELECT pg_backend_pid()");
        for (int run = 0; run < 3; ++run) CHECK(db->one(one{}) == 0);
        db->execute("SET statement_timeout = 1");
        db->execute("RESET statement_timeout");
        db->execute("SET TimeZone = 'Asia/Tokyo'");
        db->execute("SET search_path = nowhere");
        db->execute("CREATE TEMPORARY TABLE mine (n int)");
        db->execute("LISTEN something");
        db->execute("SELECT pg_advisory_lock(42)");
        db->execute("BEGIN");
        db->execute("INSERT INTO public.t VALUES (1)");
    }
    auto db = pool.lend();
    CHECK(ask(*db, "SELECT pg_backend_pid()") == pid);
    CHECK(ask(*db, "SHOW TimeZone") == "UTC");
    CHECK(ask(*db, "SHOW statement_timeout") == "7s");
    CHECK(ask(*db, "SHOW search_path") == "\"$user\", public");
    CHECK(ask(*db, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
    CHECK(ask(*db, "SELECT to_regclass('pg_temp.mine')").empty());
    CHECK(ask(*db, "SELECT count(*) FROM pg_listening_channels()") == "0");
    CHECK(db->one(one{}) == 0);
    CHECK(ask(*db, "SELECT count(*) FROM pg_prepared_statements") == "1");
    db->execute("SELECT pg_advisory_lock(43)");
}

TEST_CASE("a connection that died is replaced") {
    sark::test::database const database;
    sark::pool pool{{.address = database.url()}, {.size = 1, .check_after = 0s}};
    std::string const pid = ask(*pool.lend(), "SELECT pg_backend_pid()");
    database.execute("SELECT pg_terminate_backend(" + pid + ")");
    while (database.ask("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) != "0") std::this_thread::yield();
    CHECK(ask(*pool.lend(), "SELECT pg_backend_pid()") != pid);
    CHECK(pool.size() == 1);
    {
        auto db = pool.lend();
        CHECK(failure([&] { db->execute("SELECT pg_terminate_backend(pg_backend_pid())"); }));
    }
    CHECK(pool.size() == 0);
    pool.lend()->execute("SELECT 1");
}

TEST_CASE("transactions that cannot be ordered are repeated as a whole, a bounded number of times") {
    sark::test::database const database;
    database.execute("CREATE TABLE counter (n bigint); INSERT INTO counter VALUES (0)");
    constexpr int spenders = 4;
    constexpr int times = 25;
    std::atomic<int> attempts = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < spenders; ++i)
        threads.emplace_back([&] {
            sark::connection db{database.url()};
            for (int n = 0; n < times; ++n)
                sark::retry(db,
                            [&](sark::transaction& tx) {
                                ++attempts;
                                tx.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                                auto const seen = tx.query_text("SELECT n FROM counter")[0][0].value();
                                tx.execute("UPDATE counter SET n = " + std::to_string(std::stoi(seen) + 1));
                            },
                            {.attempts = 1000});
        });
    for (auto& thread : threads) thread.join();
    CHECK(database.ask("SELECT n FROM counter") == std::to_string(spenders * times));
    CHECK(attempts >= spenders * times);

    sark::connection db{database.url()};
    int runs = 0;
    auto const refused = [&](char const* sqlstate) {
        runs = 0;
        return failure([&] {
            sark::retry(db,
                        [&](sark::transaction& tx) {
                            ++runs;
                            tx.execute("DO $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '" + std::string{sqlstate} +
                                       "'; END$$");
                        },
                        {.attempts = 3, .first_pause = 1us});
        });
    };
    CHECK(refused("40001")->sqlstate() == "40001");
    CHECK(runs == 3);
    CHECK(refused("40P01")->retryable());
    CHECK(runs == 3);
    CHECK(refused("23505")->sqlstate() == "23505");
    CHECK(runs == 1);
    CHECK(sark::retry(db, [](sark::transaction& tx) { return ask(tx, "SELECT 7"); }) == "7");
    CHECK_THROWS_AS(sark::retry(db, [](sark::transaction&) { throw 1; }), int);
}
