// SPDX-License-Identifier: MIT
//
// Statements sent without waiting: answers in order, failures and what they keep from running, no dead-lock on full
// sockets, and a connection that is in step afterwards, or dead.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/query.hpp>
#include <sark/query/any_query.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::col, sark::from;

namespace pipelines {

struct Item {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> note{};
};

struct Numbered {
    std::int64_t id{};
    std::string name{};
};

/// Gives back the text it is given; tells in which form it came.
struct echo {
    using row = std::pair<std::string, bool>;
    static constexpr std::string_view sql = "SELECT $1::text";
    std::string text;

    void bind(sark::parameters& out) const { out.add_borrowed(text); }
    template <class Fields>
    static row decode(Fields const& fields) {
        return {sark::detail::decode_value<std::string>(fields(0), {}), fields(0).is_binary};
    }
};

/// Any text of run time that gives an integer; what it is decoded with belongs to the value.
struct plus {
    using row = std::int64_t;
    std::string sql;
    std::int64_t more = 0;

    void bind(sark::parameters&) const {}
    template <class Fields>
    row decode(Fields const& fields) const {
        return more + sark::detail::decode_value<std::int64_t>(fields(0), {});
    }
};

struct outcomes : sark::observer {
    std::vector<std::string> states;
    std::vector<std::string> texts;
    void statement(sark::statement_event const& event) noexcept override {
        states.emplace_back(event.sqlstate);
        texts.emplace_back(event.text);
        CHECK(event.duration.count() > 0);
    }
};

}  // namespace pipelines

template <>
inline constexpr auto sark::table_of<pipelines::Numbered> = sark::table(
    "numbered", sark::column<&pipelines::Numbered::id>{.type = "bigserial"},
    sark::primary_key<&pipelines::Numbered::id>{});

using namespace pipelines;

namespace {

struct items {
    sark::test::database database;
    sark::connection db;

    explicit items(int rows = 0, std::size_t prepared = 256)
        : db{sark::connection_options{.address = database.url(), .prepared_statements = prepared}} {
        for (std::string_view statement : sark::create_statements<Item>) db.execute(statement);
        if (rows > 0)
            db.execute("INSERT INTO item SELECT n, 'item ' || n, CASE WHEN n % 3 = 0 THEN 'third' END FROM "
                       "generate_series(1, " +
                       std::to_string(rows) + ") AS n");
    }

    std::size_t prepared() {
        return static_cast<std::size_t>(
            std::stoul(db.query_text("SELECT count(*) FROM pg_prepared_statements")[0][0].value()));
    }
    std::int64_t count() { return db.count(from<Item>()); }
};

template <class F>
sark::error failure(F&& action) {
    try {
        std::forward<F>(action)();
    } catch (sark::error const& failed) { return failed; }
    FAIL("nothing failed");
    throw 0;
}

plus broken() { return {"SELECT 1/0"}; }

}  // namespace

TEST_CASE("all kinds of statements have their answers, in a pipeline and after it") {
    items t{10};
    for (std::string_view statement : sark::create_statements<Numbered>) t.db.execute(statement);
    auto const third = from<Item>().where(col<&Item::id> == 3);
    auto const none = from<Item>().where(col<&Item::id> == 99);
    sark::any_query<Item> const stored = from<Item>().where(col<&Item::id> == 4);
    for (int run = 0; run < 4; ++run) {
        auto [rows, renamed, last] = t.db.pipeline([&](sark::pipeline& p) {
            auto all = p.all(from<Item>().order_by(col<&Item::id>));
            auto first = p.first(third);
            auto nobody = p.first(none);
            auto one = p.one(third);
            auto no_one = p.one(none);
            auto name = p.scalar(third.select(col<&Item::name>));
            auto note = p.scalar(from<Item>().where(col<&Item::id> == 4).select(col<&Item::note>));
            auto count = p.count(from<Item>().limit(2));
            auto there = p.exists(third);
            auto not_there = p.exists(none);
            auto found = p.find<Item>(7);
            auto kept = p.all(stored);
            auto more = p.one(plus{"SELECT 5::bigint", 37});
            auto inserted = p.insert(Item{.id = 100, .name = "new"});
            auto numbered = p.insert_returning(Numbered{.name = "x"});
            auto same = p.upsert(Item{.id = 100, .name = "new"});
            auto changed = p.upsert(Item{.id = 100, .name = "newer"});
            auto updated = p.update(Item{.id = 100, .name = "newest"});
            auto not_updated = p.update(Item{.id = 101, .name = "nobody"});
            auto after = p.find<Item>(100);
            auto erased = p.erase(Item{.id = 100});
            auto run_one = p.run(sark::update<Item>().set(col<&Item::note>, "again").where(col<&Item::id> <= 2));
            auto set = p.execute("SET LOCAL work_mem = '8MB'");
            CHECK_FALSE(set.is_ready());
            CHECK(erased.get() == 1);  // waits for those before it, too
            CHECK(all.is_ready());
            CHECK(first.get().value().name == "item 3");
            CHECK(first.failure() == std::nullopt);
            CHECK_FALSE(nobody.get().has_value());
            CHECK(one.get().note == "third");
            CHECK_THAT(failure([&] { (void)no_one.get(); }).what(), ContainsSubstring("found no row"));
            CHECK(name.get() == "item 3");
            CHECK(note.get() == std::nullopt);
            CHECK(count.get() == 10);
            CHECK(there.get());
            CHECK_FALSE(not_there.get());
            CHECK(found.get().value().id == 7);
            CHECK(kept.get().at(0).id == 4);
            CHECK(more.get() == 42);
            CHECK(inserted.get() == 1);
            CHECK(numbered.get().id == run + 1);
            CHECK(same.get() == sark::upserted::unchanged);
            CHECK(changed.get() == sark::upserted::updated);
            CHECK(updated.get());
            CHECK_FALSE(not_updated.get());
            CHECK(after.get().value().name == "newest");
            return std::tuple{std::move(all), std::move(run_one), p.scalar(third.select(col<&Item::id>))};
        });
        CHECK(rows.is_ready());
        auto const got = rows.get();
        REQUIRE(got.size() == 10);
        CHECK(got[9].name == "item 10");
        CHECK_THAT(failure([&] { (void)rows.get(); }).what(), ContainsSubstring("was taken already"));
        CHECK(renamed.get() == 2);
        CHECK(last.get() == 3);
    }
    CHECK(t.count() == 10);
}

TEST_CASE("ten thousand look-ups are one pipeline: prepared once, in binary once that is known") {
    items t{1000};
    sark::statement_counter sent;
    t.db.observe(&sent);
    for (int run = 0; run < 2; ++run) {
        sent.reset();
        t.db.pipeline([&](sark::pipeline& p) {
            std::vector<sark::pending<std::optional<Item>>> found;
            for (std::int64_t n = 0; n < 10'000; ++n) found.push_back(p.find<Item>(1 + n * 7 % 1000));
            std::size_t wrong = 0;
            for (std::size_t n = 0; n < found.size(); ++n) {
                auto const item = found[n].get();
                wrong += item && item->id == static_cast<std::int64_t>(1 + n * 7 % 1000) ? 0U : 1U;
            }
            CHECK(wrong == 0);
        });
        CHECK(sent.count() == 10'000);
    }
    t.db.observe(nullptr);
    CHECK(t.prepared() == 1);
    // The form is known from the first answer of a prepared statement on, which comes before the thousands are sent.
    t.db.pipeline([&](sark::pipeline& p) {
        std::vector<sark::pending<echo::row>> echoes;
        for (int n = 0; n < 5000; ++n) echoes.push_back(p.one(echo{std::to_string(n)}));
        CHECK_FALSE(echoes.front().get().second);
        auto const last = echoes.back().get();
        CHECK(last.first == "4999");
        CHECK(last.second);
    });
    CHECK(t.db.one(echo{"x"}).second);
}

TEST_CASE("a failure keeps what follows from running, up to the next sync point") {
    items t{3};
    auto const third = from<Item>().where(col<&Item::id> == 3);
    SECTION("each handle says what became of its statement") {
        t.db.pipeline([&](sark::pipeline& p) {
            auto before = p.insert(Item{.id = 10, .name = "undone"});
            auto wrong = p.one(broken());
            auto after = p.insert(Item{.id = 11, .name = "not run"});
            p.sync();
            auto beyond = p.insert(Item{.id = 12, .name = "stays"});
            auto const skipped = after.failure();
            REQUIRE(skipped.has_value());
            CHECK(skipped->not_run());
            CHECK(skipped->sqlstate() == "22012");
            CHECK_THAT(skipped->what(), ContainsSubstring("was not run") && ContainsSubstring("22012"));
            auto const real = failure([&] { (void)wrong.get(); });
            CHECK(real.sqlstate() == "22012");
            CHECK_FALSE(real.not_run());
            CHECK(before.get() == 1);  // it was run, and then undone with the others
            CHECK(beyond.get() == 1);
        });
        CHECK(t.count() == 4);
        CHECK(t.db.find<Item>(12).has_value());
    }
    SECTION("one that nobody asked for is thrown at the end, the first one") {
        auto const failed = failure([&] {
            t.db.pipeline([&](sark::pipeline& p) {
                p.insert(Item{.id = 20, .name = "stays"});
                p.sync();
                p.insert(Item{.id = 1, .name = "there is one"});
                p.insert(Item{.id = 21, .name = "not run"});
                p.sync();
                (void)p.one(broken());
            });
        });
        CHECK(failed.sqlstate() == "23505");
        CHECK(failed.constraint() == "item_pkey");
        CHECK(failed.table() == "item");
        CHECK(t.count() == 4);
    }
    SECTION("a statement that cannot be prepared says so itself, and its name is made later") {
        plus const missing{"SELECT id FROM later"};
        CHECK(failure([&] { (void)t.db.one(missing); }).sqlstate() == "42P01");
        t.db.pipeline([&](sark::pipeline& p) {
            auto real = p.one(missing);
            auto not_run = p.one(missing);
            p.sync();
            auto alone = p.one(missing);
            CHECK(real.failure().value().sqlstate() == "42P01");
            CHECK_FALSE(real.failure().value().not_run());
            CHECK(not_run.failure().value().not_run());
            CHECK(alone.failure().value().sqlstate() == "42P01");
            CHECK_FALSE(alone.failure().value().not_run());
        });
        // A name that was not made because of another's failure is not taken for made.
        plus const number{"SELECT 8::bigint"};
        CHECK(t.db.one(number) == 8);
        t.db.pipeline([&](sark::pipeline& p) {
            auto wrong = p.one(broken());
            auto not_run = p.one(number);
            p.sync();
            CHECK(p.one(number).get() == 8);
            CHECK(not_run.failure().value().not_run());
            CHECK(wrong.failure().has_value());
        });
        CHECK(t.db.one(number) == 8);
    }
    SECTION("inside of a transaction it is the transaction's failure") {
        auto const failed = failure([&] {
            t.db.transaction([&](sark::transaction& tx) {
                tx.pipeline([&](sark::pipeline& p) {
                    p.insert(Item{.id = 30, .name = "x"});
                    auto wrong = p.one(broken());
                    p.sync();
                    auto aborted = p.one(third);
                    CHECK(wrong.failure().has_value());
                    CHECK(aborted.failure().value().sqlstate() == "25P02");
                });
            });
        });
        CHECK(failed.sqlstate() == "25P02");
        CHECK(t.count() == 3);
        t.db.transaction([&](sark::transaction& tx) {
            CHECK(failure([&] {
                      tx.nested([](sark::transaction& inner) {
                          inner.pipeline([](sark::pipeline& p) { (void)p.one(broken()); });
                      });
                  }).sqlstate() == "22012");
            tx.pipeline([](sark::pipeline& p) { p.insert(Item{.id = 31, .name = "x"}); });
            CHECK(tx.count(from<Item>()) == 4);
        });
        CHECK(t.count() == 4);
    }
    SECTION("what only the commit finds is thrown by the end of the pipeline") {
        t.db.execute("CREATE TABLE part (item bigint REFERENCES item DEFERRABLE INITIALLY DEFERRED)");
        auto const failed = failure([&] {
            t.db.pipeline([&](sark::pipeline& p) {
                auto part = p.execute("INSERT INTO part VALUES (77)");
                CHECK(part.get() == 1);
                p.sync();
                p.insert(Item{.id = 40, .name = "stays"});
            });
        });
        CHECK(failed.sqlstate() == "23503");
        CHECK(t.count() == 4);
        CHECK(t.db.query_text("SELECT count(*) FROM part")[0][0] == "0");
    }
    SECTION("values are checked before anything is sent") {
        t.db.pipeline([&](sark::pipeline& p) {
            CHECK_THAT(failure([&] { p.insert(Item{.id = 50, .name = "\xFF"}); }).what(),
                       ContainsSubstring("column item.name is not UTF-8"));
            p.insert(Item{.id = 51, .name = "x"});
        });
        CHECK(t.count() == 4);
    }
    CHECK(t.db.one(third).id == 3);
}

TEST_CASE("an exception that leaves a pipeline undoes what is not behind a sync point") {
    items t{3};
    CHECK_THROWS_AS(t.db.pipeline([](sark::pipeline& p) {
        p.insert(Item{.id = 10, .name = "stays"});
        p.sync();
        for (std::int64_t n = 0; n < 100; ++n) p.insert(Item{.id = 11 + n, .name = "undone"});
        (void)p.all(from<Item>());
        throw 1;
    }),
                    int);
    CHECK(t.count() == 4);
    t.db.transaction([](sark::transaction& tx) {
        CHECK_THROWS_AS(tx.pipeline([](sark::pipeline& p) {
            p.insert(Item{.id = 20, .name = "run"});
            throw 1;
        }),
                        int);
        CHECK(tx.count(from<Item>()) == 5);  // the transaction decides, as with any statement that was run
    });
    CHECK(t.count() == 5);
    CHECK(t.db.is_open());
    // With a failure among what is given up, the exception is what is seen.
    CHECK_THROWS_AS(t.db.pipeline([](sark::pipeline& p) {
        (void)p.one(broken());
        p.sync();
        (void)p.one(broken());
        throw 1;
    }),
                    int);
    t.db.pipeline([](sark::pipeline&) {});
    CHECK(t.count() == 5);
}

TEST_CASE("neither side waits for the other when much is sent and much comes back") {
    items t;
    auto const megabytes = sark::test::sized<std::size_t>(16, 50);
    SECTION("few statements with large values") {
        std::string const megabyte(1U << 20U, 'm');
        t.db.pipeline([&](sark::pipeline& p) {
            std::vector<sark::pending<echo::row>> echoes;
            for (std::size_t n = 0; n < megabytes; ++n) echoes.push_back(p.one(echo{std::to_string(n) + megabyte}));
            std::size_t wrong = 0;
            for (std::size_t n = 0; n < megabytes; ++n)
                wrong += echoes[n].get().first == std::to_string(n) + megabyte ? 0U : 1U;
            CHECK(wrong == 0);
        });
    }
    SECTION("many statements with small ones, whose answers nobody takes") {
        t.db.pipeline([&](sark::pipeline& p) {
            std::string const text(1024, 's');
            for (std::size_t n = 0; n < megabytes * 1024; ++n) (void)p.one(echo{text});
        });
    }
    CHECK(t.count() == 0);
}

TEST_CASE("a connection that is lost in a pipeline says so to everybody") {
    items t{3};
    sark::connection other{t.database.url()};
    auto const pid = t.db.query_text("SELECT pg_backend_pid()").at(0).at(0);
    SECTION("by the server's word") {
        auto const failed = failure([&] {
            t.db.pipeline([&](sark::pipeline& p) {
                auto good = p.find<Item>(1);
                CHECK(good.get().has_value());
                p.insert(Item{.id = 10, .name = "undone"});
                auto killed = p.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                auto after = p.find<Item>(2);
                CHECK(killed.failure().value().connection_lost());
                CHECK(after.failure().value().connection_lost());
                CHECK_FALSE(after.failure().value().in_doubt());
                CHECK_THROWS_AS(
                    [&] {
                        for (int n = 0; n < 100'000; ++n) (void)p.find<Item>(3).get();
                    }(),
                    sark::error);
            });
        });
        CHECK(failed.connection_lost());
        CHECK_FALSE(failed.in_doubt());
    }
    SECTION("between two statements, while thousands are under way") {
        auto const failed = failure([&] {
            t.db.pipeline([&](sark::pipeline& p) {
                std::vector<sark::pending<std::optional<Item>>> found;
                for (int n = 0; n < 1000; ++n) found.push_back(p.find<Item>(1));
                CHECK(found[0].get().has_value());
                (void)other.query_text("SELECT pg_terminate_backend($1::int, 2000)", {pid});
                for (int n = 0; n < 5000; ++n) found.push_back(p.find<Item>(1));
                for (auto& f : found) (void)f.failure();
            });
        });
        CHECK(failed.connection_lost());
    }
    SECTION("while it is committed: nobody knows") {
        auto const failed = failure([&] {
            t.db.pipeline([&](sark::pipeline& p) {
                p.insert(Item{.id = 10, .name = "x"});
                p.insert(Item{.id = 11, .name = "x"});
                (void)other.query_text("SELECT pg_terminate_backend($1::int, 2000)", {pid});
            });
        });
        CHECK(failed.connection_lost());
    }
    CHECK_FALSE(t.db.is_open());
    CHECK(failure([&] { (void)t.count(); }).connection_lost());
    CHECK(failure([&] { t.db.pipeline([](sark::pipeline& p) { (void)p.exists(from<Item>()); }); }).connection_lost());
    CHECK(other.count(from<Item>()) == 3);
}

TEST_CASE("a connection with a pipeline listens to nobody else") {
    items t{200};
    auto const refused = [](sark::error const& failed) {
        CHECK_THAT(failed.what(), ContainsSubstring("a pipeline is open on this connection"));
    };
    t.db.pipeline([&](sark::pipeline& p) {
        auto found = p.find<Item>(1);
        refused(failure([&] { (void)t.count(); }));
        refused(failure([&] { t.db.transaction([](sark::transaction&) {}); }));
        refused(failure([&] { t.db.pipeline([](sark::pipeline&) {}); }));
        refused(failure([&] { (void)t.db.stream(from<Item>()); }));
        CHECK_FALSE(t.db.clean());
        CHECK(found.get().has_value());
    });
    t.db.transaction([&](sark::transaction& tx) {
        auto rows = tx.stream(from<Item>().order_by(col<&Item::id>));
        auto at = rows.begin();
        tx.pipeline([&](sark::pipeline& p) {
            auto found = p.find<Item>(2);
            CHECK_THAT(failure([&] { (void)tx.count(from<Item>()); }).what(), ContainsSubstring("a pipeline is open"));
            CHECK_THROWS_AS(
                [&] {
                    for (int n = 0; n < 100; ++n) ++at;
                }(),
                sark::error);
            CHECK(found.get().has_value());
        });
        CHECK(tx.count(from<Item>()) == 200);
        CHECK_THAT(failure([&] { t.db.pipeline([](sark::pipeline&) {}); }).what(),
                   ContainsSubstring("a transaction is open"));
    });
    CHECK(t.count() == 200);
    auto const copied = failure([&] {
        t.db.pipeline([](sark::pipeline& p) {
            p.execute("COPY item FROM STDIN");
            (void)p.exists(from<Item>());
        });
    });
    CHECK_THAT(copied.what(), ContainsSubstring("COPY cannot run in a pipeline"));
    CHECK(copied.connection_lost());
    CHECK_FALSE(t.db.is_open());
}

TEST_CASE("the server keeps as many names as it was asked to, and none for a pooler") {
    auto const texts = [](sark::connection& db) {
        db.pipeline([](sark::pipeline& p) {
            std::vector<sark::pending<std::int64_t>> sums;
            for (int round = 0; round < 3; ++round)
                for (std::int64_t n = 0; n < 5; ++n)
                    for (int again = 0; again < 2; ++again)
                        sums.push_back(p.one(plus{"SELECT " + std::to_string(n) + "::bigint", 1}));
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < sums.size(); ++i)
                wrong += sums[i].get() == static_cast<std::int64_t>(i / 2 % 5 + 1) ? 0U : 1U;
            CHECK(wrong == 0);
        });
    };
    items few{1, 3};
    texts(few.db);
    CHECK(few.prepared() == 3);
    few.db.transaction([](sark::transaction& tx) {
        tx.pipeline([](sark::pipeline& p) {
            auto found = p.find<Item>(1);
            CHECK(found.get().has_value());
        });
    });
    texts(few.db);
    CHECK(few.prepared() == 3);
    items none{1, 0};
    texts(none.db);
    texts(none.db);
    CHECK(none.prepared() == 0);
}

TEST_CASE("what changed under a prepared statement is prepared anew when a pipeline is repeated") {
    items t{5};
    auto const third = from<Item>().where(col<&Item::id> == 3);
    auto const ask = [&](sark::pipeline& p) { return p.all(third); };
    for (int run = 0; run < 3; ++run) CHECK(t.db.pipeline(ask).get().size() == 1);
    auto const first_fails = [&] {
        auto const failed = failure([&] { (void)t.db.pipeline(ask); });
        CHECK(failed.retryable());
        CHECK(t.db.pipeline(ask).get().size() == 1);
        return failed.sqlstate();
    };
    t.db.execute("DEALLOCATE ALL");
    CHECK(first_fails() == "26000");
    for (int run = 0; run < 3; ++run) CHECK(t.db.pipeline(ask).get().at(0).name == "item 3");
    t.db.execute("ALTER TABLE item ALTER COLUMN name TYPE varchar(20)");
    CHECK(first_fails() == "0A000");
    // A transaction that is repeated comes past the change as well, by the way that a program takes.
    for (int run = 0; run < 3; ++run) (void)t.db.all(third);
    t.db.execute("ALTER TABLE item ALTER COLUMN name TYPE text");
    CHECK(sark::retry(t.db, [&](sark::transaction& tx) { return tx.all(third).size(); }) == 1);
    t.db.execute("ALTER TABLE item ALTER COLUMN name TYPE varchar(30)");
    CHECK(sark::retry(t.db, [&](sark::transaction& tx) { return tx.pipeline(ask); }).get().size() == 1);
}

TEST_CASE("a text that is a constant here and made there has two names") {
    items t{5};
    auto const query = from<Item>().where(col<&Item::id> == 3).limit(2);
    sark::any_query<Item> const stored = query;
    t.db.transaction([&](sark::transaction& tx) {
        for (int run = 0; run < 4; ++run) {
            CHECK(tx.all(query).size() == 1);
            CHECK(tx.all(stored).size() == 1);
        }
    });
    CHECK(t.prepared() == 2);
}

TEST_CASE("observers are told of each statement of a pipeline when its answer comes") {
    items t{3};
    outcomes seen;
    t.db.observe(&seen);
    t.db.pipeline([&](sark::pipeline& p) {
        auto found = p.find<Item>(1);
        auto secret = p.execute("SELECT 'secret'");
        auto wrong = p.one(broken());
        auto not_run = p.find<Item>(2);
        (void)not_run.failure();
    });
    t.db.observe(nullptr);
    CHECK(seen.states == std::vector<std::string>{"", "", "22012", "22012"});
    CHECK_THAT(seen.texts[0], ContainsSubstring("FROM \"item\""));
    CHECK(seen.texts[1].empty());
    CHECK(seen.texts[2] == "SELECT 1/0");
}
