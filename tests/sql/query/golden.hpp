// SPDX-License-Identifier: MIT
#pragma once

// The texts of the language, once: tests/sql compares them, tests/db has a server prepare each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

namespace golden {

struct Employee {
    std::int64_t id;
    std::string name;
    std::optional<std::int64_t> boss_id;
    std::int32_t age;
    double weight;
};
using boss = sark::alias<Employee, "boss">;

struct tagged {
    std::int64_t id;
    std::vector<std::string> tags;
};

struct name_and_level {
    std::string name;
    sark::Sensitivity level;
};
struct named {
    std::string name;
};
struct page_row {
    sark::Resource resource;
    name_and_level of_capability;
};
struct spending {
    std::string principal_id;
    std::optional<sark::numeric<38, 8>> total;
};
struct below {
    std::int64_t id;
    std::int32_t depth;
};

}  // namespace golden

template <>
inline constexpr auto sark::table_of<golden::Employee> = sark::table("employees",
                                                                     sark::unique<&golden::Employee::name>{});
template <>
inline constexpr auto sark::table_of<golden::tagged> = sark::table(
    "tagged", sark::column<&golden::tagged::id>{.type = "bigserial"});

namespace golden {

inline constexpr auto& id = sark::col<&sark::Resource::id>;
inline constexpr auto& name = sark::col<&sark::Resource::name>;
inline constexpr auto& protocol = sark::col<&sark::Resource::protocol>;
inline constexpr auto& level = sark::col<&sark::Resource::sensitivity_level>;
inline constexpr auto& metadata = sark::col<&sark::Resource::metadata_>;
inline constexpr auto& cost = sark::col<&sark::CostTracking::actual_cost>;

/// Is a statement: what it is and what it has to be.
struct statement {
    std::string_view sql;
    std::string_view expected;
    std::size_t values;        ///< how many it sends
    std::size_t placeholders;  ///< how many its text has
};

inline std::vector<statement> statements() {
    std::vector<statement> all;
    auto const f = [&](auto const& query, std::string_view expected) {
        sark::parameters bound;
        query.bind(bound);
        std::size_t highest = 0;
        for (std::size_t n = 1; query.sql.find("$" + std::to_string(n)) != std::string_view::npos; ++n) highest = n;
        all.push_back({query.sql, expected, bound.size(), highest});
    };
    using sark::Capability, sark::CostTracking, sark::FederationNode, sark::PrincipalBudget, sark::Resource,
        sark::Sensitivity;
    using sark::array_agg, sark::asc, sark::avg, sark::bool_and, sark::bool_or, sark::call, sark::case_when, sark::cast,
        sark::coalesce, sark::col, sark::concat, sark::count, sark::count_distinct, sark::date_trunc, sark::delete_from,
        sark::dense_rank, sark::desc, sark::except, sark::excluded, sark::exists, sark::extract, sark::first_value,
        sark::from, sark::greatest, sark::insert_into, sark::intersect, sark::into, sark::lag, sark::last_value,
        sark::lead, sark::least, sark::length, sark::literal, sark::lower, sark::max, sark::min, sark::now,
        sark::nullif, sark::outer, sark::output, sark::partition_by, sark::row_number, sark::row_rank, sark::scalar,
        sark::string_agg, sark::sum, sark::union_all, sark::union_of, sark::update, sark::upper, sark::value,
        sark::whole, sark::window, sark::with, sark::with_recursive;
    // clang-format off

    // comparisons and conditions
    f(from<Resource>().where(name == "a", protocol != "b", !(name < "c")),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."name" = $1 AND "resources"."protocol" <> $2 AND NOT ("resources"."name" < $3))");
    f(from<Resource>().where((name == "a" && protocol == "b") || (name == "c" && protocol == "d")),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE (("resources"."name" = $1 AND "resources"."protocol" = $2) OR ("resources"."name" = $3 AND "resources"."protocol" = $4)))");
    f(from<Capability>().where(col<&Capability::description>.is_null() || col<&Capability::description>.is_not_null()),
      R"(SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE ("capabilities"."description" IS NULL OR "capabilities"."description" IS NOT NULL))");
    f(from<Capability>().where(col<&Capability::description>.is_distinct_from("a")),
      R"(SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE "capabilities"."description" IS DISTINCT FROM $1::text)");
    f(from<Capability>().where(col<&Capability::description>.is_not_distinct_from(std::nullopt)),
      R"(SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE "capabilities"."description" IS NULL)");
    f(from<Capability>().where(col<&Capability::description>.is_not_distinct_from(std::optional<std::string>{})),
      R"(SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE "capabilities"."description" IS NOT DISTINCT FROM $1::text)");
    f(from<CostTracking>().where(col<&CostTracking::estimated_cost>.is_distinct_from(cost)),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" WHERE "cost_tracking"."estimated_cost" IS DISTINCT FROM "cost_tracking"."actual_cost")");
    f(from<CostTracking>().where(col<&CostTracking::id>.between(1, 9)),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" WHERE ("cost_tracking"."id" >= $1 AND "cost_tracking"."id" <= $2))");
    f(from<Resource>().where(level.between(Sensitivity::medium, Sensitivity::high)),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE ("resources"."sensitivity_level" = ANY($1) AND "resources"."sensitivity_level" = ANY($2)))");
    f(from<Resource>().where(name.like(sark::pattern{}.text("50%").one_character().anything())),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."name" LIKE $1)");
    f(from<Resource>().where(name.ilike(sark::pattern::raw("%x")), name.starts_with("a_"), name.iincludes("b")),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."name" ILIKE $1 AND "resources"."name" LIKE $2 AND "resources"."name" ILIKE $3)");
    f(from<Resource>().where(id.in({"a", "b"}), level.in({Sensitivity::low})),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."id" = ANY($1) AND "resources"."sensitivity_level" = ANY($2))");
    f(from<CostTracking>().where(col<&CostTracking::id>.in(std::vector<std::int64_t>{1, 2, 3})),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" WHERE "cost_tracking"."id" = ANY($1))");
    f(from<Resource>().where(metadata.contains(sark::json{"{}"}), metadata.has_key("k")),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."metadata" @> $1::jsonb AND "resources"."metadata" ? $2::text)");
    f(from<CostTracking>().where(is_true(cost > sark::money{1}), is_not_true(cost > sark::money{2}), is_false(cost > sark::money{3}), is_unknown(cost > sark::money{4})),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" WHERE ("cost_tracking"."actual_cost" > $1) IS TRUE AND ("cost_tracking"."actual_cost" > $2) IS NOT TRUE AND ("cost_tracking"."actual_cost" > $3) IS FALSE AND ("cost_tracking"."actual_cost" > $4) IS UNKNOWN)");
    f(from<FederationNode>().where(col<&FederationNode::enabled>, !col<&FederationNode::enabled>),
      R"(SELECT "federation_nodes"."id", "federation_nodes"."node_id", "federation_nodes"."name", "federation_nodes"."endpoint", "federation_nodes"."trust_anchor_cert", "federation_nodes"."enabled", "federation_nodes"."trusted_since", "federation_nodes"."rate_limit_per_hour", "federation_nodes"."metadata", "federation_nodes"."created_at", "federation_nodes"."updated_at" FROM "federation_nodes" WHERE "federation_nodes"."enabled" AND NOT ("federation_nodes"."enabled"))");

    // sub-queries
    f(from<Resource>().where(id.in(from<Capability>().where(col<&Capability::name> == "n").select(col<&Capability::resource_id>)), name == "z"),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."id" IN (SELECT "capabilities"."resource_id" FROM "capabilities" WHERE "capabilities"."name" = $1) AND "resources"."name" = $2)");
    f(from<Resource>().where(exists(from<Capability>().where(col<&Capability::resource_id> == outer(id), col<&Capability::name> == "n"))),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE EXISTS (SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE "capabilities"."resource_id" = "resources"."id" AND "capabilities"."name" = $1))");
    f(from<Resource>().where(!exists(from<Capability>().where(col<&Capability::resource_id> == outer(id)))),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE NOT (EXISTS (SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "capabilities" WHERE "capabilities"."resource_id" = "resources"."id")))");
    f(from<Resource>().select(id, scalar(from<Capability>().where(col<&Capability::resource_id> == outer(id)).select(count()))),
      R"(SELECT "resources"."id", (SELECT count(*) FROM "capabilities" WHERE "capabilities"."resource_id" = "resources"."id") FROM "resources")");
    f(from<CostTracking>().where(cost > scalar(from<CostTracking>().select(max(col<&CostTracking::estimated_cost>)))),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" WHERE "cost_tracking"."actual_cost" > (SELECT max("cost_tracking"."estimated_cost") FROM "cost_tracking"))");

    // joins
    f(from<Resource>().join<Capability>().select(name, col<&Capability::name>),
      R"(SELECT "resources"."name", "capabilities"."name" FROM "resources" JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id")");
    f(from<Resource>().left_join<Capability>().where(sark::is_missing<Capability>).select(id, col<&Capability::name>),
      R"(SELECT "resources"."id", "capabilities"."name" FROM "resources" LEFT JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" WHERE "capabilities"."id" IS NULL)");
    f(from<Resource>().left_join<Capability>(col<&Capability::resource_id> == id && col<&Capability::name> == "n").select(whole<Resource>, whole<Capability>),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at", "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at" FROM "resources" LEFT JOIN "capabilities" ON ("capabilities"."resource_id" = "resources"."id" AND "capabilities"."name" = $1))");
    f(from<Capability>().right_join<Resource>().select(whole<Capability>, name),
      R"(SELECT "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at", "resources"."name" FROM "capabilities" RIGHT JOIN "resources" ON "capabilities"."resource_id" = "resources"."id")");
    f(from<Resource>().full_join<Capability>().where(sark::is_present<Resource>).select(id, col<&Capability::id>),
      R"(SELECT "resources"."id", "capabilities"."id" FROM "resources" FULL JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" WHERE "resources"."id" IS NOT NULL)");
    f(from<Employee>().left_join<boss>(col<&Employee::boss_id> == boss::col<&Employee::id>).select(col<&Employee::name>, boss::col<&Employee::name>),
      R"(SELECT "employees"."name", "boss"."name" FROM "employees" LEFT JOIN "employees" AS "boss" ON "employees"."boss_id" = "boss"."id")");
    f(from<boss>().where(boss::col<&Employee::name> == "x"),
      R"(SELECT "boss"."id", "boss"."name", "boss"."boss_id", "boss"."age", "boss"."weight" FROM "employees" AS "boss" WHERE "boss"."name" = $1)");

    // select
    f(from<Resource>().select(name),
      R"(SELECT "resources"."name" FROM "resources")");
    f(from<Resource>().select<name_and_level>(name, level),
      R"(SELECT "resources"."name", "resources"."sensitivity_level" FROM "resources")");
    f(from<Resource>().join<Capability>().select<page_row>(whole<Resource>, into<name_and_level>(col<&Capability::name>, col<&Capability::sensitivity_level>)),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at", "capabilities"."name", "capabilities"."sensitivity_level" FROM "resources" JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id")");
    f(from<Resource>().select(id, value("x"), value(5), value(std::int64_t{6})),
      R"(SELECT "resources"."id", $1::text, $2::integer, $3::bigint FROM "resources")");
    f(from<Resource>().distinct().select(protocol).order_by(protocol),
      R"(SELECT DISTINCT "resources"."protocol" FROM "resources" ORDER BY "resources"."protocol")");
    f(from<Resource>().distinct_on(protocol).order_by(protocol, desc(name)),
      R"(SELECT DISTINCT ON ("resources"."protocol") "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" ORDER BY "resources"."protocol", "resources"."name" DESC)");

    // order, limits, locks
    f(from<CostTracking>().order_by(desc(cost).nulls_last(), asc(col<&CostTracking::id>).nulls_first(), col<&CostTracking::timestamp_>),
      R"(SELECT "cost_tracking"."id", "cost_tracking"."timestamp", "cost_tracking"."principal_id", "cost_tracking"."resource_id", "cost_tracking"."capability_id", "cost_tracking"."estimated_cost", "cost_tracking"."actual_cost", "cost_tracking"."metadata", "cost_tracking"."request_id", "cost_tracking"."protocol" FROM "cost_tracking" ORDER BY "cost_tracking"."actual_cost" DESC NULLS LAST, "cost_tracking"."id" NULLS FIRST, "cost_tracking"."timestamp")");
    f(from<Resource>().order_by(desc(level), id),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" ORDER BY CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END DESC, "resources"."id")");
    f(from<Resource>().limit(3).offset(4),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" LIMIT $1 OFFSET $2)");
    f(from<Resource>().limit<1>(),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" LIMIT 1)");
    f(from<Resource>().order_by(name, id).after("n", "i").limit(2),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE ("resources"."name", "resources"."id") > ($1, $2) ORDER BY "resources"."name", "resources"."id" LIMIT $3)");
    f(from<Resource>().order_by(desc(name), desc(id)).after("n", "i"),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE ("resources"."name", "resources"."id") < ($1, $2) ORDER BY "resources"."name" DESC, "resources"."id" DESC)");
    f(from<Resource>().order_by(desc(level), name, id).after(Sensitivity::high, "n", "i"),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE (CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END < $1::integer OR (CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END = $2::integer AND ("resources"."name" > $3 OR ("resources"."name" = $4 AND "resources"."id" > $5)))) ORDER BY CASE "resources"."sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END DESC, "resources"."name", "resources"."id")");
    f(from<Resource>().where(protocol == "p").order_by(name, desc(id)).after("n", "i"),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."protocol" = $1 AND ("resources"."name" > $2 OR ("resources"."name" = $3 AND "resources"."id" < $4)) ORDER BY "resources"."name", "resources"."id" DESC)");
    f(from<Resource>().where(id == "a").for_update(),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."id" = $1 FOR UPDATE)");
    f(from<Resource>().order_by(id).limit(1).for_update(sark::skip_locked),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" ORDER BY "resources"."id" LIMIT $1 FOR UPDATE SKIP LOCKED)");
    f(from<Resource>().join<Capability>().for_no_key_update<Resource>(sark::nowait),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" FOR NO KEY UPDATE OF "resources" NOWAIT)");
    f(from<Resource>().for_share(),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" FOR SHARE)");
    f(from<Resource>().left_join<Capability>().for_key_share<Resource>(),
      R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" LEFT JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" FOR KEY SHARE OF "resources")");

    // groups and aggregates
    f(from<Resource>().group_by(protocol).select(protocol, count()),
      R"(SELECT "resources"."protocol", count(*) FROM "resources" GROUP BY "resources"."protocol")");
    f(from<Resource>().select(count(), count(id), count_distinct(protocol), min(name), max(name)),
      R"(SELECT count(*), count("resources"."id"), count(DISTINCT "resources"."protocol"), min("resources"."name"), max("resources"."name") FROM "resources")");
    f(from<CostTracking>().group_by(col<&CostTracking::protocol>).having(sum(cost) > sark::money{5}, count() >= 2).order_by(desc(sum(cost)).nulls_last()).select(col<&CostTracking::protocol>, sum(cost), avg(cost), sum(col<&CostTracking::id>)),
      R"(SELECT "cost_tracking"."protocol", sum("cost_tracking"."actual_cost"), avg("cost_tracking"."actual_cost"), sum("cost_tracking"."id") FROM "cost_tracking" GROUP BY "cost_tracking"."protocol" HAVING sum("cost_tracking"."actual_cost") > $1 AND count(*) >= $2 ORDER BY sum("cost_tracking"."actual_cost") DESC NULLS LAST)");
    f(from<CostTracking>().select(count().filter(cost.is_null()), sum(cost).filter(cost > sark::money{1}), array_agg(col<&CostTracking::id>).ordered_by(desc(col<&CostTracking::id>))),
      R"(SELECT count(*) FILTER (WHERE "cost_tracking"."actual_cost" IS NULL), sum("cost_tracking"."actual_cost") FILTER (WHERE "cost_tracking"."actual_cost" > $1), array_agg("cost_tracking"."id" ORDER BY "cost_tracking"."id" DESC) FROM "cost_tracking")");
    f(from<Capability>().group_by(col<&Capability::resource_id>).select(col<&Capability::resource_id>, string_agg(col<&Capability::name>, ", ").ordered_by(col<&Capability::name>)),
      R"(SELECT "capabilities"."resource_id", string_agg("capabilities"."name", $1 ORDER BY "capabilities"."name") FROM "capabilities" GROUP BY "capabilities"."resource_id")");
    f(from<FederationNode>().select(bool_and(col<&FederationNode::enabled>), bool_or(col<&FederationNode::enabled>)),
      R"(SELECT bool_and("federation_nodes"."enabled"), bool_or("federation_nodes"."enabled") FROM "federation_nodes")");
    f(from<Resource>().left_join<Capability>().group_by(id).order_by(desc(count(col<&Capability::id>)), name).select(name, level, count(col<&Capability::id>)),
      R"(SELECT "resources"."name", "resources"."sensitivity_level", count("capabilities"."id") FROM "resources" LEFT JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" GROUP BY "resources"."id" ORDER BY count("capabilities"."id") DESC, "resources"."name")");
    f(from<CostTracking>().group_by(date_trunc<"day">(col<&CostTracking::timestamp_>)).select(date_trunc<"day">(col<&CostTracking::timestamp_>), sum(cost)),
      R"(SELECT date_trunc('day', "cost_tracking"."timestamp", 'UTC'), sum("cost_tracking"."actual_cost") FROM "cost_tracking" GROUP BY date_trunc('day', "cost_tracking"."timestamp", 'UTC'))");
    f(from<Employee>().select(sum(col<&Employee::age>), avg(col<&Employee::age>), sum(col<&Employee::weight>), avg(col<&Employee::weight>)),
      R"(SELECT sum("employees"."age"), avg("employees"."age"), sum("employees"."weight"), avg("employees"."weight") FROM "employees")");

    // windows
    f(from<CostTracking>().select(row_number().over(partition_by(col<&CostTracking::principal_id>).order_by(desc(cost))), row_rank().over(window().order_by(cost)), dense_rank().over(window().order_by(cost))),
      R"(SELECT row_number() OVER (PARTITION BY "cost_tracking"."principal_id" ORDER BY "cost_tracking"."actual_cost" DESC), rank() OVER (ORDER BY "cost_tracking"."actual_cost"), dense_rank() OVER (ORDER BY "cost_tracking"."actual_cost") FROM "cost_tracking")");
    f(from<CostTracking>().select(lag(cost).over(window().order_by(col<&CostTracking::id>)), lead(cost, 2).over(window().order_by(col<&CostTracking::id>))),
      R"(SELECT lag("cost_tracking"."actual_cost", $1::integer) OVER (ORDER BY "cost_tracking"."id"), lead("cost_tracking"."actual_cost", $2::integer) OVER (ORDER BY "cost_tracking"."id") FROM "cost_tracking")");
    f(from<CostTracking>().select(sum(cost).over(partition_by(col<&CostTracking::principal_id>).order_by(col<&CostTracking::id>).rows(sark::preceding<2>, sark::current_row)), count().over(window())),
      R"(SELECT sum("cost_tracking"."actual_cost") OVER (PARTITION BY "cost_tracking"."principal_id" ORDER BY "cost_tracking"."id" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), count(*) OVER () FROM "cost_tracking")");
    f(from<CostTracking>().select(first_value(col<&CostTracking::id>).over(window().order_by(col<&CostTracking::id>).groups(sark::unbounded_preceding, sark::following<1>)), last_value(col<&CostTracking::id>).over(window().order_by(col<&CostTracking::id>).rows(sark::unbounded_preceding, sark::unbounded_following))),
      R"(SELECT first_value("cost_tracking"."id") OVER (ORDER BY "cost_tracking"."id" GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING), last_value("cost_tracking"."id") OVER (ORDER BY "cost_tracking"."id" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM "cost_tracking")");

    // expressions
    f(from<Employee>().select(col<&Employee::age> + 1, 2 * col<&Employee::id>, col<&Employee::id> - col<&Employee::age>, col<&Employee::weight> / 2, col<&Employee::id> % 3, -col<&Employee::age>),
      R"(SELECT ("employees"."age" + $1::integer), ($2::bigint * "employees"."id"), ("employees"."id" - "employees"."age"), ("employees"."weight" / $3::double precision), ("employees"."id" % $4::bigint), (-"employees"."age") FROM "employees")");
    f(from<CostTracking>().select(cost + sark::money{1}, cost * 2, cost / 2),
      R"(SELECT ("cost_tracking"."actual_cost" + $1::numeric), ("cost_tracking"."actual_cost" * $2::numeric), ("cost_tracking"."actual_cost" / $3::numeric) FROM "cost_tracking")");
    f(from<Resource>().select(lower(name), upper(name), length(name), concat(name, "-", protocol)),
      R"(SELECT lower("resources"."name"), upper("resources"."name"), length("resources"."name"), ("resources"."name" || $1::text || "resources"."protocol") FROM "resources")");
    f(from<CostTracking>().select(coalesce(cost, col<&CostTracking::estimated_cost>, sark::money{0}), nullif(col<&CostTracking::principal_id>, ""), greatest(col<&CostTracking::id>, 5), least(cost, col<&CostTracking::estimated_cost>)),
      R"(SELECT coalesce("cost_tracking"."actual_cost", "cost_tracking"."estimated_cost", $1::numeric), nullif("cost_tracking"."principal_id", $2::text), greatest("cost_tracking"."id", $3::bigint), least("cost_tracking"."actual_cost", "cost_tracking"."estimated_cost") FROM "cost_tracking")");
    f(from<Resource>().select(case_when(protocol == "mcp", "a").when(protocol == "http", "b").otherwise(name), case_when(protocol == "x", 1)),
      R"(SELECT CASE WHEN "resources"."protocol" = $1 THEN $2::text WHEN "resources"."protocol" = $3 THEN $4::text ELSE "resources"."name" END, CASE WHEN "resources"."protocol" = $5 THEN $6::integer END FROM "resources")");
    f(from<Resource>().where(col<&Resource::created_at> > date_trunc<"hour">(now())).select(extract<"year">(col<&Resource::created_at>), extract<"epoch">(now())),
      R"(SELECT extract(year FROM "resources"."created_at" AT TIME ZONE 'UTC')::integer, extract(epoch FROM now() AT TIME ZONE 'UTC') FROM "resources" WHERE "resources"."created_at" > date_trunc('hour', now(), 'UTC'))");
    f(from<CostTracking>().select(cast<double>(cost), cast<std::string>(col<&CostTracking::id>), cast<sark::money>("1.5")),
      R"(SELECT CAST("cost_tracking"."actual_cost" AS double precision), CAST("cost_tracking"."id" AS text), CAST($1::text AS numeric(20,8)) FROM "cost_tracking")");
    f(from<Resource>().select(call<"pg_catalog.octet_length", std::int32_t>(name), call<"left", std::string>(name, 3), literal<"current_date", sark::date>),
      R"(SELECT "pg_catalog"."octet_length"("resources"."name"), "left"("resources"."name", $1::integer), (current_date) FROM "resources")");

    // WITH and set operations
    f(with(from<CostTracking>().group_by(col<&CostTracking::principal_id>).select<spending>(col<&CostTracking::principal_id>, sum(cost)), sark::materialized).from<spending>().where(col<&spending::total> > sark::money{3}),
      R"(WITH "spending" ("principal_id", "total") AS MATERIALIZED (SELECT "cost_tracking"."principal_id", sum("cost_tracking"."actual_cost") FROM "cost_tracking" GROUP BY "cost_tracking"."principal_id") SELECT "spending"."principal_id", "spending"."total" FROM "spending" WHERE "spending"."total" > $1)");
    f(with(from<CostTracking>().where(cost.is_not_null()).group_by(col<&CostTracking::principal_id>).select<spending>(col<&CostTracking::principal_id>, sum(cost))).from<PrincipalBudget>().left_join<spending>(col<&spending::principal_id> == col<&PrincipalBudget::principal_id>).select(col<&PrincipalBudget::principal_id>, col<&spending::total>),
      R"(WITH "spending" ("principal_id", "total") AS (SELECT "cost_tracking"."principal_id", sum("cost_tracking"."actual_cost") FROM "cost_tracking" WHERE "cost_tracking"."actual_cost" IS NOT NULL GROUP BY "cost_tracking"."principal_id") SELECT "principal_budgets"."principal_id", "spending"."total" FROM "principal_budgets" LEFT JOIN "spending" ON "spending"."principal_id" = "principal_budgets"."principal_id")");
    f(with_recursive(union_all(from<Employee>().where(col<&Employee::id> == 1).select<below>(col<&Employee::id>, literal<"0", std::int32_t>), from<Employee>().join<below>(col<&below::id> == col<&Employee::boss_id>).select<below>(col<&Employee::id>, col<&below::depth> + 1))).from<below>().order_by(col<&below::depth>, col<&below::id>),
      R"(WITH RECURSIVE "below" ("id", "depth") AS ((SELECT "employees"."id", (0) FROM "employees" WHERE "employees"."id" = $1) UNION ALL (SELECT "employees"."id", ("below"."depth" + $2::integer) FROM "employees" JOIN "below" ON "below"."id" = "employees"."boss_id")) SELECT "below"."id", "below"."depth" FROM "below" ORDER BY "below"."depth", "below"."id")");
    f(union_of(from<Resource>().select(name), from<Capability>().select(col<&Capability::name>)).order_by(output<1>).limit(5).offset(1),
      R"((SELECT "resources"."name" FROM "resources") UNION (SELECT "capabilities"."name" FROM "capabilities") ORDER BY 1 LIMIT $1 OFFSET $2)");
    f(union_all(from<Resource>().where(id == "a").select(id, name), from<Capability>().where(col<&Capability::id> == "b").select(col<&Capability::id>, col<&Capability::name>)).order_by(desc(output<2>)),
      R"((SELECT "resources"."id", "resources"."name" FROM "resources" WHERE "resources"."id" = $1) UNION ALL (SELECT "capabilities"."id", "capabilities"."name" FROM "capabilities" WHERE "capabilities"."id" = $2) ORDER BY 2 DESC)");
    f(except(intersect(from<Resource>().select(name), from<Capability>().select(col<&Capability::name>)), from<Resource>().where(protocol == "p").select(name)),
      R"(((SELECT "resources"."name" FROM "resources") INTERSECT (SELECT "capabilities"."name" FROM "capabilities")) EXCEPT (SELECT "resources"."name" FROM "resources" WHERE "resources"."protocol" = $1))");

    // writes
    f(insert_into<Employee>().set(col<&Employee::id>, 7).set(col<&Employee::name>, lower("X")).set(col<&Employee::boss_id>, std::nullopt).set(col<&Employee::age>, 3).set(col<&Employee::weight>, 1.5),
      R"(INSERT INTO "employees" ("id", "name", "boss_id", "age", "weight") VALUES ($1, lower($2::text), NULL, $3, $4))");
    f(insert_into<Employee>().values(Employee{9, "n", std::nullopt, 4, 2.5}).returning(col<&Employee::id>),
      R"(INSERT INTO "employees" ("id", "name", "boss_id", "age", "weight") VALUES ($1, $2, $3, $4, $5) RETURNING "employees"."id")");
    f(insert_into<Resource>().rows(std::vector<Resource>{}).returning<name_and_level>(name, level),
      R"(INSERT INTO "resources" ("id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at") SELECT "given"."id", "given"."name", "given"."protocol", "given"."endpoint", "given"."sensitivity_level", "given"."metadata", COALESCE("given"."created_at", now()), COALESCE("given"."updated_at", now()) FROM unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::varchar[], $5::varchar[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[]) WITH ORDINALITY AS "given" ("id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at", "position of the row") ORDER BY "given"."position of the row" RETURNING "resources"."name", "resources"."sensitivity_level")");
    f(insert_into<tagged>().rows(std::vector<tagged>{}).on_conflict_do_nothing().returning(),
      R"(INSERT INTO "tagged" ("id", "tags") SELECT COALESCE("given"."id", nextval(pg_get_serial_sequence('"tagged"', 'id'))), "given"."tags"::text[] FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS "given" ("id", "tags", "position of the row") ORDER BY "given"."position of the row" ON CONFLICT DO NOTHING RETURNING "tagged"."id", "tagged"."tags")");
    f(insert_into<Employee>().select<&Employee::id, &Employee::name, &Employee::age, &Employee::weight>(from<Employee>().select(col<&Employee::id> + 100, col<&Employee::name>, col<&Employee::age>, col<&Employee::weight>)),
      R"(INSERT INTO "employees" ("id", "name", "age", "weight") SELECT ("employees"."id" + $1::bigint), "employees"."name", "employees"."age", "employees"."weight" FROM "employees")");
    f(insert_into<Employee>().values(Employee{9, "n", std::nullopt, 4, 2.5}).on_conflict<&Employee::name>().do_nothing(),
      R"(INSERT INTO "employees" ("id", "name", "boss_id", "age", "weight") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("name") DO NOTHING)");
    f(insert_into<PrincipalBudget>().set(col<&PrincipalBudget::principal_id>, "p").set(col<&PrincipalBudget::daily_spent>, sark::money{1}).on_conflict<&PrincipalBudget::principal_id>().do_update().set(col<&PrincipalBudget::daily_spent>, col<&PrincipalBudget::daily_spent> + excluded<&PrincipalBudget::daily_spent>).where(col<&PrincipalBudget::currency> == excluded<&PrincipalBudget::currency>).returning(col<&PrincipalBudget::daily_spent>),
      R"(INSERT INTO "principal_budgets" ("principal_id", "daily_spent") VALUES ($1, $2) ON CONFLICT ("principal_id") DO UPDATE SET "daily_spent" = ("principal_budgets"."daily_spent" + "excluded"."daily_spent") WHERE "principal_budgets"."currency" = "excluded"."currency" RETURNING "principal_budgets"."daily_spent")");
    f(update<Employee>().set(col<&Employee::age>, col<&Employee::age> + 1).set(col<&Employee::boss_id>, std::optional<std::int64_t>{}).where(col<&Employee::id> == 1).returning(col<&Employee::age>),
      R"(UPDATE "employees" SET "age" = ("employees"."age" + $1::integer), "boss_id" = $2 WHERE "employees"."id" = $3 RETURNING "employees"."age")");
    f(update<Employee>().set(col<&Employee::age>, 0).all_rows(),
      R"(UPDATE "employees" SET "age" = $1)");
    f(update<Capability>().join<Resource>().set(col<&Capability::description>, concat(name, "!")).where(protocol == "p").returning(),
      R"(UPDATE "capabilities" SET "description" = ("resources"."name" || $1::text) FROM "resources" WHERE "capabilities"."resource_id" = "resources"."id" AND "resources"."protocol" = $2 RETURNING "capabilities"."id", "capabilities"."resource_id", "capabilities"."name", "capabilities"."description", "capabilities"."input_schema", "capabilities"."output_schema", "capabilities"."sensitivity_level", "capabilities"."metadata", "capabilities"."created_at", "capabilities"."updated_at")");
    f(delete_from<Employee>().where(col<&Employee::age> < 0).returning<named>(col<&Employee::name>),
      R"(DELETE FROM "employees" WHERE "employees"."age" < $1 RETURNING "employees"."name")");
    f(delete_from<Capability>().join<Resource>().where(protocol == "p"),
      R"(DELETE FROM "capabilities" USING "resources" WHERE "capabilities"."resource_id" = "resources"."id" AND "resources"."protocol" = $1)");
    // clang-format on
    return all;
}

}  // namespace golden
