// SPDX-License-Identifier: MIT
//
// Many rows at once: in chunks, by COPY, both ways, with what the server fills in; and nothing of it by halves.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::col, sark::from;

namespace bulk {

enum class Stored { one, two_ };
enum class Letters { small, large };

struct Wide {
    std::int64_t id{};
    bool flag{};
    std::int16_t small{};
    std::int32_t middle{};
    double wide{};
    float narrow{};
    sark::numeric<20, 8> amount{};
    sark::numeric<38, 3> most{};
    std::string text{};
    sark::varchar<300> bounded{};
    sark::json document{};
    sark::timestamp at{};
    sark::date day{};
    sark::uuid key{};
    std::vector<std::byte> bytes{};
    Letters letters{};
    std::optional<std::string> maybe{};
    std::optional<sark::timestamp> maybe_at{};
    std::optional<sark::numeric<10, 4>> maybe_amount{};
    sark::timestamp created_at{};

    bool operator==(Wide const&) const = default;
};

/// Has what binary COPY does not carry: an enum's array, a list, a text that is an address.
struct Odd {
    std::int64_t id{};
    Stored stored{};
    std::vector<std::string> texts{};
    std::vector<Stored> labels{};
    std::string address{};
    sark::json document{};

    bool operator==(Odd const&) const = default;
};

struct Key {
    std::string id{};
    std::int32_t n{};
    sark::timestamp seen_at{};
};

}  // namespace bulk

using namespace bulk;

template <>
inline constexpr std::string_view sark::enum_type_of<Stored> = "stored";
template <>
inline constexpr auto sark::table_of<Wide> = sark::table("wide", sark::column<&Wide::id>{.type = "bigserial"},
                                                         sark::column<&Wide::created_at>{.fallback = "now()"});
template <>
inline constexpr auto sark::table_of<Odd> = sark::table("odd", sark::column<&Odd::address>{.type = "inet"},
                                                        sark::column<&Odd::document>{.type = "json"});
template <>
inline constexpr auto sark::table_of<Key> = sark::table("key", sark::column<&Key::seen_at>{.fallback = "now()"});

namespace {

struct tables {
    sark::test::database database;
    sark::connection db{database.url()};

    tables() {
        for (std::string_view statement : sark::create_statements<Wide, Odd, Key>) db.execute(statement);
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

class drawn {
public:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    /// Has everything that could end a field, a row or all rows of COPY's text form.
    std::string text() {
        static constexpr char const* pieces[] = {"\\", "\t", "\n",   "\r", "\\.", "\n\\.\n", "\\N",
                                                 "\"", "'",  "NULL", "{}", ",",   "名",      "\xF0\x9F\x98\x80"};
        std::string s;
        for (std::uint64_t n = below(12); n > 0; --n) s += pieces[below(std::size(pieces))];
        return s;
    }
    Wide wide() {
        Wide row{.flag = below(2) == 1,
                 .small = static_cast<std::int16_t>(random_()),
                 .middle = static_cast<std::int32_t>(random_()),
                 .wide = static_cast<double>(random_()) / 7,
                 .narrow = static_cast<float>(random_()) / 7,
                 .amount = sark::numeric<20, 8>::from_units(static_cast<std::int64_t>(random_()) >> below(60)),
                 .most = sark::numeric<38, 3>::from_units(
                     static_cast<sark::detail::int128>(static_cast<std::int64_t>(random_())) *
                     static_cast<std::int64_t>(1 + below(1'000'000'000))),
                 .text = text(),
                 .bounded = text(),
                 .document = sark::to_json(std::vector<std::string>{text()}),
                 .at = sark::timestamp::from_unix_micros(static_cast<std::int64_t>(below(4'000'000'000'000'000)) -
                                                         2'000'000'000'000'000),
                 .day = sark::date{std::chrono::sys_days{std::chrono::days{static_cast<int>(below(100'000)) - 50'000}}},
                 .letters = below(2) == 1 ? Letters::large : Letters::small,
                 .created_at = sark::timestamp::from_unix_micros(1)};
        for (auto& b : row.key) b = static_cast<std::uint8_t>(random_());
        row.bytes.resize(below(30));
        for (auto& b : row.bytes) b = static_cast<std::byte>(random_());
        if (below(2) == 1) row.maybe = text();
        if (below(2) == 1) row.maybe_at = below(2) == 1 ? sark::timestamp::infinity() : row.at;
        if (below(2) == 1)
            row.maybe_amount = sark::numeric<10, 4>::from_units(static_cast<std::int64_t>(below(20'000)) - 10'000);
        return row;
    }
    Odd odd(std::int64_t id) {
        return {.id = id,
                .stored = below(2) == 1 ? Stored::two_ : Stored::one,
                .texts = {text(), text()},
                .labels = {Stored::two_},
                .address = "10.0.0." + std::to_string(below(256)),
                .document = sark::to_json(std::vector<std::string>{text()})};
    }

private:
    std::mt19937_64 random_{20260101};
};

std::size_t many() { return sark::test::sized<std::size_t>(2'500, 10'000); }

std::vector<Wide> wide_rows() {
    drawn draw;
    std::vector<Wide> rows(many());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = draw.wide();
        rows[i].id = static_cast<std::int64_t>(i) + 1;
    }
    return rows;
}

bool equal(Wide const& a, Wide b) {
    // The documents are equal by value; the server writes them in a form of its own.
    if (!(a.document == b.document)) return false;
    b.document = a.document;
    return a == b;
}

}  // namespace

TEST_CASE("random rows go in by each way and come out by each way as they were") {
    tables t;
    auto const rows = wide_rows();
    auto const query = from<Wide>().order_by(col<&Wide::id>);
    auto const check = [&] {
        std::size_t wrong = 0;
        for (int run = 0; run < 3; ++run) {  // text, text, binary
            auto const found = t.db.all(query);
            REQUIRE(found.size() == rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) wrong += equal(found[i], rows[i]) ? 0 : 1;
        }
        std::size_t at = 0;
        for (Wide const& row : t.db.stream(query)) wrong += equal(row, rows[at++]) ? 0 : 1;
        CHECK(at == rows.size());
        at = 0;
        t.db.copy_out(query, [&](Wide const& row) { wrong += equal(row, rows[at++]) ? 0 : 1; });
        CHECK(at == rows.size());
        CHECK(wrong == 0);
    };
    static_assert(sark::detail::copies_in_binary<Wide> && !sark::detail::copies_in_binary<Odd>);
    CHECK(t.db.copy_in(rows) == rows.size());
    check();
    t.db.execute("TRUNCATE wide");
    CHECK(t.db.insert_many(rows) == rows.size());
    check();
    auto const counts = t.db.upsert_many(rows);
    CHECK(counts.unchanged == rows.size());
    CHECK(counts.inserted + counts.updated == 0);
}

TEST_CASE("rows that binary COPY does not carry travel as text") {
    tables t;
    drawn draw;
    std::vector<Odd> rows;
    for (int i = 0; i < 1200; ++i) rows.push_back(draw.odd(i));
    auto const check = [&] {
        auto const found = t.db.all(from<Odd>().order_by(col<&Odd::id>));
        REQUIRE(found.size() == rows.size());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) wrong += found[i] == rows[i] ? 0 : 1;
        CHECK(wrong == 0);
    };
    CHECK(t.db.copy_in(rows) == rows.size());
    check();
    t.db.execute("TRUNCATE odd");
    CHECK(t.db.insert_many(rows) == rows.size());
    check();
    // Its text member reads an address, and binary COPY has none: the way that does is named.
    CHECK_THAT(failure([&] { t.db.copy_out(from<Odd>(), [](Odd const&) {}); }).what(), ContainsSubstring("stream"));
    CHECK(t.db.count(from<Odd>()) == 1200);
}

TEST_CASE("the server fills in what was left to it, and rows come back in the order they were given") {
    tables t;
    std::vector<Wide> rows = wide_rows();
    for (Wide& row : rows) {
        row.id = 0;
        row.created_at = {};
    }
    auto const returned = t.db.insert_many_returning(rows);
    REQUIRE(returned.size() == rows.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        wrong += returned[i].text == rows[i].text && returned[i].key == rows[i].key ? 0 : 1;
        wrong += returned[i].id == static_cast<std::int64_t>(i) + 1 && returned[i].created_at.is_set() ? 0 : 1;
    }
    CHECK(wrong == 0);
    // Some columns of them: one as it is, several as tuples.
    std::vector<std::int64_t> const ids = t.db.insert_many_returning<&Wide::id>(rows);
    REQUIRE(ids.size() == rows.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        wrong += ids[i] == static_cast<std::int64_t>(rows.size() + i) + 1 ? 0 : 1;
    auto const some = t.db.insert_many_returning<&Wide::text, &Wide::id, &Wide::maybe, &Wide::created_at>(
        std::views::take(rows, 3));
    REQUIRE(some.size() == 3);
    for (std::size_t i = 0; i < some.size(); ++i) {
        auto const& [text, id, maybe, created_at] = some[i];
        wrong += text == rows[i].text && id == static_cast<std::int64_t>(2 * rows.size() + i) + 1 &&
                         maybe == rows[i].maybe && created_at.is_set()
                     ? 0
                     : 1;
    }
    CHECK(wrong == 0);
    t.db.execute("DELETE FROM wide WHERE id > " + std::to_string(rows.size()));
    CHECK(t.db.copy_in(rows) == rows.size());
    CHECK(t.database.ask("SELECT count(DISTINCT id)::text || ' ' || count(created_at) FROM wide") ==
          std::to_string(2 * rows.size()) + " " + std::to_string(2 * rows.size()));
    // COPY has no default per row, so a mixture is refused by name.
    rows[1].id = 77'777;
    auto const mixed = failure([&] { t.db.copy_in(rows); });
    CHECK(mixed.column() == "id");
    CHECK(t.db.count(from<Wide>()) == static_cast<std::int64_t>(2 * rows.size()));
    CHECK(t.db.insert_many(std::views::take(rows, 3)) == 3);
    CHECK(t.db.find<Wide>(77'777).has_value());
}

TEST_CASE("many rows are stored by few statements, all of them or none") {
    tables t;
    auto const keys = [](int from_n, int to) {
        return std::views::iota(from_n, to) |
               std::views::transform([](int n) { return Key{.id = "k" + std::to_string(n), .n = n}; });
    };
    sark::statement_counter sent;
    t.db.observe(&sent);
    CHECK(t.db.insert_many(keys(0, 1000)) == 1000);
    CHECK(sent.count() == 1);
    sent.reset();
    CHECK(t.db.insert_many(keys(1000, 3500)) == 2500);
    CHECK(sent.count() <= 3 + 3);  // BEGIN, COMMIT, and one PREPARE at most
    sent.reset();
    CHECK(t.db.insert_many(std::vector<Key>{}) == 0);
    CHECK(t.db.copy_in(std::vector<Key>{}) == 0);
    CHECK(t.db.upsert_many(std::vector<Key>{}).inserted == 0);
    CHECK(sent.count() == 0);
    t.db.observe(nullptr);

    // The last chunk fails: nothing of the first ones stays.
    auto const twice = [&](auto insert) {
        auto const failed = failure([&] {
            insert(std::vector<Key>{keys(10'000, 12'500).begin(), keys(10'000, 12'500).end()});
        });
        CHECK(failed.sqlstate() == "23505");
        CHECK(t.db.count(from<Key>()) == 3501);
    };
    t.db.insert(Key{.id = "k12499"});
    twice([&](auto const& rows) { t.db.insert_many(rows); });
    twice([&](auto const& rows) { (void)t.db.insert_many_returning(rows); });
    twice([&](auto const& rows) { t.db.copy_in(rows); });
    // A range that throws gives all of it up, and the connection lives on.
    auto const broken = keys(20'000, 22'500) | std::views::transform([](Key k) {
                            if (k.n == 22'000) throw 42;
                            return k;
                        });
    CHECK_THROWS_AS(t.db.insert_many(broken), int);
    CHECK_THROWS_AS(t.db.copy_in(broken), int);
    CHECK(t.db.count(from<Key>()) == 3501);
    // Inside of a transaction they are part of it.
    CHECK_THROWS_AS(t.db.transaction([&](sark::transaction& tx) {
        CHECK(tx.insert_many(keys(30'000, 32'500)) == 2500);
        CHECK(tx.copy_in(keys(40'000, 41'000)) == 1000);
        CHECK(tx.count(from<Key>()) == 7001);
        throw 1;
    }),
                    int);
    CHECK(t.db.count(from<Key>()) == 3501);
    // Rows of megabytes end a chunk before a thousand of them have come.
    struct counting : sark::observer {
        std::size_t inserts = 0;
        void statement(sark::statement_event const& e) noexcept override { inserts += e.operation == "INSERT" ? 1 : 0; }
    } counted;
    t.db.observe(&counted);
    std::vector<Key> const large{Key{.id = std::string(3'000'000, 'a')}, Key{.id = std::string(3'000'000, 'b')},
                                 Key{.id = "c"}};
    t.db.execute("ALTER TABLE key DROP CONSTRAINT key_pkey");
    CHECK(t.db.insert_many(large) == 3);
    CHECK(counted.inserts == 2);
    t.db.observe(nullptr);
}

TEST_CASE("rows that lie in memory are copied where the table takes it, and come to the same as arrays") {
    tables t;
    struct counting : sark::observer {
        std::size_t inserts = 0;
        std::size_t copies = 0;
        void statement(sark::statement_event const& e) noexcept override {
            inserts += e.operation == "INSERT" ? 1 : 0;
            copies += e.operation == "COPY" ? 1 : 0;
        }
    } counted;
    t.db.observe(&counted);
    auto const at = sark::timestamp::from_unix_micros(1);
    std::vector<Key> rows;
    for (int n = 0; n < 3500; ++n) rows.push_back({.id = "k" + std::to_string(n), .n = n, .seen_at = at});
    // Rows that are made while they are read come as arrays: making them may ask the database.
    auto const made = std::views::transform([](Key const& row) { return row; });
    auto const inserting = [&](auto const& given, std::size_t inserts, std::size_t copies) {
        t.db.execute("TRUNCATE key");
        counted.inserts = counted.copies = 0;
        CHECK(t.db.insert_many(given) == given.size());
        CHECK(counted.inserts == inserts);
        CHECK(counted.copies == copies);
        return t.database.ask("SELECT count(*)::text || md5(string_agg(key::text, ';' ORDER BY n)) FROM key");
    };
    auto const by_arrays = inserting(rows | made, 4, 0);
    CHECK(inserting(rows, 1, 1) == by_arrays);
    CHECK(t.db.transaction([&](sark::transaction& tx) {
        tx.execute("TRUNCATE key");
        return tx.insert_many(std::span{rows});
    }) == 3500);
    CHECK(counted.copies == 2);
    // A row that leaves a column to the server goes as an array, with those around it.
    rows[2500].seen_at = {};
    inserting(rows, 2, 1);
    CHECK(t.database.ask("SELECT count(*) FROM key WHERE seen_at > '2020-01-01'") == "1");
    rows[2500].seen_at = at;

    // Tables that do not take COPY, or would take another value for the same bytes.
    for (auto const& [change, undo] : std::vector<std::pair<std::string, std::string>>{
             {"ALTER TABLE key ALTER n TYPE bigint", "ALTER TABLE key ALTER n TYPE integer"},
             {"CREATE RULE aside AS ON INSERT TO key DO ALSO NOTHING", "DROP RULE aside ON key"},
             {"ALTER TABLE key RENAME TO kept; CREATE VIEW key AS TABLE kept",
              "DROP VIEW key; ALTER TABLE kept RENAME TO key"}}) {
        INFO(change);
        t.db.execute("TRUNCATE key");
        t.database.execute(change);
        counted.copies = 0;
        CHECK(t.db.insert_many(rows) == 3500);
        CHECK(counted.copies == 0);
        CHECK(t.db.count(from<Key>()) == 3500);
        t.database.execute(undo);
    }
    std::string const writer = "\"writer of " + t.database.name() + "\"";
    t.database.execute("TRUNCATE key; CREATE ROLE " + writer + "; GRANT ALL ON key TO " + writer +
                       "; ALTER TABLE key ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON key USING (true)");
    t.db.execute("SET ROLE " + writer);
    counted.copies = 0;
    CHECK(t.db.insert_many(rows) == 3500);
    CHECK(counted.copies == 0);
    t.db.execute("RESET ROLE");
    t.database.execute("DROP POLICY all_rows ON key; ALTER TABLE key DISABLE ROW LEVEL SECURITY; DROP OWNED BY " +
                       writer + "; DROP ROLE " + writer);

    // The same errors, and nothing stays.
    t.database.execute(
        "TRUNCATE key; ALTER TABLE key ADD CONSTRAINT small CHECK (n < 10000), ALTER id TYPE varchar(100)");
    auto const wrong = [&](auto change) {
        std::vector<Key> bad = rows;
        change(bad[3000]);
        auto const one = failure([&] { t.db.insert_many(bad); });
        auto const other = failure([&] { t.db.insert_many(bad | made); });
        CHECK(one.sqlstate() == other.sqlstate());
        CHECK(one.constraint() == other.constraint());
        CHECK(one.table() == other.table());
        CHECK(one.column() == other.column());
        CHECK(std::string_view{one.what()} == other.what());
        CHECK(t.db.count(from<Key>()) == 0);
        return one.sqlstate() + one.constraint() + one.column();
    };
    counted.copies = 0;
    CHECK(wrong([](Key& k) { k.id = "k1"; }) == "23505key_pkey");
    CHECK(wrong([](Key& k) { k.n = 10'000; }) == "23514small");
    CHECK(wrong([](Key& k) { k.id = std::string(101, 'x'); }) == "22001");
    CHECK(counted.copies == 3);
    CHECK(wrong([](Key& k) { k.id = std::string{"a\0b", 3}; }) == "id");
}

TEST_CASE("an upsert of many rows says what it did, and leaves what was not set") {
    tables t;
    t.db.insert_many(std::vector<Key>{{.id = "a", .n = 1}, {.id = "b", .n = 2}, {.id = "c", .n = 3}});
    auto const before = t.db.find<Key>("b").value().seen_at;
    auto const later = sark::timestamp::from_unix_micros(4'000'000'000'000'000);
    auto const counts = t.db.upsert_many(std::vector<Key>{
        {.id = "a", .n = 1}, {.id = "b", .n = 20}, {.id = "c", .n = 3, .seen_at = later}, {.id = "d", .n = 4}});
    CHECK(counts.unchanged == 1);
    CHECK(counts.updated == 2);
    CHECK(counts.inserted == 1);
    CHECK(t.db.find<Key>("b").value().n == 20);
    CHECK(t.db.find<Key>("b").value().seen_at == before);
    CHECK(t.db.find<Key>("c").value().seen_at == later);
    CHECK(t.db.find<Key>("d").value().seen_at.is_set());
    auto const twice = failure([&] { t.db.upsert_many(std::vector<Key>{{.id = "x"}, {.id = "x", .n = 1}}); });
    CHECK(twice.sqlstate() == "21000");
    CHECK_THAT(twice.what(), ContainsSubstring("same key"));
    CHECK(t.db.count(from<Key>()) == 4);
}

TEST_CASE("a COPY that is left early leaves the connection usable") {
    tables t;
    t.db.insert_many(std::views::iota(0, 5000) |
                     std::views::transform([](int n) { return Key{.id = std::to_string(n), .n = n}; }));
    auto const leave = [](auto& on) {
        int rows = 0;
        CHECK_THROWS_AS(on.copy_out(from<Key>(),
                                    [&](Key const&) {
                                        if (++rows == 10) throw 1;
                                    }),
                        int);
        CHECK(on.count(from<Key>()) == 5000);
    };
    leave(t.db);
    t.db.transaction([&](sark::transaction& tx) { leave(tx); });
    CHECK_THAT(failure([&] { t.db.copy_out(from<Key>().limit(1), [](Key const&) {}); }).what(),
               ContainsSubstring("COPY takes no values"));
    CHECK_THAT(failure([&] { t.db.copy_out(from<Key>(), [&](Key const&) { (void)t.db.count(from<Key>()); }); }).what(),
               ContainsSubstring("is open on this connection"));
}
