// SPDX-License-Identifier: MIT
//
// The table of what serves what, cell by cell, as a planner of 60,000 rows sees it with its own settings.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/statistics.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/query.hpp>
#include <sark/schema/create.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::col, sark::from, sark::json, sark::json_index, sark::json_predicate, sark::path, sark::unindexed, sark::var;

namespace coverage {

struct Inner {
    std::string code{};
};
struct Facts {
    std::int64_t n{};
    std::string half{};
    Inner inner{};
};
struct Cell {
    std::int64_t id{};
    json d{};
};

constexpr auto& d = col<&Cell::d>;
constexpr auto& n = path<&Cell::d, &Facts::n>;
constexpr auto& code = path<&Cell::d, &Facts::inner, &Inner::code>;
constexpr auto& half = path<&Cell::d, &Facts::half>;

}  // namespace coverage

// The indexes come and go on the server.
template <>
inline constexpr auto sark::table_of<coverage::Cell> = sark::table("cells");

using namespace coverage;

namespace {

sark::text_row bound_values(auto const& query) {
    sark::parameters values;
    query.bind(values);
    sark::text_row bound;
    for (std::size_t i = 0; i < values.size(); ++i) bound.emplace_back(values.values()[i]);
    return bound;
}

std::string explain(sark::transaction& tx, std::string_view sql, sark::text_row const& bound = {}) {
    std::string text;
    for (auto const& row : tx.query_text("EXPLAIN " + std::string{sql}, bound)) text += row.at(0).value() + "\n";
    return text;
}
bool uses_index(std::string_view plan) {
    return plan.find("Bitmap Index Scan") != plan.npos || plan.find("Index Scan using") != plan.npos;
}
/// Gives the planner's number of rows.
long estimate(std::string_view plan) { return std::stol(std::string{plan.substr(plan.find("rows=") + 5)}); }

/// Asks one question of each kind; f(predicate, query).
template <class F>
void each_question(F const& f) {
    auto const ask = [&](json_predicate asked, auto condition) { f(asked, from<Cell>().where(unindexed(condition))); };
    ask(json_predicate::contains, d.contains(json{R"({"k77":77})"}));
    ask(json_predicate::contains, n == 77);
    ask(json_predicate::contains, code == "c77");
    ask(json_predicate::contains, code.in({"c77", "c78"}));
    ask(json_predicate::has_key, d.has_key("k77"));
    ask(json_predicate::has_any_key, d.has_any_key({"k77", "k78"}));
    ask(json_predicate::has_all_keys, d.has_all_keys({"k77", "n"}));
    ask(json_predicate::path_equals, d.path_exists<"$.k77 ? (@ == 77)">());
    ask(json_predicate::path_equals, d.path_matches<"$.inner.code == \"c77\"">());
    ask(json_predicate::any_path_equals, d.path_exists<"$.*.code ? (@ == \"c77\")">());
    ask(json_predicate::path_tests, d.path_exists<"$.k77">());
    ask(json_predicate::path_tests, d.path_matches<"$.n > 59990">());
    ask(json_predicate::path_variables, d.path_exists<"$.k77 ? (@ == $v)">(var<"v">(77)));
    ask(json_predicate::contained_in, d.contained_in(json{R"({"n":1})"}));
    ask(json_predicate::other, !d.contains(json{R"({"k77":77})"}));
}
/// Asks of what a path reads, which an index on the path can serve.
template <class F>
void each_question_of_a_path(F const& f) {
    auto const ask = [&](json_predicate asked, auto condition) { f(asked, from<Cell>().where(unindexed(condition))); };
    ask(json_predicate::equals, code.value() == "c77");
    ask(json_predicate::orders, code < "c1");
    ask(json_predicate::is_null, code.value().is_null());
    ask(json_predicate::other, code != "c77");
    ask(json_predicate::other, code.ends_with("77"));
}

struct asked_path {
    std::string_view text;
    bool is_match;
};
/// Is read by the classifier and by the server: both have to find the same of use for an index.
constexpr asked_path paths[]{
    {"$.k77 ? (@ == 77)", false},
    {"strict $.k77 ? (@ == 77)", false},
    {"$.k77 ? (@ > 77)", false},
    {"$.inner ? (@.code == \"c77\").code", false},
    {"$ ? (@.k77 == 77)", false},
    {"$.tags[*] ? (@ == \"t77\")", false},
    {"$.k77 ? (@ == 77 || @ == 78)", false},
    {"$.k77 ? (@ == 77 || @ > 78)", false},
    {"$.k77 ? (@ > 1 && @ == 77)", false},
    {"$.k77.size() ? (@ == 1)", false},
    {"$.inner.code ? (@ starts with \"c77\")", false},
    {"$.*.code ? (@ == \"c77\")", false},
    {"$.**.code ? (@ == \"c77\")", false},
    {"$", false},
    {"$.*", false},
    {"$.k77 == 77", true},
    {"77 == $.k77", true},
    {"$.k77 != 77", true},
    {"$.k77 == 77 && $.n > 4", true},
    {"$.k77 == 77 || $.k78 == 78", true},
    {"$.k77 == 77 || $.n > 59990", true},
    {"!($.k77 == 77)", true},
    {"($.k77 == 77)", true},
    {"$.k77 == 70 + 7", true},
};

struct served_by {
    json_index index;
    std::string_view on_document;
    std::string_view on_path;
};

}  // namespace

TEST_CASE("every cell of the table of indexes is what the planner does") {
    static sark::test::database const database;
    static sark::connection db{database.url()};
    static bool const stocked = [] {
        for (std::string_view statement : sark::create_statements<Cell>) db.execute(statement);
        db.execute(
            R"(INSERT INTO "cells" SELECT i, jsonb_build_object('k' || i % 3000, i, 'n', i, 'half', CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' || i END,
                   'inner', jsonb_build_object('code', 'c' || i), 'tags', jsonb_build_array('t' || i))
               FROM generate_series(1, 60000) i)");
        db.execute(R"(ANALYZE "cells")");
        db.execute("SET maintenance_work_mem = '256MB'");
        return true;
    }();
    REQUIRE(stocked);

    SECTION("operators and paths by every kind of index") {
        std::string const code_key{sark::sql::text<std::remove_cvref_t<decltype(code)>>::value};
        served_by const kinds[]{
            {json_index::gin, R"(USING gin ("d"))", ""},
            {json_index::gin_path, R"(USING gin ("d" jsonb_path_ops))", ""},
            {json_index::btree, R"(USING btree ("d"))", "btree"},
            {json_index::hash, R"(USING hash ("d"))", "hash"},
        };
        std::size_t cells = 0;
        for (served_by const& kind : kinds) {
            db.transaction([&](sark::transaction& tx) {
                tx.execute("SAVEPOINT plain");
                tx.execute(R"(CREATE INDEX "ix_cell" ON "cells" )" + std::string{kind.on_document});
                auto const check = [&](json_predicate asked, auto const& query) {
                    std::string const plan = explain(tx, query.sql, bound_values(query));
                    CAPTURE(query.sql, kind.on_document, plan);
                    CHECK(uses_index(plan) == serves(kind.index, asked));
                    ++cells;
                };
                each_question(check);
                if (kind.on_path.empty()) {
                    for (asked_path const& p : paths) {
                        std::string sql{R"(SELECT * FROM "cells" WHERE "d" )"};
                        sql.append(p.is_match ? "@@ '" : "@? '").append(p.text).append("'");
                        CAPTURE(sql);
                        CHECK(uses_index(explain(tx, sql)) ==
                              serves(kind.index, sark::detail::predicate_of_path(p.text, p.is_match)));
                    }
                    // What a path reads has nothing to do with an index on the whole document.
                    each_question_of_a_path(check);
                    std::string const part = explain(
                        tx, R"(SELECT * FROM "cells" WHERE ("d" -> 'inner') @> '{"code":"c77"}')");
                    CHECK_FALSE(uses_index(part));
                    for (auto nothing : {R"('{}')", R"('{"tags":[]}')"})
                        CHECK_FALSE(
                            uses_index(explain(tx, R"(SELECT * FROM "cells" WHERE "d" @> )" + std::string{nothing})));
                } else {
                    tx.execute("ROLLBACK TO plain");
                    tx.execute(R"(CREATE INDEX "ix_cell" ON "cells" USING )" + std::string{kind.on_path} + " ((" +
                               code_key + "))");
                    tx.execute(R"(ANALYZE "cells")");
                    each_question_of_a_path(check);
                    // The same value in another spelling is another expression.
                    for (auto other : {R"(("d" #>> '{inner,code}') = 'c77')", R"(("d"['inner'] ->> 'code') = 'c77')"})
                        CHECK_FALSE(uses_index(explain(tx, R"(SELECT * FROM "cells" WHERE )" + std::string{other})));
                }
                tx.execute("ROLLBACK TO plain");
            });
        }
        CHECK(cells == 4 * (15 + 5));
    }

    SECTION("a GIN index on a part serves containment in the part") {
        db.transaction([&](sark::transaction& tx) {
            tx.execute("SAVEPOINT plain");
            tx.execute(
                R"(CREATE INDEX "ix_part" ON "cells" USING gin (()" +
                std::string{sark::sql::text<std::remove_cvref_t<decltype(path<&Cell::d, &Facts::inner>)>>::value} +
                "))");
            auto const query = from<Cell>().where(
                unindexed(path<&Cell::d, &Facts::inner>.document().contains(json{R"({"code":"c77"})"})));
            CHECK(uses_index(explain(tx, query.sql, bound_values(query))));
            tx.execute("ROLLBACK TO plain");
        });
    }

    SECTION("an index of one protocol's documents serves that protocol") {
        db.transaction([&](sark::transaction& tx) {
            tx.execute("SAVEPOINT plain");
            tx.execute(
                R"(CREATE INDEX "ix_cell" ON "cells" USING gin ("d" jsonb_path_ops) WHERE ("d" ->> 'half') = 'a')");
            auto const plan = [&](std::string_view also) {
                return explain(tx, R"(SELECT * FROM "cells" WHERE "d" @> '{"n":78}')" + std::string{also});
            };
            CHECK(uses_index(plan(R"( AND ("d" ->> 'half') = 'a')")));
            CHECK_FALSE(uses_index(plan(R"( AND ("d" ->> 'half') = 'b')")));
            CHECK_FALSE(uses_index(plan("")));
            tx.execute("ROLLBACK TO plain");
        });
    }

    SECTION("statistics on a path make its estimates true") {
        db.transaction([&](sark::transaction& tx) {
            tx.execute("SAVEPOINT plain");
            auto const query = from<Cell>().where(unindexed(half.value() == "a"));
            auto const guess = [&] { return estimate(explain(tx, query.sql, bound_values(query))); };
            CHECK(guess() < 3'000);
            tx.execute(sark::create_statistics<"st_cells_half", half>);
            tx.execute(R"(ANALYZE "cells")");
            CHECK(guess() > 15'000);
            CHECK(guess() < 60'000);
            tx.execute("ROLLBACK TO plain");
        });
    }
}
