// SPDX-License-Identifier: MIT
//
// Transactions, failures and connections: what is kept, what is undone, and what the sentence says and does not say.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/schema.hpp>
#include <sark/testing.hpp>

#include "catch.hpp"
#include "database.hpp"

using namespace std::string_literals;
using sark::Capability, sark::Resource, sark::Sensitivity, sark::col, sark::from;

namespace {

/// Gives two empty tables in a database that the sections of a test share.
struct two_tables {
    sark::test::database const& database = shared();
    sark::connection db{database.url()};

    two_tables() {
        db.execute("DROP SCHEMA public CASCADE");
        db.execute("CREATE SCHEMA public");
        for (std::string_view statement : sark::create_statements<Resource, Capability>) db.execute(statement);
    }
    std::int64_t count() { return db.count(from<Resource>()); }

private:
    static sark::test::database const& shared() {
        static sark::test::database const one;
        return one;
    }
};

Resource named(std::string id) { return {.id = std::move(id), .name = "n", .protocol = "http", .endpoint = "e"}; }

/// Gives the error of an action; fails when there is none.
template <class F>
sark::error failure(F&& action) {
    try {
        std::forward<F>(action)();
    } catch (sark::error const& failed) {
        CHECK(std::string_view{failed.what()}.starts_with("sark: "));
        CHECK(std::string_view{failed.what()}.find('\n') == std::string_view::npos);
        CHECK(std::string_view{failed.what()}.ends_with("."));
        return failed;
    }
    FAIL("nothing failed");
    throw std::logic_error{"not reached"};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("transactions") {
    two_tables t;
    SECTION("a transaction commits when its function returns") {
        std::string const id = t.db.transaction([](sark::transaction& tx) {
            tx.insert(named("a"));
            CHECK(tx.count(from<Resource>()) == 1);
            return tx.one(from<Resource>()).id;
        });
        CHECK(id == "a");
        CHECK(t.count() == 1);
        t.db.transaction([](auto& tx) { tx.insert(named("b")); });
        CHECK(t.count() == 2);
        // What it returns may be moved only, or a reference.
        auto const owned = t.db.transaction([](sark::transaction&) { return std::make_unique<int>(7); });
        CHECK(*owned == 7);
        int outside = 1;
        t.db.transaction([&](sark::transaction&) -> int& { return outside; }) = 2;
        CHECK(outside == 2);
    }
    SECTION("an exception rolls back, and is the one that arrives") {
        CHECK_THROWS_WITH(t.db.transaction([](sark::transaction& tx) {
            tx.insert(named("a"));
            throw std::runtime_error{"mine"};
        }),
                          "mine");
        CHECK_THROWS_AS(t.db.transaction([](sark::transaction& tx) {
            tx.insert(named("a"));
            throw 42;
        }),
                        int);
        auto const failed = failure([&] {
            t.db.transaction([](sark::transaction& tx) {
                tx.insert(named("a"));
                tx.insert(named("a"));
            });
        });
        CHECK(failed.sqlstate() == "23505");
        CHECK(t.count() == 0);
        t.db.insert(named("a"));
        CHECK(t.count() == 1);
    }
    SECTION("a swallowed error does not become a commit that was none") {
        auto const failed = failure([&] {
            t.db.transaction([](sark::transaction& tx) {
                tx.insert(named("a"));
                try {
                    tx.insert(named("a"));
                } catch (sark::error const&) {}
            });
        });
        CHECK_THAT(failed.what(), ContainsSubstring("nothing was committed"));
        CHECK(failed.sqlstate() == "25P02");
        CHECK_FALSE(failed.in_doubt());
        CHECK(t.count() == 0);
    }
    SECTION("nested transactions undo what they did, and no more") {
        t.db.transaction([](sark::transaction& tx) {
            tx.insert(named("kept"));
            CHECK_THROWS_AS(tx.nested([](sark::transaction& inner) {
                inner.insert(named("gone"));
                inner.insert(named("kept"));
            }),
                            sark::error);
            CHECK(tx.count(from<Resource>()) == 1);
            tx.nested([](sark::transaction& inner) {
                inner.insert(named("second"));
                CHECK_THROWS_AS(inner.nested([](sark::transaction& deepest) {
                    deepest.insert(named("third"));
                    throw std::runtime_error{"no"};
                }),
                                std::runtime_error);
                CHECK(inner.nested([](sark::transaction& deepest) {
                    deepest.insert(named("fourth"));
                    return deepest.count(from<Resource>());
                }) == 3);
            });
            // An error that was swallowed inside is told at the end of the inner one, which is undone.
            CHECK_THROWS_AS(tx.nested([](sark::transaction& inner) {
                inner.insert(named("fifth"));
                try {
                    inner.insert(named("fifth"));
                } catch (sark::error const&) {}
            }),
                            sark::error);
            CHECK(tx.count(from<Resource>()) == 3);
        });
        std::string ids;
        for (auto const& r : t.db.all(from<Resource>().order_by(col<&Resource::id>))) ids += r.id + " ";
        CHECK(ids == "fourth kept second ");
    }
    SECTION("only the innermost open transaction may speak") {
        sark::transaction* escaped = nullptr;
        t.db.transaction([&](sark::transaction& tx) {
            CHECK_THAT(failure([&] { (void)t.count(); }).what(), ContainsSubstring("a transaction is open"));
            CHECK_THAT(failure([&] { t.db.execute("SELECT 1"); }).what(), ContainsSubstring("a transaction is open"));
            CHECK_THAT(failure([&] { t.db.transaction([](sark::transaction&) {}); }).what(),
                       ContainsSubstring("a transaction is open"));
            tx.nested([&](sark::transaction& inner) {
                CHECK_THAT(failure([&] { tx.insert(named("a")); }).what(), ContainsSubstring("a transaction is open"));
                CHECK_THAT(failure([&] { tx.nested([](sark::transaction&) {}); }).what(),
                           ContainsSubstring("a transaction is open"));
                inner.insert(named("b"));
            });
            tx.insert(named("c"));
            escaped = &tx;
            tx.nested([&](sark::transaction& inner) {
                // The object is still there, so this is no use after its end.
                CHECK_THROWS_AS(escaped->insert(named("d")), sark::error);
                (void)inner;
            });
        });
        CHECK(t.count() == 2);
    }
    SECTION("a constraint that waits for the commit fails there and leaves nothing") {
        t.database.execute(
            "ALTER TABLE capabilities ALTER CONSTRAINT capabilities_resource_id_fkey DEFERRABLE INITIALLY "
            "DEFERRED");
        auto const failed = failure([&] {
            t.db.transaction(
                [](sark::transaction& tx) { tx.insert(Capability{.id = "c", .resource_id = "none", .name = "n"}); });
        });
        CHECK(failed.sqlstate() == "23503");
        CHECK_FALSE(failed.in_doubt());
        CHECK(t.db.count(from<Capability>()) == 0);
    }
}

TEST_CASE("failures of statements") {
    two_tables t;
    SECTION("violations name constraint, table and column, and no value") {
        t.db.insert(named("secret-key"));
        auto const check = [](sark::error const& failed, std::string_view state, std::string_view constraint,
                              std::string_view table, std::string_view column) {
            CHECK(failed.sqlstate() == state);
            CHECK(failed.constraint() == constraint);
            CHECK(failed.table() == table);
            CHECK(failed.column() == column);
            CHECK_FALSE(failed.retryable());
            CHECK_FALSE(failed.connection_lost());
            CHECK_THAT(failed.what(), !ContainsSubstring("secret"));
            CHECK_THAT(failed.what(), !ContainsSubstring("INSERT"));
            CHECK_THAT(failed.server_message(),
                       ContainsSubstring(constraint.empty() ? "null value" : std::string{constraint}));
        };
        check(failure([&] { t.db.insert(named("secret-key")); }), "23505", "resources_pkey", "resources", "");
        check(failure([&] { t.db.insert(Capability{.id = "c", .resource_id = "secret", .name = "n"}); }), "23503",
              "capabilities_resource_id_fkey", "capabilities", "");
        auto broken = named("x");
        broken.protocol = "Secret!";
        check(failure([&] { t.db.insert(broken); }), "23514", "ck_resources_protocol", "resources", "");
        t.database.execute("ALTER TABLE resources ADD extra text NOT NULL DEFAULT 'secret'; "
                           "ALTER TABLE resources ALTER extra DROP DEFAULT");
        check(failure([&] { t.db.insert(named("y")); }), "23502", "", "resources", "extra");
        auto long_one = named("z");
        long_one.name = std::string(256, 's');
        CHECK(failure([&] { t.db.insert(long_one); }).sqlstate() == "22001");
        CHECK_THAT(failure([&] { t.db.insert(named("y")); }).what(), ContainsSubstring("column extra"));
        auto bad_json = named("j");
        bad_json.metadata_ = sark::json{"{secret"};
        auto const refused = failure([&] { t.db.insert(bad_json); });
        CHECK(refused.column() == "metadata");
        CHECK_THAT(refused.what(), ContainsSubstring("is not JSON") && !ContainsSubstring("secret"));
    }
    SECTION("a table that is missing says what to do") {
        t.database.execute("DROP TABLE resources CASCADE");
        auto const failed = failure([&] { (void)t.count(); });
        CHECK(failed.sqlstate() == "42P01");
        CHECK_THAT(failed.what(), ContainsSubstring("apply the migrations"));
    }
    SECTION("serialization failures and deadlocks can be repeated") {
        t.db.insert(named("a"));
        sark::connection other{t.database.url()};
        auto const failed = failure([&] {
            t.db.transaction([&](sark::transaction& tx) {
                tx.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                (void)tx.count(from<Resource>());
                (void)other.query_text("UPDATE resources SET name = 'other'");
                (void)tx.query_text("UPDATE resources SET name = 'mine'");
            });
        });
        CHECK(failed.sqlstate() == "40001");
        CHECK(failed.retryable());
    }
    SECTION("COPY is refused and leaves no half-open stream") {
        CHECK_THAT(failure([&] { t.db.execute("COPY resources FROM STDIN"); }).what(), ContainsSubstring("COPY"));
    }
    SECTION("statements as text take parameters and give text") {
        auto const rows = t.db.query_text("SELECT $1::text, $2::int + 1, NULL", {"a'b", std::nullopt});
        CHECK(rows == std::vector<sark::text_row>{{"a'b", std::nullopt, std::nullopt}});
        CHECK(failure([&] { t.db.execute("SELECT 1; SELECT 2"); }).sqlstate() == "42601");
        using namespace std::string_view_literals;
        CHECK_THROWS_AS(t.db.execute("SELECT 1\0; DROP TABLE resources"sv), sark::error);
    }
}

TEST_CASE("connections are lost and moved") {
    two_tables t;
    SECTION("a lost connection says so, in and out of a transaction") {
        sark::connection other{t.database.url()};
        auto const pid = t.db.query_text("SELECT pg_backend_pid()").at(0).at(0);
        (void)other.query_text("SELECT pg_terminate_backend($1::int, 2000)", {pid});
        auto const lost = failure([&] { (void)t.count(); });
        CHECK(lost.connection_lost());
        CHECK_FALSE(lost.in_doubt());
        CHECK_FALSE(t.db.is_open());
        CHECK(failure([&] { (void)t.count(); }).connection_lost());

        for (bool nested : {false, true}) {
            sark::connection second{t.database.url()};
            auto const its_pid = second.query_text("SELECT pg_backend_pid()").at(0).at(0);
            auto const end = [&](sark::transaction& tx) {
                tx.insert(named("lost"));
                (void)other.query_text("SELECT pg_terminate_backend($1::int, 2000)", {its_pid});
            };
            // Lost before COMMIT was answered: in doubt. Lost at the end of a savepoint: surely undone.
            auto const failed = failure([&] {
                if (nested)
                    second.transaction([&](sark::transaction& tx) { tx.nested(end); });
                else
                    second.transaction(end);
            });
            CHECK(failed.connection_lost());
            CHECK(failed.in_doubt() == !nested);
            CHECK_FALSE(second.is_open());
        }
        CHECK(other.count(from<Resource>()) == 0);
    }
    SECTION("a connection can be moved") {
        t.db.insert(named("a"));
        sark::connection moved{std::move(t.db)};
        CHECK(moved.count(from<Resource>()) == 1);
        CHECK_THAT(failure([&] { (void)t.count(); }).what(),  // NOLINT(bugprone-use-after-move): the point
                   ContainsSubstring("was moved from"));
        t.db = std::move(moved);
        CHECK(t.count() == 1);
        CHECK(t.db.is_open());
    }
}

TEST_CASE("what is hostile is stored and found as it is") {
    two_tables t;
    t.database.execute("CREATE TABLE canary AS SELECT 1 AS alive");
    std::vector<std::string> const payloads{"'; DROP TABLE canary; --",
                                            "' OR '1'='1",
                                            "\\'; DROP TABLE canary; --",
                                            "\"; DROP TABLE canary; --",
                                            "/* */ UNION SELECT 1 -- ",
                                            "$1",
                                            "$$; DROP TABLE canary; $$",
                                            "E'\\x27'",
                                            "\\",
                                            "%_%",
                                            "{\"a\":1}",
                                            "\xE2\x80\x98; DROP TABLE canary; --",  // typographic quotes
                                            "\xCA\xBC OR 1=1",
                                            "\xEF\xBC\x87; DROP TABLE canary",
                                            "\n\r\t\x01\x7F",
                                            "NULL",
                                            "nextval('x')"};
    for (std::string const& payload : payloads) {
        INFO(payload);
        Resource row{.id = payload, .name = payload, .protocol = "http", .endpoint = payload};
        struct note {
            std::string text;
        };
        row.metadata_ = sark::to_json(note{payload});
        Resource const stored = t.db.insert_returning(row);
        CHECK(stored.id == payload);
        CHECK(stored.name == payload);
        CHECK(sark::from_json<note>(stored.metadata_).text == payload);
        std::string_view const view = payload;
        CHECK(t.db.all(from<Resource>().where(col<&Resource::id> == payload)).size() == 1);
        CHECK(t.db.all(from<Resource>().where(col<&Resource::name> == view)).size() == 1);
        CHECK(t.db.all(from<Resource>().where(col<&Resource::endpoint> == payload.c_str())).size() == 1);
        CHECK(t.db.all(from<Resource>().where(col<&Resource::id>.in({payload}))).size() == 1);
        CHECK(t.db.all(from<Resource>().where(col<&Resource::metadata_>.contains(stored.metadata_))).size() == 1);
        CHECK(t.db.upsert(row) == sark::upserted::unchanged);
        row.endpoint = payload + payload;
        CHECK(t.db.update(row));
        t.db.insert(Capability{.id = "c", .resource_id = payload, .name = payload, .description = payload});
        CHECK(t.db.first(from<Resource>().where(col<&Resource::id> == payload).join<Capability>()).has_value());
        CHECK(t.db.query_text("SELECT $1", {payload}).at(0).at(0) == payload);
        CHECK(t.db.erase(from<Capability>().where(col<&Capability::description> == payload)) == 1);
        CHECK(t.db.erase(row) == 1);
    }
    for (std::string const& payload :
         {"a\0'; DROP TABLE canary; --"s, "\0"s, "a\xC0\xA7; DROP TABLE canary"s, "\xFF"s}) {
        CHECK_THROWS_AS(t.db.insert(named(payload)), sark::error);
        CHECK_THROWS_AS(t.db.all(from<Resource>().where(col<&Resource::id> == payload)), sark::error);
        CHECK_THROWS_AS(t.db.all(from<Resource>().where(col<&Resource::id>.in({payload}))), sark::error);
        CHECK_THROWS_AS(t.db.all(from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{payload}))),
                        sark::error);
        CHECK_THROWS_AS(t.db.query_text("SELECT $1", {payload}), sark::error);
    }
    CHECK(t.database.ask("SELECT alive FROM canary") == "1");
    CHECK(t.count() == 0);
}

TEST_CASE("a connection that fails says why in one sentence, without the password") {
    sark::testing::postgres const server{{.password = "geheim-1", .tcp = true}};
    std::string const good = server.tcp_url();
    auto const refusal = [](std::string const& url) {
        INFO(url);
        auto failed = failure([&] { sark::connection{url}; });
        CHECK_THAT(failed.what(), !ContainsSubstring("geheim"));
        CHECK(failed.connection_lost());
        return failed;
    };
    CHECK(sark::connection{good}.is_open());

    auto const wrong_password = refusal(replaced(good, "geheim-1", "geheim-2"));
    CHECK(wrong_password.sqlstate() == "28P01");
    CHECK_THAT(wrong_password.what(), ContainsSubstring("refused the password of user \"postgres\""));
    CHECK(refusal(replaced(good, ":geheim-1", "")).sqlstate() == "28P01");
    auto const no_database = refusal(server.tcp_url("nowhere"));
    CHECK(no_database.sqlstate() == "3D000");
    CHECK_THAT(no_database.what(), ContainsSubstring("no database \"nowhere\"") && ContainsSubstring("createdb"));
    // A server that asks for passwords does not tell an unknown user from a wrong password.
    CHECK(refusal(replaced(good, "postgres:", "stranger:")).sqlstate() == "28P01");
    auto const no_host = refusal(replaced(good, "127.0.0.1", "no-such-host.invalid"));
    CHECK_THAT(no_host.what(), ContainsSubstring("host name \"no-such-host.invalid\" has no address"));
    auto const port = good.substr(good.rfind(':') + 1, good.rfind('/') - good.rfind(':') - 1);
    auto const no_port = refusal(replaced(good, port, "1"));
    CHECK_THAT(no_port.what(), ContainsSubstring("no server answers at 127.0.0.1, port 1."));

    // A server that trusts everybody tells.
    sark::testing::postgres const open;
    auto const stranger = refusal(replaced(open.url(), "user=postgres", "user=stranger"));
    CHECK(stranger.sqlstate() == "28000");
    CHECK_THAT(stranger.what(), ContainsSubstring("does not know the user \"stranger\""));
    auto const no_socket = refusal(replaced(open.url(), "host=", "host=/nowhere"));
    CHECK_THAT(no_socket.what(), ContainsSubstring("no server answers at /nowhere/"));
}

TEST_CASE("an address that cannot be read is not repeated") {
    // What is not percent-encoded moves parts of a password into the host or the port.
    for (std::string const& url :
         {"postgresql://u:ge@heim@127.0.0.1/db"s, "postgresql://u:ge/heim@127.0.0.1/db"s,
          "postgresql://u:geheim%zz@127.0.0.1/db"s, "host=127.0.0.1 password=a geheim"s,
          "postgresql://u:geheim@[::1/db"s, "nonsense geheim"s, "postgresql://u:p@127.0.0.1:geheim/db"s}) {
        INFO(url);
        auto const failed = failure([&] { sark::connection{url}; });
        CHECK_THAT(failed.what(), ContainsSubstring("percent-encoded"));
        CHECK_THAT(failed.what(), !ContainsSubstring("heim"));
    }
}

TEST_CASE("what the server says beside its answers is heard by who listens, the innermost first, and by nobody else") {
    two_tables t;
    std::vector<std::string> outer;
    std::vector<std::string> inner;
    auto const say = [&](char const* what) {
        t.db.execute("DO $$BEGIN RAISE " + std::string{what} +
                     " USING ERRCODE = '01777', DETAIL = 'a detail', HINT = 'a hint'; END$$");
    };
    auto const into = [](std::vector<std::string>& list) {
        return [&list](sark::server_notice const& n) {
            list.push_back(std::string{n.severity} + ' ' + std::string{n.sqlstate} + ' ' + sark::text_of(n));
        };
    };
    say("WARNING 'before'");
    {
        sark::notice_listener heard{t.db, into(outer)};
        // In every way of asking, within a transaction, too; the words of the server's language are not its severity.
        t.db.execute("SET lc_messages = 'C'");
        t.db.transaction([&](sark::transaction& tx) {
            tx.execute("DO $$BEGIN RAISE NOTICE 'within'; END$$");
            CHECK(tx.query_text("SELECT 1").size() == 1);
        });
        CHECK(outer == std::vector<std::string>{"NOTICE 00000 within"});
        {
            sark::notice_listener const nearer{t.db, into(inner)};
            say("WARNING 'to the inner one'");
        }
        CHECK(inner == std::vector<std::string>{"WARNING 01777 to the inner one\na detail\na hint"});
        say("INFO 'to the outer one'");
        CHECK(outer.size() == 2);
        CHECK(outer.back().starts_with("INFO 01777 to the outer one\n"));
        heard.rethrow();
    }
    say("WARNING 'after'");
    CHECK(outer.size() + inner.size() == 3);

    // What the function throws waits until it is asked for; the statement and the session go on.
    std::size_t calls = 0;
    sark::notice_listener throwing{
        t.db, [&](sark::server_notice const&) { throw std::runtime_error{"call " + std::to_string(++calls)}; }};
    t.db.execute("DO $$BEGIN RAISE NOTICE 'one'; RAISE NOTICE 'two'; END$$");
    CHECK(calls == 2);
    CHECK_THROWS_WITH(throwing.rethrow(), "call 1");
    throwing.rethrow();
    CHECK(t.count() == 0);
}
