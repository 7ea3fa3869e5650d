// SPDX-License-Identifier: MIT
//
// The exact text of every clause and every statement, and the values beside it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

#include "catch.hpp"
#include "sql_is.hpp"

using sark::Capability, sark::CostTracking, sark::FederationNode, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;
using sark::test::sql_is, sark::test::values_of;
using values = std::vector<std::string>;

namespace shelf {

struct Box {
    std::int64_t id;
    std::string label;
};
struct Item {
    std::int64_t box_id;
    std::int64_t number;
    std::string note_;
};
struct Pair {
    std::int64_t a;
    std::int64_t b;
};

}  // namespace shelf

template <>
inline constexpr auto sark::table_of<shelf::Item> = sark::table(
    "items", sark::primary_key<&shelf::Item::box_id, &shelf::Item::number>{},
    sark::references<&shelf::Item::box_id, &shelf::Box::id>{});
template <>
inline constexpr auto sark::table_of<shelf::Pair> = sark::table("pairs",
                                                                sark::primary_key<&shelf::Pair::a, &shelf::Pair::b>{});

using shelf::Box, shelf::Item, shelf::Pair;

namespace {

/// What stands after FROM; the columns before it are the same in all of these.
template <class Query>
void rest_is(Query const& query, std::string_view expected) {
    constexpr std::string_view columns = R"(SELECT "box"."id", "box"."label" FROM "box")";
    REQUIRE(Query::sql.starts_with(columns));
    CHECK(Query::sql.substr(columns.size()) == expected);
    (void)query;
}

constexpr auto& id = col<&Box::id>;
constexpr auto& label = col<&Box::label>;
constexpr auto& level = col<&Resource::sensitivity_level>;

}  // namespace

TEST_CASE("from") {
    sql_is(from<Box>(), R"(SELECT "box"."id", "box"."label" FROM "box")");
    sql_is(from<Item>(), R"(SELECT "items"."box_id", "items"."number", "items"."note" FROM "items")");
    CHECK(values_of(from<Box>()).empty());
}

TEST_CASE("where and its comparisons") {
    rest_is(from<Box>().where(id == 1), R"( WHERE "box"."id" = $1)");
    rest_is(from<Box>().where(id != 1), R"( WHERE "box"."id" <> $1)");
    rest_is(from<Box>().where(id < 1), R"( WHERE "box"."id" < $1)");
    rest_is(from<Box>().where(id <= 1), R"( WHERE "box"."id" <= $1)");
    rest_is(from<Box>().where(id > 1), R"( WHERE "box"."id" > $1)");
    rest_is(from<Box>().where(id >= 1), R"( WHERE "box"."id" >= $1)");
    rest_is(from<Box>().where(id == 1, label == "x"), R"( WHERE "box"."id" = $1 AND "box"."label" = $2)");
    rest_is(from<Box>().where(id == 1 && label == "x"), R"( WHERE ("box"."id" = $1 AND "box"."label" = $2))");
    rest_is(from<Box>().where(id == 1 || !(label == "x") || id == 2),
            R"( WHERE (("box"."id" = $1 OR NOT ("box"."label" = $2)) OR "box"."id" = $3))");
    rest_is(from<Box>().where(label.in({"a", "b"})), R"( WHERE "box"."label" = ANY($1))");
    rest_is(from<Box>().where(label == label), R"( WHERE "box"."label" = "box"."label")");
    CHECK(values_of(from<Box>().where(id == 1, label == "x")) == values{"1", "x"});
    CHECK(values_of(from<Box>().where(label.in({"a", "\"b"}))) == values{R"({"a","\"b"})"});
    CHECK(values_of(from<Box>().where(id.in(std::vector<int>{}))) == values{"{}"});
    CHECK(from<FederationNode>()
              .where(col<&FederationNode::enabled>)
              .sql.ends_with(R"( WHERE "federation_nodes"."enabled")"));
    CHECK(from<Capability>()
              .where(col<&Capability::description>.is_null())
              .sql.ends_with(R"( WHERE "capabilities"."description" IS NULL)"));
    CHECK(from<Capability>()
              .where(col<&Capability::description>.is_not_null())
              .sql.ends_with(R"("description" IS NOT NULL)"));
    CHECK(from<Resource>()
              .where(col<&Resource::metadata_>.contains(sark::json{"{}"}))
              .sql.ends_with(R"( WHERE "resources"."metadata" @> $1::jsonb)"));
}

TEST_CASE("an enum stored as text is compared by its order") {
    constexpr std::string_view start = R"( WHERE "resources"."sensitivity_level")";
    auto const ending = [&](auto const& q) { return std::string{q.sql.substr(q.sql.find(start) + start.size())}; };
    CHECK(ending(from<Resource>().where(level == Sensitivity::high)) == " = $1");
    CHECK(ending(from<Resource>().where(level >= Sensitivity::high)) == " = ANY($1)");
    CHECK(values_of(from<Resource>().where(level >= Sensitivity::high)) == values{R"({"high","critical"})"});
    CHECK(values_of(from<Resource>().where(level > Sensitivity::high)) == values{R"({"critical"})"});
    CHECK(values_of(from<Resource>().where(level < Sensitivity::low)) == values{"{}"});
    CHECK(values_of(from<Resource>().where(level <= Sensitivity::medium)) == values{R"({"low","medium"})"});
    CHECK(
        from<Resource>()
            .order_by(desc(level))
            .sql.ends_with(
                R"( ORDER BY CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END DESC)"));
    CHECK(
        from<Resource>()
            .join<Capability>()
            .where(level > col<&Capability::sensitivity_level>)
            .sql.ends_with(
                R"( WHERE CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END > CASE "capabilities"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END)"));
}

TEST_CASE("order_by, limit and offset stand in SQL's order, whatever theirs was") {
    rest_is(from<Box>().order_by(label, desc(id)), R"( ORDER BY "box"."label", "box"."id" DESC)");
    rest_is(from<Box>().limit(5), " LIMIT $1");
    rest_is(from<Box>().offset(5), " OFFSET $1");
    auto const mixed = from<Box>().offset(20).limit(10).order_by(id).where(label == "x");
    rest_is(mixed, R"( WHERE "box"."label" = $1 ORDER BY "box"."id" LIMIT $2 OFFSET $3)");
    CHECK(values_of(mixed) == values{"x", "10", "20"});
}

TEST_CASE("join") {
    rest_is(from<Box>().join<Item>(), R"( JOIN "items" ON "items"."box_id" = "box"."id")");
    rest_is(from<Box>().join<Item>(col<&Item::number> == 3), R"( JOIN "items" ON "items"."number" = $1)");
    auto const query = from<Box>().where(label == "x").join<Item>(col<&Item::number> == 3);
    rest_is(query, R"( JOIN "items" ON "items"."number" = $1 WHERE "box"."label" = $2)");
    CHECK(values_of(query) == values{"3", "x"});
}

TEST_CASE("select") {
    sql_is(from<Box>().select(label), R"(SELECT "box"."label" FROM "box")");
    sql_is(from<Box>().join<Item>().select(label, col<&Item::note_>),
           R"(SELECT "box"."label", "items"."note" FROM "box" JOIN "items" ON "items"."box_id" = "box"."id")");
    auto const with_values = from<Box>().where(id == 2).select(label == "x").limit(1);
    sql_is(with_values, R"(SELECT "box"."label" = $1 FROM "box" WHERE "box"."id" = $2 LIMIT $3)");
    CHECK(values_of(with_values) == values{"x", "2", "1"});
}

TEST_CASE("with changes nothing in the statement of the parents") {
    CHECK(from<Box>().with<Item>().sql == from<Box>().sql);
}

TEST_CASE("counting and deleting keep the choice of rows only") {
    auto const query = from<Box>().where(id == 1).order_by(label).limit(3);
    CHECK(query.count_sql == R"(SELECT count(*) FROM "box" WHERE "box"."id" = $1)");
    CHECK(from<Box>().where(id == 1).delete_sql() == R"(DELETE FROM "box" WHERE "box"."id" = $1)");
}

TEST_CASE("insert") {
    sql_is<sark::insert_statement<Box>>(R"(INSERT INTO "box" ("id", "label") VALUES ($1, $2))");
    sql_is<sark::insert_returning_statement<Box>>(
        R"(INSERT INTO "box" ("id", "label") VALUES ($1, $2) RETURNING "box"."id", "box"."label")");
    sql_is<sark::insert_statement<Resource>>(
        R"(INSERT INTO "resources" ("id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, COALESCE($7::timestamptz, now()), COALESCE($8::timestamptz, now())))");
    sql_is<sark::insert_statement<CostTracking>>(
        R"(INSERT INTO "cost_tracking" ("id", "timestamp", "principal_id", "resource_id", "capability_id", "estimated_cost", "actual_cost", "metadata", "request_id", "protocol") VALUES (COALESCE($1, nextval(pg_get_serial_sequence('"cost_tracking"', 'id'))), COALESCE($2::timestamptz, now()), $3, $4, $5, $6, $7, $8, $9, $10))");
    sark::parameters bound;
    Resource const row{.id = "r"};  // parameters borrow its texts
    sark::insert_statement<Resource>::bind(bound, row);
    CHECK(bound.size() == 8);
    CHECK(std::string_view{bound.values()[4]} == "medium");
    CHECK(std::string_view{bound.values()[5]} == "{}");
    CHECK(bound.values()[6] == nullptr);
}

TEST_CASE("upsert") {
    sql_is<sark::upsert_statement<Box>>(
        R"(INSERT INTO "box" ("id", "label") VALUES ($1, $2) ON CONFLICT ("id") DO UPDATE SET "label" = EXCLUDED."label" WHERE ("box"."label") IS DISTINCT FROM (EXCLUDED."label") RETURNING (xmax = 0))");
    // A table that is all key has nothing to update.
    sql_is<sark::upsert_statement<Pair>>(
        R"(INSERT INTO "pairs" ("a", "b") VALUES ($1, $2) ON CONFLICT ("a", "b") DO NOTHING RETURNING (xmax = 0))");
    // What is managed is neither written nor compared.
    constexpr std::string_view resource = sark::sql::text<sark::upsert_statement<Resource>>::value;
    CHECK(resource.ends_with(
        R"( ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name", "protocol" = EXCLUDED."protocol", "endpoint" = EXCLUDED."endpoint", "sensitivity_level" = EXCLUDED."sensitivity_level", "metadata" = EXCLUDED."metadata" WHERE ("resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata") IS DISTINCT FROM (EXCLUDED."name", EXCLUDED."protocol", EXCLUDED."endpoint", EXCLUDED."sensitivity_level", EXCLUDED."metadata") RETURNING (xmax = 0))"));
}

TEST_CASE("update and erase") {
    sql_is<sark::update_statement<Box>>(R"(UPDATE "box" SET "label" = $1 WHERE "box"."id" = $2)");
    sql_is<sark::update_statement<Item>>(
        R"(UPDATE "items" SET "note" = $1 WHERE "items"."box_id" = $2 AND "items"."number" = $3)");
    sql_is<sark::update_statement<Resource>>(
        R"(UPDATE "resources" SET "name" = $1, "protocol" = $2, "endpoint" = $3, "sensitivity_level" = $4, "metadata" = $5 WHERE "resources"."id" = $6)");
    sql_is<sark::erase_statement<Item>>(R"(DELETE FROM "items" WHERE "items"."box_id" = $1 AND "items"."number" = $2)");
    sark::parameters bound;
    Item const item{7, 8, "n"};  // parameters borrow its texts
    sark::update_statement<Item>::bind(bound, item);
    REQUIRE(bound.size() == 3);
    CHECK(std::string_view{bound.values()[0]} == "n");
    CHECK(std::string_view{bound.values()[1]} == "7");
    CHECK(std::string_view{bound.values()[2]} == "8");
}

TEST_CASE("writing twice the same writes the same text") {
    CHECK(from<Box>().where(id == 1).sql.data() == from<Box>().where(id == 2).sql.data());
}
