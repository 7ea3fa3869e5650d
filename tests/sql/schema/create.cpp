// SPDX-License-Identifier: MIT
//
// The exact DDL of every part of a description, and of the five entities.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sark/models.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"

namespace ddl {

enum class Kind { plain, delete_ };
enum class Rank { low, high };

struct Bare {
    std::int64_t id;
    std::string name;
    std::optional<bool> flag;
};

struct Parent {
    std::int64_t a;
    std::int64_t b;
};

struct Everything {
    std::int64_t id;
    std::int64_t parent_a;
    std::optional<std::int64_t> parent_b;
    std::string email;
    Kind kind;
    Rank rank_;
    sark::json document;
    std::string it_s;
};

struct Hen {
    std::int64_t id;
    std::optional<std::int64_t> egg_id;
};
struct Egg {
    std::int64_t id;
    std::int64_t hen_id;
};
struct Chick {
    std::int64_t id;
    std::int64_t egg_id;
    std::optional<std::int64_t> mother_id;
};

struct Totals {
    std::string name;
    std::int64_t total;
};

}  // namespace ddl

template <>
inline constexpr std::string_view sark::enum_type_of<ddl::Kind> = "kind";
template <>
inline constexpr auto sark::table_of<ddl::Parent> = sark::table(
    "parents", sark::primary_key<&ddl::Parent::a, &ddl::Parent::b>{"pk_parents"});
template <>
inline constexpr auto sark::table_of<ddl::Everything> = sark::table(
    "every\"thing", sark::column<&ddl::Everything::id>{.type = "bigserial"},
    sark::column<&ddl::Everything::email>{.type = "varchar(255)", .fallback = "''", .comment = "the owner's"},
    sark::column<&ddl::Everything::kind>{.fallback = "'plain'"},
    sark::column<&ddl::Everything::it_s>{.fallback = "'it''s'"}, sark::comment{"all of it: 'quoted'"},
    sark::primary_key<&ddl::Everything::id>{}, sark::unique<&ddl::Everything::email>{},
    sark::unique<&ddl::Everything::parent_a, &ddl::Everything::email>{"uq_named"},
    sark::foreign_key<sark::key<&ddl::Everything::parent_a, &ddl::Everything::parent_b>,
                      sark::key<&ddl::Parent::a, &ddl::Parent::b>>{
        .on_delete = sark::schema::referential_action::set_default},
    sark::check{"ck_email", "email <> ''"}, sark::index<&ddl::Everything::email>{"ix_plain"},
    sark::index<&ddl::Everything::kind, sark::descending<&ddl::Everything::email>>{.name = "ux_unique", .unique = true},
    sark::index<sark::expression<"lower(email)">>{.name = "ix_expression", .where = "kind = 'plain'"},
    sark::index<sark::descending<sark::expression<"lower(email)">>>{"ix_expression_down"},
    sark::index<sark::descending<sark::rank<&ddl::Everything::rank_>>, &ddl::Everything::id,
                sark::covering<&ddl::Everything::email, &ddl::Everything::kind>>{"ix_rank"},
    sark::gin<&ddl::Everything::document>{"ix_gin"},
    sark::gin_path<&ddl::Everything::document>{.name = "ix_gin_path", .where = "kind = 'plain'"});
template <>
inline constexpr auto sark::table_of<ddl::Hen> = sark::table(
    "hens", sark::references<&ddl::Hen::egg_id, &ddl::Egg::id>{.name = "fk_egg"});
template <>
inline constexpr auto sark::table_of<ddl::Egg> = sark::table(
    "eggs",
    sark::references<&ddl::Egg::hen_id, &ddl::Hen::id>{.on_delete = sark::schema::referential_action::restrict});
template <>
inline constexpr auto sark::table_of<ddl::Chick> = sark::table(
    "chicks", sark::references<&ddl::Chick::egg_id, &ddl::Egg::id>{},
    sark::references<&ddl::Chick::mother_id, &ddl::Chick::id>{.on_delete = sark::schema::referential_action::set_null});
template <>
inline constexpr auto sark::table_of<ddl::Totals> = sark::materialized_view(
    "totals", "SELECT name, count(*) AS total FROM bare GROUP BY 1",
    sark::index<&ddl::Totals::name>{.name = "ux_totals", .unique = true});

using namespace ddl;

TEST_CASE("a struct without a description") {
    CHECK(sark::create_script<Bare> == R"(CREATE TABLE "bare" (
    "id" bigint NOT NULL,
    "name" text NOT NULL,
    "flag" boolean,
    CONSTRAINT "bare_pkey" PRIMARY KEY ("id")
);
)");
}

TEST_CASE("every part of a description") {
    CHECK(sark::create_script<Everything, Parent> == R"(CREATE TYPE "kind" AS ENUM ('plain', 'delete');
CREATE TABLE "parents" (
    "a" bigint NOT NULL,
    "b" bigint NOT NULL,
    CONSTRAINT "pk_parents" PRIMARY KEY ("a", "b")
);
CREATE TABLE "every""thing" (
    "id" bigserial NOT NULL,
    "parent_a" bigint NOT NULL,
    "parent_b" bigint,
    "email" varchar(255) NOT NULL DEFAULT '',
    "kind" kind NOT NULL DEFAULT 'plain',
    "rank" text NOT NULL,
    "document" jsonb NOT NULL,
    "it_s" text NOT NULL DEFAULT 'it''s',
    CONSTRAINT "every""thing_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "every""thing_email_key" UNIQUE ("email"),
    CONSTRAINT "uq_named" UNIQUE ("parent_a", "email"),
    CONSTRAINT "every""thing_parent_a_parent_b_fkey" FOREIGN KEY ("parent_a", "parent_b") REFERENCES "parents" ("a", "b") ON DELETE SET DEFAULT,
    CONSTRAINT "ck_email" CHECK (email <> '')
);
CREATE INDEX "ix_plain" ON "every""thing" USING btree ("email");
CREATE UNIQUE INDEX "ux_unique" ON "every""thing" USING btree ("kind", "email" DESC);
CREATE INDEX "ix_expression" ON "every""thing" USING btree ((lower(email))) WHERE kind = 'plain';
CREATE INDEX "ix_expression_down" ON "every""thing" USING btree ((lower(email)) DESC);
CREATE INDEX "ix_rank" ON "every""thing" USING btree ((CASE "rank" WHEN 'low' THEN 0 WHEN 'high' THEN 1 END) DESC, "id") INCLUDE ("email", "kind");
CREATE INDEX "ix_gin" ON "every""thing" USING gin ("document");
CREATE INDEX "ix_gin_path" ON "every""thing" USING gin ("document" jsonb_path_ops) WHERE kind = 'plain';
COMMENT ON TABLE "every""thing" IS 'all of it: ''quoted''';
COMMENT ON COLUMN "every""thing"."email" IS 'the owner''s';
)");
}

TEST_CASE("tables come after those they reference, and a cycle is closed afterwards") {
    CHECK(sark::create_script<Chick, Egg, Hen> == R"(CREATE TABLE "eggs" (
    "id" bigint NOT NULL,
    "hen_id" bigint NOT NULL,
    CONSTRAINT "eggs_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "chicks" (
    "id" bigint NOT NULL,
    "egg_id" bigint NOT NULL,
    "mother_id" bigint,
    CONSTRAINT "chicks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "chicks_egg_id_fkey" FOREIGN KEY ("egg_id") REFERENCES "eggs" ("id"),
    CONSTRAINT "chicks_mother_id_fkey" FOREIGN KEY ("mother_id") REFERENCES "chicks" ("id") ON DELETE SET NULL
);
CREATE TABLE "hens" (
    "id" bigint NOT NULL,
    "egg_id" bigint,
    CONSTRAINT "hens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "fk_egg" FOREIGN KEY ("egg_id") REFERENCES "eggs" ("id")
);
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_hen_id_fkey" FOREIGN KEY ("hen_id") REFERENCES "hens" ("id") ON DELETE RESTRICT;
)");
}

TEST_CASE("a materialized view comes last, with its indexes") {
    CHECK(sark::create_script<Totals, Bare> == R"(CREATE TABLE "bare" (
    "id" bigint NOT NULL,
    "name" text NOT NULL,
    "flag" boolean,
    CONSTRAINT "bare_pkey" PRIMARY KEY ("id")
);
CREATE MATERIALIZED VIEW "totals" AS
SELECT name, count(*) AS total FROM bare GROUP BY 1;
CREATE UNIQUE INDEX "ux_totals" ON "totals" USING btree ("name");
)");
}

TEST_CASE("the script and the list of statements are the same text") {
    std::string joined;
    for (std::string_view statement : sark::create_statements<Everything, Parent, Hen, Egg, Totals, Bare>) {
        joined += statement;
        joined += ";\n";
    }
    CHECK(joined == sark::create_script<Everything, Parent, Hen, Egg, Totals, Bare>);
    CHECK(sark::create_statements<Bare>.size() == 1);
}

TEST_CASE("the five entities") {
    CHECK(sark::create_script<sark::CostTracking, sark::PrincipalBudget, sark::FederationNode, sark::Capability,
                              sark::Resource> == R"(CREATE TABLE "cost_tracking" (
    "id" bigserial NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    "principal_id" varchar(255) NOT NULL,
    "resource_id" varchar(255) NOT NULL,
    "capability_id" varchar(255) NOT NULL,
    "estimated_cost" numeric(20,8),
    "actual_cost" numeric(20,8),
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "request_id" varchar(255),
    "protocol" varchar(50),
    CONSTRAINT "cost_tracking_pkey" PRIMARY KEY ("timestamp", "id"),
    CONSTRAINT "ck_cost_tracking_estimated_cost" CHECK (estimated_cost >= 0 AND estimated_cost <> 'NaN'),
    CONSTRAINT "ck_cost_tracking_actual_cost" CHECK (actual_cost >= 0 AND actual_cost <> 'NaN'),
    CONSTRAINT "ck_cost_tracking_protocol" CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$')
);
CREATE INDEX "ix_cost_tracking_principal" ON "cost_tracking" USING btree ("principal_id", "timestamp" DESC);
CREATE INDEX "ix_cost_tracking_resource" ON "cost_tracking" USING btree ("resource_id");
CREATE INDEX "ix_cost_tracking_capability" ON "cost_tracking" USING btree ("capability_id");
CREATE UNIQUE INDEX "ux_cost_tracking_request" ON "cost_tracking" USING btree ("request_id", "timestamp");
CREATE TABLE "principal_budgets" (
    "principal_id" varchar(255) NOT NULL,
    "daily_budget" numeric(20,8),
    "monthly_budget" numeric(20,8),
    "daily_spent" numeric(20,8) NOT NULL DEFAULT '0',
    "monthly_spent" numeric(20,8) NOT NULL DEFAULT '0',
    "last_daily_reset" timestamptz,
    "last_monthly_reset" timestamptz,
    "currency" varchar(3) NOT NULL DEFAULT 'USD',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "principal_budgets_pkey" PRIMARY KEY ("principal_id"),
    CONSTRAINT "ck_principal_budgets_daily_budget" CHECK (daily_budget >= 0 AND daily_budget <> 'NaN'),
    CONSTRAINT "ck_principal_budgets_monthly_budget" CHECK (monthly_budget >= 0 AND monthly_budget <> 'NaN'),
    CONSTRAINT "ck_principal_budgets_daily_spent" CHECK (daily_spent >= 0 AND daily_spent <> 'NaN'),
    CONSTRAINT "ck_principal_budgets_monthly_spent" CHECK (monthly_spent >= 0 AND monthly_spent <> 'NaN'),
    CONSTRAINT "ck_principal_budgets_currency" CHECK (currency ~ '^[A-Z]{3}$')
);
CREATE TABLE "federation_nodes" (
    "id" uuid NOT NULL DEFAULT gen_random_uuid(),
    "node_id" varchar(255) NOT NULL,
    "name" varchar(255) NOT NULL,
    "endpoint" varchar(500) NOT NULL,
    "trust_anchor_cert" text NOT NULL,
    "enabled" boolean NOT NULL DEFAULT true,
    "trusted_since" timestamptz NOT NULL DEFAULT now(),
    "rate_limit_per_hour" integer DEFAULT 10000,
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "federation_nodes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "federation_nodes_node_id_key" UNIQUE ("node_id"),
    CONSTRAINT "ck_federation_nodes_rate_limit_per_hour" CHECK (rate_limit_per_hour >= 0)
);
CREATE TABLE "resources" (
    "id" varchar(255) NOT NULL,
    "name" varchar(255) NOT NULL,
    "protocol" varchar(50) NOT NULL,
    "endpoint" varchar(1000) NOT NULL,
    "sensitivity_level" varchar(20) NOT NULL DEFAULT 'medium',
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "resources_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ck_resources_sensitivity_level" CHECK (sensitivity_level IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT "ck_resources_protocol" CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$')
);
CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name");
CREATE INDEX "ix_resources_protocol" ON "resources" USING btree ("protocol", "name");
CREATE INDEX "ix_resources_sensitivity" ON "resources" USING btree ("sensitivity_level");
CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata");
CREATE TABLE "capabilities" (
    "id" varchar(255) NOT NULL,
    "resource_id" varchar(255) NOT NULL,
    "name" varchar(255) NOT NULL,
    "description" text,
    "input_schema" jsonb NOT NULL DEFAULT '{}',
    "output_schema" jsonb NOT NULL DEFAULT '{}',
    "sensitivity_level" varchar(20) NOT NULL DEFAULT 'medium',
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "capabilities_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "capabilities_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources" ("id") ON DELETE CASCADE,
    CONSTRAINT "ck_capabilities_sensitivity_level" CHECK (sensitivity_level IN ('low', 'medium', 'high', 'critical'))
);
CREATE INDEX "ix_capabilities_resource" ON "capabilities" USING btree ("resource_id", "name");
CREATE INDEX "ix_capabilities_name" ON "capabilities" USING btree ("name");
CREATE INDEX "ix_capabilities_sensitivity" ON "capabilities" USING btree ("sensitivity_level");
CREATE INDEX "ix_capabilities_metadata_gin" ON "capabilities" USING gin ("metadata");
CREATE INDEX "ix_capabilities_input_schema_gin" ON "capabilities" USING gin ("input_schema");
CREATE INDEX "ix_capabilities_sensitivity_rank" ON "capabilities" USING btree ((CASE "sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END) DESC, "name") INCLUDE ("id", "resource_id", "sensitivity_level");
)");
}
