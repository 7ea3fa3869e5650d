// SPDX-License-Identifier: MIT
//
// Random conditions against a model in memory, and hostile texts against every input that takes one.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::col, sark::count, sark::desc, sark::from;

namespace {

struct Thing {
    std::int64_t id;
    std::int32_t a;
    std::optional<std::int32_t> b;
    std::optional<std::string> c;
};

constexpr auto& id = col<&Thing::id>;
constexpr auto& a = col<&Thing::a>;
constexpr auto& b = col<&Thing::b>;
constexpr auto& c = col<&Thing::c>;

using truth = std::optional<bool>;  // nothing for unknown

truth both(truth l, truth r) {
    if (l == false || r == false) return false;
    return l && r ? truth{true} : std::nullopt;
}
truth opposite(truth t) { return t ? truth{!*t} : std::nullopt; }

/// Pairs a condition with what it means.
template <class Condition, class Meaning>
struct pair {
    Condition condition;
    Meaning meaning;
};
template <class C, class M>
pair(C, M) -> pair<C, M>;

template <class C, class M, class D, class N>
auto both_of(pair<C, M> l, pair<D, N> r) {
    return pair{l.condition && r.condition, [=](Thing const& t) { return both(l.meaning(t), r.meaning(t)); }};
}
template <class C, class M, class D, class N>
auto either_of(pair<C, M> l, pair<D, N> r) {
    return pair{l.condition || r.condition,
                [=](Thing const& t) { return opposite(both(opposite(l.meaning(t)), opposite(r.meaning(t)))); }};
}
template <class C, class M>
auto not_of(pair<C, M> p) {
    return pair{!p.condition, [=](Thing const& t) { return opposite(p.meaning(t)); }};
}

class stock {
public:
    stock() {
        for (std::string_view statement : sark::create_statements<Thing>) db.execute(statement);
        for (std::int64_t i = 0; i < 60; ++i) {
            Thing t{i, number(), std::nullopt, std::nullopt};
            if (number() > 2) t.b = number();
            if (number() > 2) t.c = text();
            things.push_back(t);
        }
        CHECK(db.run(sark::insert_into<Thing>().rows(things)) == things.size());
    }

    std::int32_t number() { return static_cast<std::int32_t>(random() % 10); }
    std::string text() { return {static_cast<char>('a' + number() % 4), static_cast<char>('a' + number() % 4)}; }

    /// Calls `f` with a random condition of one of several shapes.
    template <class F>
    void with_condition(F&& f) {
        std::int32_t const x = number();
        std::int32_t const y = number();
        std::string const s = text();
        std::vector<std::int32_t> const list{number(), number()};
        pair const p1{a > x, [=](Thing const& t) { return truth{t.a > x}; }};
        pair const p2{b == y, [=](Thing const& t) { return t.b ? truth{*t.b == y} : truth{}; }};
        pair const p3{c <= s, [=](Thing const& t) { return t.c ? truth{*t.c <= s} : truth{}; }};
        pair const p4{b.in(list), [=](Thing const& t) {
                          return t.b ? truth{std::find(list.begin(), list.end(), *t.b) != list.end()} : truth{};
                      }};
        pair const p5{b.is_distinct_from(x), [=](Thing const& t) { return truth{t.b != std::optional{x}}; }};
        pair const p6{c.starts_with(s.substr(0, 1)),
                      [=](Thing const& t) { return t.c ? truth{t.c->front() == s.front()} : truth{}; }};
        pair const p7{b < a, [=](Thing const& t) { return t.b ? truth{*t.b < t.a} : truth{}; }};
        pair const p8{b.is_null(), [=](Thing const& t) { return truth{!t.b}; }};
        pair const p9{coalesce(b, a) + 1 > y, [=](Thing const& t) { return truth{t.b.value_or(t.a) + 1 > y}; }};
        switch (random() % 10) {
            case 0: return f(both_of(p1, p2));
            case 1: return f(either_of(p2, p3));
            case 2: return f(not_of(either_of(p4, both_of(p1, p6))));
            case 3: return f(both_of(not_of(p2), either_of(p5, p7)));
            case 4: return f(either_of(not_of(p3), not_of(both_of(p4, p8))));
            case 5: return f(both_of(either_of(p6, p8), not_of(both_of(p7, p2))));
            case 6: return f(not_of(not_of(p7)));
            case 7: return f(either_of(both_of(p9, p3), not_of(p6)));
            case 8: return f(both_of(both_of(p5, not_of(p4)), either_of(p9, p2)));
            default: return f(not_of(either_of(both_of(p2, p3), both_of(p6, p7))));
        }
    }

    std::mt19937 random{20'240'229};  // the same conditions each time
    sark::test::database database;
    sark::connection db{database.url()};
    std::vector<Thing> things;
};

}  // namespace

TEST_CASE("each row is true, false or unknown of a condition, and the model says which") {
    stock s;
    for (int i = 0; i < sark::test::sized(300, 20'000); ++i)
        s.with_condition([&](auto const& p) {
            auto const [yes, no, unknown] = s.db.one(from<Thing>().select(
                count().filter(p.condition), count().filter(!p.condition), count().filter(is_unknown(p.condition))));
            std::int64_t expected[3] = {};
            for (Thing const& t : s.things) {
                truth const meant = p.meaning(t);
                ++expected[meant ? (*meant ? 0 : 1) : 2];
            }
            if (yes != expected[0] || no != expected[1] || unknown != expected[2]) FAIL_CHECK("query " << i);
            if (yes + no + unknown != 60) FAIL_CHECK("rows are lost in query " << i);
        });
    SUCCEED();
}

TEST_CASE("random queries give what the model gives") {
    stock s;
    for (int i = 0; i < sark::test::sized(100, 2'000); ++i)
        s.with_condition([&](auto const& p) {
            int const limit = s.number();
            int const offset = s.number();
            std::vector<Thing> model;
            std::copy_if(s.things.begin(), s.things.end(), std::back_inserter(model),
                         [&](Thing const& t) { return p.meaning(t) == truth{true}; });
            // PostgreSQL has NULL after all values; so has the model.
            auto const key = [](Thing const& t) { return std::tuple{-t.a, !t.b.has_value(), t.b, t.id}; };
            std::sort(model.begin(), model.end(), [&](auto const& l, auto const& r) { return key(l) < key(r); });
            auto const begin = std::min(model.size(), static_cast<std::size_t>(offset));
            auto const end = std::min(model.size(), begin + static_cast<std::size_t>(limit));
            std::vector<std::int64_t> expected;
            for (std::size_t n = begin; n < end; ++n) expected.push_back(model[n].id);
            auto const query = from<Thing>().where(p.condition).order_by(desc(a), b, id);
            if (s.db.all(query.limit(limit).offset(offset).select(id)) != expected) FAIL_CHECK("query " << i);
            if (s.db.count(query) != static_cast<std::int64_t>(model.size())) FAIL_CHECK("count " << i);
        });
    SUCCEED();
}

TEST_CASE("hostile texts are values everywhere and change nothing") {
    stock s;
    auto const canary = [&] { return s.database.ask("SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM thing t"); };
    std::string const before = canary();
    std::string const hostile[] = {"'; DROP TABLE thing; --",
                                   "' OR '1'='1",
                                   "' UNION SELECT version() --",
                                   "x'; DELETE FROM thing; SELECT '",
                                   "/* */ -- ",
                                   "''''",
                                   "\\'; DROP TABLE thing; --",
                                   "\"; DROP TABLE thing; --",
                                   "0x27 OR 1=1",
                                   "'||pg_sleep(10)||'",
                                   "1 OR 1=1",
                                   "$1 $2 $$x$$",
                                   "%_\\",
                                   "{\"a\",NULL}",
                                   "E'\\x27'",
                                   "\xE2\x80\xAE",
                                   ""};
    for (std::string const& text : hostile) {
        INFO(text);
        auto const row = from<Thing>().where(id == 0);
        CHECK(s.db.one(row.select(sark::value(text))) == text);
        CHECK(s.db.one(row.select(sark::concat(text, ""), sark::lower(""))) == std::tuple{text, std::string{}});
        CHECK(s.db.count(from<Thing>().where(c == text)) == 0);
        CHECK(s.db.count(from<Thing>().where(c.in({text}))) == 0);
        CHECK(s.db.count(from<Thing>().where(c.is_not_distinct_from(text))) == 0);
        CHECK(s.db.count(from<Thing>().where(c.like(sark::pattern{}.text(text)))) == 0);
        CHECK(s.db.one(row.select(sark::value(text).like(sark::pattern{}.text(text)))));
        CHECK(s.db.one(row.select(sark::value("[" + text + "]").includes(text))));
        CHECK(s.db.one(row.select(coalesce(nullif(sark::value(text), "never this"), "x"))) == text);
        CHECK(s.db.one(row.select(case_when(id == 0, text).otherwise("x"))) == text);
        CHECK(s.db.one(from<Thing>().where(id < 2).select(string_agg(sark::value("a"), text))) == "a" + text + "a");
        CHECK(s.db.one(row.select(sark::call<"concat", std::string>(text, text))) == text + text);
        CHECK_THROWS_AS(sark::sort_list(sark::sortable<"id">(id)).by(text), sark::error);
        s.db.execute("BEGIN");
        CHECK(s.db.one(sark::update<Thing>().set(c, text).where(id == 0).returning(c)) == text);
        CHECK(s.db.one(sark::insert_into<Thing>().values(Thing{99, 1, 1, text}).returning(c)) == text);
        CHECK(s.db.all(sark::insert_into<Thing>().rows(std::vector{Thing{98, 1, 1, text}}).returning(c))[0] == text);
        s.db.execute("ROLLBACK");
        CHECK(canary() == before);
    }
    CHECK_THROWS_AS(s.db.count(from<Thing>().where(c == std::string{"a\0b", 3})), sark::error);
    CHECK_THROWS_AS(s.db.count(from<Thing>().where(c == "\xFF")), sark::error);
    CHECK(canary() == before);
}
