// SPDX-License-Identifier: MIT
//
// How statements run: prepared from the second time on, in binary from the third, anew when the server forgot them;
// streamed in bounded pieces; seen by observers.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <new>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <malloc.h>
#include <time.h>

#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::Resource, sark::col, sark::from;

namespace {
// Of the whole test program; tests run one after the other.
std::size_t allocations = 0;
std::size_t allocated = 0;  // bytes that are held now
std::size_t most_allocated = 0;

void* counted(std::size_t size) {
    void* const p = std::malloc(size == 0 ? 1 : size);
    ++allocations;
    allocated += malloc_usable_size(p);
    if (allocated > most_allocated) most_allocated = allocated;
    return p;
}
void give_back(void* p) noexcept {
    allocated -= malloc_usable_size(p);
    std::free(p);
}
}  // namespace

// NOLINTBEGIN: the replacements have to look like this.
void* operator new(std::size_t size) {
    if (void* const p = counted(size)) return p;
    throw std::bad_alloc{};
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return counted(size); }
void* operator new[](std::size_t size, std::nothrow_t const& how) noexcept { return ::operator new(size, how); }
void operator delete(void* p) noexcept { give_back(p); }
void operator delete[](void* p) noexcept { give_back(p); }
void operator delete(void* p, std::size_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t) noexcept { give_back(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { give_back(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { give_back(p); }

// The library's function is in a shared object, so the one of the program is taken, by everybody.
#ifdef __GLIBCXX__
namespace {
std::size_t clock_reads = 0;
}
std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
    ++clock_reads;
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return time_point{seconds{t.tv_sec} + nanoseconds{t.tv_nsec}};
}
#endif
// NOLINTEND

namespace execution {

struct Item {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> note{};
};

/// Returns values as given, in a text of run time, and tells in which form they came.
struct probe {
    using row = bool;
    std::string sql;

    void bind(sark::parameters&) const {}
    template <class Fields>
    static bool decode(Fields const& fields) {
        (void)sark::detail::decode_value<T>(fields(0), {});
        return fields(0).is_binary;
    }
    using T = std::int64_t;
};

/// The same with a text, whose binary form most types do not share.
struct text_probe : probe {
    template <class Fields>
    static bool decode(Fields const& fields) {
        (void)sark::detail::decode_value<std::optional<std::string>>(fields(0), {});
        return fields(0).is_binary;
    }
};

/// Makes as many rows as are asked for.
struct generated {
    using row = std::tuple<std::int64_t, std::string>;
    static constexpr std::string_view sql =
        "SELECT n, 'a text that no short string holds, number ' || n FROM generate_series(1, $1) AS n";
    std::int64_t many;

    void bind(sark::parameters& out) const { sark::codec<std::int64_t>::encode(out, many); }
    template <class Fields>
    static row decode(Fields const& fields) {
        return {sark::detail::decode_value<std::int64_t>(fields(0), {}),
                sark::detail::decode_value<std::string>(fields(1), {})};
    }
};

struct events : sark::observer {
    struct seen {
        std::map<std::string, std::string> attributes;
        std::size_t rows;
    };
    std::vector<seen> all;

    void statement(sark::statement_event const& event) noexcept override {
        auto& one = all.emplace_back();
        one.rows = event.rows;
        event.each_attribute([&](auto name, auto value) { one.attributes[std::string{name}] = value; });
        CHECK(event.duration.count() > 0);
    }
};

}  // namespace execution

using namespace execution;

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

    std::vector<std::string> prepared() {
        std::vector<std::string> texts;
        for (auto const& row : db.query_text("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time"))
            texts.push_back(row[0].value());
        return texts;
    }
};

template <class F>
sark::error failure(F&& action) {
    try {
        std::forward<F>(action)();
    } catch (sark::error const& failed) { return failed; }
    FAIL("nothing failed");
    throw 0;
}

}  // namespace

TEST_CASE("a statement is prepared when it comes again, and its rows come in binary after that") {
    items t{10};
    auto const query = from<Item>().where(col<&Item::id> == 3);
    sark::statement_counter sent;
    t.db.observe(&sent);
    for (int run = 1; run <= 5; ++run) {
        auto const found = t.db.one(query);
        CHECK(found.name == "item 3");
        CHECK(found.note == "third");
        CHECK(t.prepared().size() == (run == 1 ? 0U : 1U));
    }
    CHECK(sent.count() == 10);  // and the five questions of the test itself: nothing beside them
    CHECK(t.prepared()[0] == query.limit(2).sql);

    probe const number{"SELECT 7::bigint"};
    CHECK_FALSE(t.db.one(number));
    CHECK_FALSE(t.db.one(number));
    CHECK(t.db.one(number));
    CHECK(t.db.one(number));
    // A smaller integer is an integer, too.
    probe const small{"SELECT 7::smallint"};
    for (bool binary : {false, false, true}) CHECK(t.db.one(small) == binary);
    // The text of a number is no text in binary, so it stays text.
    text_probe const numeric{{"SELECT 1.50::numeric"}};
    for (int run = 1; run <= 4; ++run) CHECK_FALSE(t.db.one(numeric));
    text_probe const text{{"SELECT 'x'::varchar"}};
    for (bool binary : {false, false, true}) CHECK(t.db.one(text) == binary);
    // A row that is not there tells nothing.
    probe const none{"SELECT 1::bigint WHERE now() < '2000-01-01'"};
    for (int run = 1; run <= 4; ++run) CHECK(t.db.all(none).empty());
}

TEST_CASE("the last used statements stay prepared, and no more of them than was asked for") {
    items t{0, 3};
    auto const run = [&](int n) { (void)t.db.one(probe{"SELECT " + std::to_string(n) + "::bigint"}); };
    for (int n : {1, 2, 3}) run(n), run(n);
    CHECK(t.prepared().size() == 3);
    run(1);  // the newest now
    run(4), run(4);
    auto const kept = t.prepared();
    CHECK(kept == std::vector<std::string>{"SELECT 1::bigint", "SELECT 3::bigint", "SELECT 4::bigint"});
    // Texts that come once push nothing out of the server, only themselves.
    for (int n = 10; n < 20; ++n) run(n);
    for (int n : {1, 3, 4}) run(n), run(n);
    CHECK(t.prepared().size() == 3);
    // A failed transaction gives no room, and says what it would have said.
    CHECK_THROWS_AS(t.db.transaction([&](sark::transaction& tx) {
        CHECK_THROWS_AS(tx.execute("SELECT 1/0"), sark::error);
        CHECK(failure([&] { (void)tx.one(probe{"SELECT 99::bigint"}); }).sqlstate() == "25P02");
    }),
                    sark::error);
    run(5), run(5);
    CHECK(t.prepared().size() == 3);
}

TEST_CASE("a pooler of transactions gets no names") {
    items t{10, 0};
    auto const query = from<Item>().where(col<&Item::id> == 3);
    for (int run = 0; run < 4; ++run) CHECK(t.db.one(query).name == "item 3");
    CHECK(t.prepared().empty());
    probe const number{"SELECT 7::bigint"};
    for (int run = 0; run < 4; ++run) CHECK_FALSE(t.db.one(number));
}

TEST_CASE("what the server forgot or what changed under it is prepared anew") {
    items t{5};
    auto const query = from<Item>().where(col<&Item::id> == 3);
    for (int run = 0; run < 3; ++run) CHECK(t.db.one(query).id == 3);
    SECTION("outside of a transaction nobody notices") {
        t.db.execute("DEALLOCATE ALL");
        CHECK(t.db.one(query).id == 3);
        CHECK(t.prepared().size() == 1);
        for (int run = 0; run < 3; ++run) CHECK(t.db.one(query).name == "item 3");
        // Another type of the result: the binary form that was agreed upon is not the one any more.
        t.db.execute("ALTER TABLE item ALTER COLUMN id TYPE integer");
        for (int run = 0; run < 3; ++run) CHECK(t.db.one(query).id == 3);
        t.db.execute("ALTER TABLE item ALTER COLUMN name TYPE varchar(20)");
        for (int run = 0; run < 3; ++run) CHECK(t.db.one(query).name == "item 3");
    }
    SECTION("inside of one the sentence says to repeat it, and that works") {
        auto const gone = failure([&] {
            t.db.transaction([&](sark::transaction& tx) {
                tx.execute("DEALLOCATE ALL");
                (void)tx.one(query);
            });
        });
        CHECK(gone.sqlstate() == "26000");
        CHECK(gone.retryable());
        CHECK_THAT(gone.what(), ContainsSubstring("Repeat the whole transaction"));
        CHECK(t.db.transaction([&](sark::transaction& tx) { return tx.one(query).id; }) == 3);

        for (int run = 0; run < 3; ++run) CHECK(t.db.one(query).id == 3);
        auto const changed = failure([&] {
            t.db.transaction([&](sark::transaction& tx) {
                tx.execute("ALTER TABLE item ALTER COLUMN id TYPE integer");
                (void)tx.one(query);
            });
        });
        CHECK(changed.sqlstate() == "0A000");
        CHECK(changed.retryable());
        CHECK(t.db.one(query).id == 3);
        // Another 0A000 is what it is.
        auto const other = failure([&] { t.db.execute("SELECT nosuch.public.item.id FROM item"); });
        CHECK_FALSE(other.retryable());
    }
    SECTION("a name that somebody else gave to the same text is used") {
        auto const text = query.limit(2).sql;
        t.db.execute("DEALLOCATE ALL");
        t.db.execute("PREPARE \"" + sark::detail::cached_statement{.text = std::string{text}}.make_name() +
                     "\"(bigint, bigint) AS " + std::string{text});
        CHECK(t.db.one(query).id == 3);
        CHECK(t.prepared().size() == 1);
        sark::connection other{t.database.url()};
        other.execute("PREPARE \"" + sark::detail::cached_statement{.text = std::string{text}}.make_name() +
                      "\"(bigint, bigint) AS " + std::string{text});
        for (int run = 0; run < 4; ++run) CHECK(other.one(query).id == 3);
    }
}

TEST_CASE("one value, existence and counts") {
    items t{10};
    auto const name = from<Item>().where(col<&Item::id> == 3).select(col<&Item::name>);
    auto const note = from<Item>().where(col<&Item::id> == 4).select(col<&Item::note>);
    auto const none = from<Item>().where(col<&Item::id> == 99);
    for (int run = 0; run < 4; ++run) {
        CHECK(t.db.scalar(name) == "item 3");
        CHECK(t.db.scalar(note) == std::nullopt);
        CHECK(t.db.scalar(none.select(col<&Item::name>)) == std::nullopt);
        CHECK(t.db.exists(from<Item>()));
        CHECK_FALSE(t.db.exists(none));
        CHECK(t.db.count(from<Item>()) == 10);
        CHECK(t.db.exists(probe{"SELECT 1::bigint"}));
        CHECK(t.db.count(probe{"SELECT * FROM generate_series(1, 5)"}) == 5);
        CHECK(t.db.find<Item>(7).value().name == "item 7");
        CHECK_FALSE(t.db.find<Item>(70).has_value());
    }
    auto const found = t.db.find_many<Item>(std::vector<std::int64_t>{9, 99, 2, 9});
    REQUIRE(found.size() == 4);
    CHECK(found[0].value().name == "item 9");
    CHECK_FALSE(found[1].has_value());
    CHECK(found[2].value().id == 2);
    CHECK(found[3].value().name == "item 9");
    CHECK(t.db.find_many<Item>(std::vector<std::int64_t>{}).empty());
}

TEST_CASE("a stream holds a part of the rows, and keeps the connection to itself") {
    items t{20'000};
    auto const query = from<Item>().order_by(col<&Item::id>);
    SECTION("all rows come, in order, whatever they are asked with") {
        std::int64_t next = 1;
        for (Item const& item : t.db.stream(query)) {
            REQUIRE(item.id == next);
            REQUIRE(item.note.has_value() == (next % 3 == 0));
            ++next;
        }
        CHECK(next == 20'001);
        auto stream = t.db.stream(from<Item>().where(col<&Item::id> > 19'990).order_by(col<&Item::id>));
        static_assert(std::ranges::input_range<decltype(stream)>);
        std::vector<std::int64_t> ids;
        for (Item& item : stream | std::views::take(3)) ids.push_back(item.id);
        CHECK(ids == std::vector<std::int64_t>{19'991, 19'992, 19'993});
        for ([[maybe_unused]] Item const& item : t.db.stream(from<Item>().where(col<&Item::id> < 0))) FAIL("a row");
    }
    SECTION("no more than a piece of them is held") {
        // Wide rows: the first piece is small, and the next ones are measured by it.
        t.db.execute("UPDATE item SET note = repeat('x', 20000) WHERE id <= 2000");
        events seen;
        t.db.observe(&seen);
        std::size_t rows = 0;
        for ([[maybe_unused]] Item const& item : t.db.stream(query)) ++rows;
        CHECK(rows == 20'000);
        for (auto const& event : seen.all)
            if (event.attributes.at("db.operation.name") == "FETCH") CHECK(event.rows <= 8192);
        auto const second = std::find_if(
                                seen.all.begin(), seen.all.end(),
                                [](auto const& e) { return e.attributes.at("db.operation.name") == "FETCH"; }) +
                            1;
        // What of them is held follows from where the server is.
        bool const is_near = second->attributes.at("server.address").starts_with('/');
        CHECK(second->rows * 20'000 <
              2 * (is_near ? sark::detail::cursor::near_bytes : sark::detail::cursor::far_bytes));
    }
    SECTION("outside of a transaction others wait until it ends, or is given up") {
        {
            auto stream = t.db.stream(query);
            CHECK(stream.begin()->id == 1);
            CHECK_THAT(failure([&] { (void)t.db.count(query); }).what(), ContainsSubstring("a transaction is open"));
        }
        CHECK(t.db.count(query) == 20'000);
        CHECK_THROWS_AS(
            [&] {
                for (Item const& item : t.db.stream(query))
                    if (item.id == 100) throw 1;
            }(),
            int);
        CHECK(t.db.count(query) == 20'000);
        CHECK(t.db.query_text("SELECT count(*) FROM pg_cursors WHERE name <> ''")[0][0] == "0");
    }
    SECTION("inside of one they may run between two rows") {
        t.db.transaction([&](sark::transaction& tx) {
            std::size_t rows = 0;
            for (Item const& item : tx.stream(query)) {
                if (++rows > 300) break;
                if (item.id % 100 == 0) tx.erase(item);
            }
            CHECK(tx.count(query) == 19'997);
            CHECK(tx.query_text("SELECT count(*) FROM pg_cursors WHERE name <> ''")[0][0] == "0");
            auto outer = tx.stream(query);
            CHECK(outer.begin()->id == 1);
            tx.nested([&](sark::transaction& inner) {
                std::size_t n = 0;
                for ([[maybe_unused]] Item const& item : inner.stream(query)) ++n;
                CHECK(n == 19'997);
                auto it = outer.begin();
                CHECK_THROWS_AS(
                    [&] {
                        for (int i = 0; i < 100; ++i) ++it;
                    }(),
                    sark::error);
            });
        });
    }
    SECTION("a failure is the statement's, and leaves the connection usable") {
        CHECK(failure([&] { (void)t.db.stream(probe{"SELECT nosuch"}); }).sqlstate() == "42703");
        CHECK(t.db.count(query) == 20'000);
        auto stream = t.db.stream(probe{"SELECT 1/(n - 500) FROM generate_series(1, 1000) AS n"});
        CHECK(failure([&] {
                  for ([[maybe_unused]] bool b : stream) {}
              }).sqlstate() == "22012");
    }
}

TEST_CASE("a stream of any number of rows holds no more than one piece") {
    items t;
    auto const many = sark::test::sized<std::int64_t>(100'000, 1'000'000);
    struct largest : sark::observer {
        std::size_t rows = 0;
        void statement(sark::statement_event const& e) noexcept override { rows = std::max(rows, e.rows); }
    } piece;
    t.db.observe(&piece);
    most_allocated = allocated;
    std::size_t const held = allocated;
    std::int64_t rows = 0;
    for (auto const& [n, text] : t.db.stream(generated{.many = many})) {
        if (n != ++rows) FAIL("row " << rows);
    }
    t.db.observe(nullptr);
    CHECK(rows == many);
    CHECK(piece.rows <= sark::detail::cursor::most_rows);  // which is what libpq holds of them
    CHECK(most_allocated - held < 16U * 1024);
}

TEST_CASE("observers see texts and outcomes, and no value") {
    items t{3};
    events seen;
    t.db.observe(&seen);
    std::string const secret = "a value that must stay here";
    auto const query = from<Item>().where(col<&Item::name> == secret);
    (void)t.db.all(query);
    t.db.insert(Item{.id = 50, .name = secret});
    CHECK_THROWS_AS(t.db.insert(Item{.id = 50, .name = secret}), sark::error);
    t.db.execute("SELECT '" + secret + "'");
    (void)t.db.query_text("SELECT $1", {secret});
    t.db.transaction([&](sark::transaction& tx) { (void)tx.all(query); });
    t.db.observe(nullptr);
    (void)t.db.all(query);

    REQUIRE(seen.all.size() == 8);
    auto const& select = seen.all[0].attributes;
    CHECK(select.at("db.system.name") == "postgresql");
    CHECK(select.at("db.operation.name") == "SELECT");
    CHECK(select.at("db.collection.name") == "item");
    CHECK(select.at("db.query.text") == query.sql);
    CHECK(select.at("db.namespace") == t.database.name());
    CHECK(select.contains("server.address"));
    CHECK(select.contains("server.port"));
    CHECK_FALSE(select.contains("db.response.status_code"));
    CHECK(seen.all[1].attributes.at("db.operation.name") == "INSERT");
    CHECK(seen.all[2].attributes.at("db.response.status_code") == "23505");
    CHECK(seen.all[3].attributes.at("db.operation.name") == "SELECT");
    CHECK_FALSE(seen.all[3].attributes.contains("db.query.text"));
    CHECK_FALSE(seen.all[4].attributes.contains("db.query.text"));
    CHECK(seen.all[5].attributes.at("db.operation.name") == "BEGIN");
    CHECK(seen.all[6].attributes.at("db.response.returned_rows") == "1");
    CHECK(seen.all[7].attributes.at("db.operation.name") == "COMMIT");
    for (auto const& event : seen.all)
        for (auto const& [name, value] : event.attributes) CHECK(value.find(secret) == std::string::npos);
}

TEST_CASE("options of a connection reach the server") {
    sark::test::database const database;
    using namespace std::chrono_literals;
    sark::connection db{{.address = database.url(),
                         .application_name = "the name",
                         .target = sark::session_target::read_write,
                         .statement_timeout = 1500ms,
                         .lock_timeout = 250ms,
                         .idle_in_transaction_timeout = 60s}};
    auto const setting = [&](std::string const& name) { return db.query_text("SHOW " + name)[0][0].value(); };
    CHECK(setting("application_name") == "the name");
    CHECK(setting("statement_timeout") == "1500ms");
    CHECK(setting("lock_timeout") == "250ms");
    CHECK(setting("idle_in_transaction_session_timeout") == "1min");
    CHECK(setting("TimeZone") == "UTC");
    auto const refused = failure(
        [&] { sark::connection standby{{.address = database.url(), .target = sark::session_target::standby}}; });
    CHECK_THAT(refused.what(), ContainsSubstring("connection_options::target"));
}

TEST_CASE("a text that the server cannot hold is refused by the name of its column") {
    items t;
    std::string const bad = "secret\xFF";
    CHECK(std::string_view{failure([&] { t.db.insert(Item{.id = 1, .name = bad}); }).what()} ==
          "sark: the text for column item.name is not UTF-8 at byte 6. Convert it to UTF-8 or store it as bytea.");
    Item const row{.id = 1, .name = "n", .note = std::string("a\0b", 3)};
    for (auto const& failed : {failure([&] { t.db.update(row); }), failure([&] { t.db.insert_many(std::vector{row}); }),
                               failure([&] { t.db.copy_in(std::vector{row}); }), failure([&] { t.db.upsert(row); })}) {
        CHECK_THAT(failed.what(), ContainsSubstring("column item.note has a NUL byte at offset 1"));
        CHECK(failed.column() == "note");
        CHECK(failed.table() == "item");
    }
    CHECK_THAT(
        failure([&] { (void)t.db.all(from<Item>().where(col<&Item::id> == 1, col<&Item::name> == bad)); }).what(),
        ContainsSubstring("the text of parameter $2 is not UTF-8"));
    CHECK(t.db.count(from<Item>()) == 0);
}

TEST_CASE("nothing is allocated to run a statement that is known, and one vector for its rows") {
    items t{10};
    auto const query = from<Item>().where(col<&Item::id> == 3);
    Item const row{.id = 3, .name = "item 3", .note = "third"};
    for (int run = 0; run < 4; ++run) {
        CHECK(t.db.exists(query));
        CHECK(t.db.all(query).size() == 1);
        CHECK(t.db.update(row));
    }
    std::size_t const before = allocations;
    bool const there = t.db.exists(query);
    bool const updated = t.db.update(row);
    CHECK(allocations == before);
    CHECK((there && updated));
    auto const rows = t.db.all(query);
    CHECK(allocations == before + 1);
    CHECK(rows.size() == 1);
    // The only row needs no vector.
    auto const id = query.select(col<&Item::id>);
    for (int run = 0; run < 4; ++run) CHECK(t.db.one(id) == 3);
    std::size_t const asked = allocations;
    bool const is_third = t.db.one(id) == 3;
    CHECK(allocations == asked);
    CHECK(is_third);
    // So nobody prepares anything for an observer who is not there; one who is costs nothing but the call.
    sark::statement_counter sent;
    t.db.observe(&sent);
    std::size_t const watched = allocations;
    (void)t.db.exists(query);
    CHECK(allocations == watched);
    CHECK(sent.count() == 1);
}

#ifdef __GLIBCXX__
TEST_CASE("nobody reads the clock for an observer who is not there") {
    items t{10};
    auto const query = from<Item>().where(col<&Item::id> == 3);
    auto const every_way = [&] {
        (void)t.db.exists(query);
        (void)t.db.all(query);
        t.db.execute("SELECT 1");
        (void)t.db.query_text("SELECT 1");
        (void)t.db.update(Item{.id = 3, .name = "item 3", .note = "third"});
        (void)t.db.insert_many(std::vector{Item{.id = 11, .name = "item 11"}});
        (void)t.db.erase(Item{.id = 11});
        for ([[maybe_unused]] Item const& item : t.db.stream(query)) {}
        t.db.pipeline([&](sark::pipeline& p) { (void)p.all(query); });
        t.db.transaction([&](sark::transaction& tx) { (void)tx.count(query); });
        CHECK_THROWS_AS(t.db.execute("SELECT 1/0"), sark::error);
    };
    for (int run = 0; run < 4; ++run) {
        std::size_t const before = clock_reads;
        every_way();
        std::size_t const after = clock_reads;
        CHECK(after == before);
    }
    // The count counts: one look before each statement, one after it.
    sark::statement_counter sent;
    t.db.observe(&sent);
    std::size_t const before = clock_reads;
    every_way();
    std::size_t const reads = clock_reads - before;
    CHECK(sent.count() == 17);
    CHECK(reads == 2 * sent.count());
}
#endif
