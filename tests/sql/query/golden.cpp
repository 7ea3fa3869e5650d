// SPDX-License-Identifier: MIT
//
// The exact text of every node and every clause; golden.hpp holds them, and tests/db has a server prepare each.

#include <cstddef>

#include "catch.hpp"
#include "golden.hpp"

TEST_CASE("every statement has its text, and a value for each of its placeholders") {
    auto const all = golden::statements();
    CHECK(all.size() > 80);
    for (golden::statement const& s : all) {
        CHECK(s.sql == s.expected);
        CHECK(s.values == s.placeholders);
    }
}

TEST_CASE("what merges rows is counted from outside, and order, limits and pages play no part") {
    using sark::col, sark::count, sark::desc, sark::from, sark::Resource;
    auto const groups = from<Resource>().group_by(golden::protocol).order_by(desc(count())).limit(3);
    CHECK(groups.select(golden::protocol, count()).count_sql ==
          R"(SELECT count(*) FROM (SELECT "resources"."protocol", count(*) FROM "resources" GROUP BY )"
          R"("resources"."protocol") AS "counted")");
    CHECK(from<Resource>().distinct().select(golden::protocol).count_sql ==
          R"(SELECT count(*) FROM (SELECT DISTINCT "resources"."protocol" FROM "resources") AS "counted")");
    CHECK(from<Resource>().order_by(golden::name, golden::id).after("a", "b").count_sql ==
          R"(SELECT count(*) FROM "resources")");
    CHECK(union_of(from<Resource>().select(golden::id), from<Resource>().select(golden::name)).limit(2).count_sql ==
          R"(SELECT count(*) FROM ((SELECT "resources"."id" FROM "resources") UNION )"
          R"((SELECT "resources"."name" FROM "resources")) AS "counted")");
}
