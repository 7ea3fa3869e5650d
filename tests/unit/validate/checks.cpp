// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog/kinds.hpp>
#include <sark/catalog/snapshot.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/models/resource.hpp>
#include <sark/validate/checks.hpp>
#include <sark/validate/detail/guarantees.hpp>

namespace validate = sark::validate;
namespace catalog = sark::catalog;

namespace {

validate::detail::question const* asked(std::vector<validate::detail::question> const& all, std::string_view id,
                                        std::string_view subject) {
    for (auto const& q : all)
        if (q.check.id == id && q.subject == subject) return &q;
    return nullptr;
}

}  // namespace

TEST_CASE("checks have stable ids of their own, and say everything", "[validate]") {
    std::set<std::string_view> ids;
    auto const judge = [&](validate::check const& c) {
        INFO(c.id);
        CHECK(c.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-0123456789") == std::string_view::npos);
        CHECK_FALSE(c.what.empty());
        CHECK(c.why.ends_with('.'));
        CHECK_FALSE(c.repair.empty());
        CHECK(ids.insert(c.id).second);
    };
    for (auto const& c : validate::kinds) judge(c);
    for (auto const& c : validate::row_checks()) {
        judge(c.check);
        CHECK(c.query.starts_with("SELECT "));
        CHECK(c.query.find(';') == std::string_view::npos);
        CHECK(c.query.find(c.table) != std::string_view::npos);
        CHECK(catalog::find_kind(c.check.id) == nullptr);
    }
    std::string const list = validate::list();
    for (std::string_view const id : ids) CHECK_THAT(list, ContainsSubstring(std::string{id} + '\n'));
    for (auto const& k : catalog::finding_kinds) CHECK_THAT(list, ContainsSubstring(std::string{k.id} + '\n'));
}

TEST_CASE("the rule of budgets is one text for looking and for repairing", "[validate]") {
    std::string const look{validate::detail::wrong_daily_spent};
    CHECK(look ==
          R"(SELECT b."principal_id" FROM "principal_budgets" AS b
CROSS JOIN LATERAL (SELECT date_trunc('day', b."last_daily_reset" AT TIME ZONE 'UTC') AS "first") AS p
CROSS JOIN LATERAL (SELECT coalesce(sum(coalesce(c."actual_cost", c."estimated_cost")), 0) AS "most",
    coalesce(sum(coalesce(c."actual_cost", c."estimated_cost")) FILTER (WHERE c."timestamp" >= b."last_daily_reset"), 0) AS "least"
  FROM "cost_tracking" AS c WHERE c."principal_id" = b."principal_id" AND c."timestamp" >= p."first" AT TIME ZONE 'UTC'
    AND c."timestamp" < (p."first" + interval '1 day') AT TIME ZONE 'UTC') AS l
WHERE b."daily_spent" NOT BETWEEN l."least" AND l."most")");
    std::string const repair{validate::detail::set_monthly_spent};
    CHECK(repair.starts_with(R"(UPDATE "principal_budgets" AS u SET "monthly_spent" = s."most" FROM ()"));
    CHECK_THAT(repair, ContainsSubstring("interval '1 month'"));
}

TEST_CASE("documents that a struct cannot read are looked for by its CHECK", "[validate]") {
    std::string const text{validate::misfits<sark::HttpMetadata, &sark::Resource::id, "metadata">};
    CHECK(text.starts_with(R"(SELECT "id"::text FROM "resources" WHERE "resources"."protocol" = 'http' AND NOT ()"));
    CHECK_THAT(text, ContainsSubstring(std::string{sark::document_check<sark::HttpMetadata, "metadata">}));
}

TEST_CASE("rows are asked about promises that nothing enforces, and only these", "[validate]") {
    using sark::schema::constraint_kind;
    sark::schema::definition expected;
    expected.tables.push_back({.name = "parents", .columns = {{.name = "id", .type = "bigint"}}});
    expected.tables.push_back(
        {.name = "t",
         .columns = {{.name = "id", .type = "bigint"},
                     {.name = "a b", .type = "text"},
                     {.name = "p", .type = "bigint"}},
         .constraints = {
             {.kind = constraint_kind::primary_key, .columns = {"id"}},
             {.kind = constraint_kind::unique, .columns = {"a b", "p"}},
             {.kind = constraint_kind::check, .name = "ck", .expression = "p > 0"},
             {.kind = constraint_kind::foreign_key, .columns = {"p"}, .references = "parents", .referenced = {"id"}}}});
    catalog::snapshot live;
    live.relations.push_back({.name = "parents", .columns = {{.name = "id", .nullable = false}}});
    live.relations.push_back(
        {.name = "t",
         .columns = {{.name = "id", .nullable = false},
                     {.name = "a b", .nullable = false},
                     {.name = "p", .nullable = false}},
         .constraints = {{.name = "ck", .kind = 'c', .valid = true}},
         .indexes = {
             {.name = "t_pkey",
              .unique = true,
              .shape = "t USING btree (id)",
              .of_constraint = true,
              .columns = {"id"}},
             {.name = "t_key", .unique = true, .shape = "t USING btree (\"a b\", p)", .columns = {"a b", "p"}}}});
    live.sequences.push_back({.name = "s's", .settings = "AS bigint INCREMENT BY 1", .table = "t", .column = "id"});
    std::vector<sark::report::finding> differences;
    auto const questions = [&](bool exact) {
        return validate::detail::guarantees{expected, live, differences, exact}.questions();
    };
    auto all = questions(true);
    REQUIRE(all.size() == 2);
    auto const* const key = asked(all, "foreign-key-broken", "t.t_p_fkey");
    REQUIRE(key != nullptr);
    CHECK(key->query == R"(SELECT a."id"::text FROM "t" AS a WHERE a."p" IS NOT NULL AND NOT EXISTS (SELECT FROM )"
                        R"("parents" AS b WHERE b."id" = a."p"))");
    auto const* const sequence = asked(all, "sequence-behind", "t.id");
    REQUIRE(sequence != nullptr);
    CHECK(sequence->repair.front() == R"(SELECT setval('"s''s"', max("id")) FROM "t")");

    CHECK(asked(questions(false), "check-violated", "t.ck") != nullptr);  // nobody compared its text
    live.relations[1].columns[1].nullable = true;
    live.relations[1].indexes[1].valid = false;
    differences.push_back({.id = "constraint-changed", .subject = "t.ck"});
    all = questions(true);
    CHECK(all.size() == 5);
    CHECK(asked(all, "check-violated", "t.ck") != nullptr);
    REQUIRE(asked(all, "null-value", "t.a b") != nullptr);
    CHECK(asked(all, "null-value", "t.a b")->query == R"(SELECT "id"::text FROM "t" WHERE "a b" IS NULL)");
    REQUIRE(asked(all, "key-repeated", "t.t_a b_p_key") != nullptr);
    CHECK_THAT(asked(all, "key-repeated", "t.t_a b_p_key")->query, ContainsSubstring(R"(PARTITION BY "a b", "p")"));

    live.relations[1].indexes[1] = {
        .name = "part", .unique = true, .shape = "t USING btree (\"a b\", p) WHERE (p > 5)", .columns = {"a b", "p"}};
    CHECK(asked(questions(true), "key-repeated", "t.t_a b_p_key") != nullptr);
    live.relations[1].columns.pop_back();  // a column that is gone is the schema's finding
    CHECK(asked(questions(true), "foreign-key-broken", "t.t_p_fkey") == nullptr);
    CHECK(asked(questions(true), "key-repeated", "t.t_a b_p_key") == nullptr);
}
