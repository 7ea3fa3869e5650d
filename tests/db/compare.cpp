// SPDX-License-Identifier: MIT
//
// The comparison with sides of a program's own, which need not be those of the data migration.
#include "support/catch.hpp"
#include "support/database.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include <sark/compare.hpp>

namespace {

constexpr sark::compare::column columns[] = {{"id", "text"}, {"name", "text"}, {"doc", "jsonb"}, {"note", "text"}};
// The join leaves out what has no kind: fewer rows are expected than the source has.
constexpr sark::compare::sides sides{.source = "old",
                                     .source_key = "s.\"id\"",
                                     .key_type = "uuid",
                                     .expected = R"(SELECT s."id"::text AS "id", s."name", s."doc", k."note"
FROM "old" AS s JOIN "kinds" AS k ON k."name" = s."kind")",
                                     .actual = "new",
                                     .columns = columns};

}  // namespace

TEST_CASE("rows of one's own are compared range by range, also where few of a range are expected", "[compare][db]") {
    sark::test::database const base;
    base.execute(
        "CREATE TABLE kinds (name text PRIMARY KEY, note text);"
        "CREATE TABLE old (id uuid PRIMARY KEY, name text, doc jsonb, kind text);"
        "CREATE TABLE new (id text PRIMARY KEY, name text, doc jsonb, note text);"
        "INSERT INTO kinds VALUES ('a', 'first'), ('b', NULL);"
        "INSERT INTO old SELECT md5(i::text)::uuid, nullif('row ' || i, 'row 7'), jsonb_build_object('n', -i), "
        "(ARRAY['a', 'b', 'none'])[1 + i % 3] FROM generate_series(1, 60) AS i;"
        "INSERT INTO new SELECT s.id::text, s.name, s.doc, k.note FROM old AS s JOIN kinds AS k ON k.name = s.kind;"
        "INSERT INTO new VALUES ('of its own', 'x', '{}', NULL), ('ZZ', 'x', '{}', NULL), ('', 'x', '{}', NULL)");
    sark::connection db{base.url()};
    std::size_t const all = std::numeric_limits<std::size_t>::max();
    for (std::size_t const range : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{60}, all}) {
        INFO("ranges of " << range);
        std::int64_t told = 0;
        auto const seen = sark::compare::rows(db, sides,
                                              {.range = range, .progress = [&](std::int64_t done, std::int64_t total) {
                                                   CHECK(done <= total);
                                                   ++told;
                                               }});
        CHECK(seen.equal());
        CHECK(seen.rows == 40);
        CHECK(seen.ranges == (range <= 1 ? 60 : range == 7 ? 9 : 1));
        CHECK(told == seen.ranges);
    }
    // One damage of each kind, at both ends of the keys and in between; a number in another spelling is none.
    base.execute(
        "UPDATE new SET doc = jsonb_set(doc, '{n}', to_jsonb(abs((doc ->> 'n')::int))) WHERE id = (SELECT min(id) FROM "
        "new WHERE id > '0');"
        "DELETE FROM new WHERE id = (SELECT max(id) FROM new WHERE id < 'g');"
        "UPDATE new SET name = '' WHERE name IS NULL;"
        "UPDATE new SET note = 'First' WHERE name = 'row 9'; UPDATE new SET doc = '{\"n\": -4.0}' WHERE name = 'row "
        "4'");
    for (std::size_t const range : {std::size_t{1}, std::size_t{7}, all}) {
        INFO("ranges of " << range);
        auto const seen = sark::compare::rows(db, sides, {.range = range, .with_values = true});
        CHECK(seen.missing == 1);
        CHECK(seen.different == 3);
        CHECK(seen.ranges_different == (range == all ? 1 : 4));
        std::string fields;
        for (auto const& d : seen.differences)
            fields += d.field + ":" + d.expected.value_or("-") + ":" + d.actual.value_or("-") + " ";
        CHECK(fields == "doc.n:-27:27 note:first:First name:-: :-:- ");
    }
}

TEST_CASE("a comparison of empty tables finds nothing to compare", "[compare][db]") {
    sark::test::database const base;
    base.execute(
        "CREATE TABLE kinds (name text, note text); CREATE TABLE old (id uuid, name text, doc jsonb, kind text);"
        "CREATE TABLE new (id text, name text, doc jsonb, note text)");
    sark::connection db{base.url()};
    auto const seen = sark::compare::rows(db, sides);
    CHECK(seen.equal());
    CHECK(seen.rows == 0);
    CHECK(seen.ranges == 0);
}

TEST_CASE("keys are compared whatever type they have on either side", "[compare][db]") {
    sark::test::database const base;
    sark::connection db{base.url()};
    struct sample {
        char const* source;
        char const* actual;
        char const* key;
    };
    for (sample const& s : {sample{"uuid", "uuid", "md5(i::text)::uuid"}, sample{"bigint", "bigint", "i"},
                            sample{"bigint", "text", "i"}, sample{"uuid", "text", "md5(i::text)::uuid"}}) {
        INFO(s.source << " beside " << s.actual);
        std::string const source = s.source;
        std::string const actual = s.actual;
        base.execute("DROP TABLE IF EXISTS old, new; CREATE TABLE old (id " + source + " PRIMARY KEY, name text);" +
                     "CREATE TABLE new (id " + actual + " PRIMARY KEY, name text);" + "INSERT INTO old SELECT " +
                     s.key + ", 'row ' || i FROM generate_series(1, 25) AS i; INSERT INTO new SELECT id::" + actual +
                     ", name FROM old");
        std::string const expected = "SELECT s.\"id\"::" + actual + " AS \"id\", s.\"name\" FROM \"old\" AS s";
        sark::compare::column const keyed[] = {{"id", actual}, {"name", "text"}};
        sark::compare::sides const of{.source = "old",
                                      .source_key = "s.\"id\"",
                                      .key_type = source,
                                      .expected = expected,
                                      .actual = "new",
                                      .columns = keyed};
        auto const clean = sark::compare::rows(db, of, {.range = 4});
        CHECK(clean.equal());
        CHECK(clean.ranges_different == 0);
        CHECK(clean.rows == 25);
        base.execute("UPDATE new SET name = 'other' WHERE name = 'row 10'; DELETE FROM new WHERE name = 'row 9'");
        auto const seen = sark::compare::rows(db, of, {.range = 4});
        CHECK(seen.different == 1);
        CHECK(seen.missing == 1);
    }
}
