// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrations/detail/vocabulary.hpp>
#include <sark/migrations/v007_federation.hpp>

namespace sark::migrations::detail {

inline constexpr std::string_view daily_costs_008 = R"(SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3)";

inline constexpr std::string_view sensitivity_rank_008 =
    R"(CASE "sensitivity_level" WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END)";

inline constexpr std::string_view updated_at_body_008 = R"(BEGIN
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END)";

/// Adds the trigger that keeps `updated_at` of one table.
constexpr migrate::create_trigger keeps_updated_at(std::string_view table, std::string_view trigger) {
    return {table, {.name = trigger, .event = "BEFORE UPDATE", .function = "sark_set_updated_at"}};
}

/// Gives every row of one table an id of the server when the client sends none.
constexpr migrate::set_default id_by_default(std::string_view table) {
    return {.table = table, .column = "id", .to = "gen_random_uuid()"};
}

}  // namespace sark::migrations::detail

namespace sark::migrations {

/// Repairs what a review of the first seven revisions called defects; each step names the one it closes.
///
/// What the steps change, table by table, and the measurements behind the indexes: docs/decisions/0010 and 0011.
// clang-format off
inline constexpr auto v008 = migration(
    "008_integrity", after{"007_federation"}, "integrity: keys, checks, times, indexes, provenance",
    // One transaction that repairs all or nothing, while the program is stopped for the release.
    migrate::waive("type-change-rewrites", "runs in the stop of the release; a second column would leave two truths"),
    migrate::waive("check-scans", "runs in the stop of the release; the rows were read by the first step anyway"),
    migrate::waive("key-scans", "runs in the stop of the release; the old key goes in the same transaction"),
    migrate::waive("index-blocks-writes", "runs in the stop of the release; an index alone cannot be reverted with it"),
    // Everything that could stop a later step is asked for before anything is changed, with the table, the number of
    // rows and their keys (F-09).
    step("the rows fit the checks that follow",
         require_no_rows{.table = "resources",
                         .key = "id",
                         .up_rows = "sensitivity_level NOT IN ('low', 'medium', 'high', 'critical')",
                         .complaint = "have a sensitivity_level other than low, medium, high or critical"},
         require_no_rows{.table = "capabilities",
                         .key = "id",
                         .up_rows = "sensitivity_level NOT IN ('low', 'medium', 'high', 'critical')",
                         .complaint = "have a sensitivity_level other than low, medium, high or critical"},
         require_no_rows{.table = "resources",
                         .key = "id",
                         .up_rows = "protocol !~ '^[a-z][a-z0-9_.+-]*$'",
                         .complaint = "have a protocol that is no lower-case name"},
         require_no_rows{.table = "cost_tracking",
                         .key = "id",
                         .up_rows = "estimated_cost < 0 OR estimated_cost = 'NaN' OR actual_cost < 0 OR "
                                    "actual_cost = 'NaN'",
                         .complaint = "have a negative or NaN cost"},
         require_no_rows{.table = "audit_events",
                         .key = "id",
                         .up_rows = "estimated_cost < 0 OR estimated_cost = 'NaN' OR actual_cost < 0 OR "
                                    "actual_cost = 'NaN'",
                         .complaint = "have a negative or NaN cost"},
         require_no_rows{.table = "principal_budgets",
                         .key = "principal_id",
                         .up_rows = "daily_budget < 0 OR daily_budget = 'NaN' OR monthly_budget < 0 OR "
                                    "monthly_budget = 'NaN' OR daily_spent < 0 OR daily_spent = 'NaN' OR "
                                    "monthly_spent < 0 OR monthly_spent = 'NaN'",
                         .complaint = "have a negative or NaN budget or spending"},
         require_no_rows{.table = "principal_budgets",
                         .key = "principal_id",
                         .up_rows = "currency !~ '^[A-Z]{3}$'",
                         .complaint = "have a currency that is not three capital letters"},
         require_no_rows{.table = "federation_nodes",
                         .key = "id",
                         .up_rows = "rate_limit_per_hour < 0",
                         .complaint = "have a negative rate_limit_per_hour"}),
    // The view depends on the cost columns, so it goes first and comes back, repaired, as the last step.
    step("the daily costs make room for other columns",
         drop_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id"),
         drop_index("ix_mv_daily_cost_summary_date", "mv_daily_cost_summary", "date"),
         drop_materialized_view("mv_daily_cost_summary", detail::daily_costs_007)),
    // F-17: an insert without an id failed.
    step("ids come from the server when the client sends none",
         detail::id_by_default("users"),
         detail::id_by_default("teams"),
         detail::id_by_default("mcp_servers"),
         detail::id_by_default("mcp_tools"),
         detail::id_by_default("api_keys"),
         detail::id_by_default("policies"),
         detail::id_by_default("policy_versions"),
         detail::id_by_default("audit_events"),
         detail::id_by_default("federation_nodes")),
    // F-52, F-53: four decimals round cheap calls to nothing, and a cost of a million overflowed.
    step("money has eight decimals and twelve digits before them",
         alter_column_type("cost_tracking",
                           type_change{.column = "estimated_cost", .from = "numeric(10,4)", .to = "numeric(20,8)"},
                           type_change{.column = "actual_cost", .from = "numeric(10,4)", .to = "numeric(20,8)"}),
         alter_column_type("audit_events",
                           type_change{.column = "estimated_cost", .from = "numeric(10,4)", .to = "numeric(20,8)"},
                           type_change{.column = "actual_cost", .from = "numeric(10,4)", .to = "numeric(20,8)"}),
         alter_column_type("principal_budgets",
                           type_change{.column = "daily_budget", .from = "numeric(10,2)", .to = "numeric(20,8)"},
                           type_change{.column = "monthly_budget", .from = "numeric(10,2)", .to = "numeric(20,8)"},
                           type_change{.column = "daily_spent", .from = "numeric(10,4)", .to = "numeric(20,8)"},
                           type_change{.column = "monthly_spent", .from = "numeric(10,4)", .to = "numeric(20,8)"})),
    // F-06: partitioning by time, native or a hypertable, wants the time in every unique key.
    step("the key of a cost begins with its time",
         drop_index("ix_cost_tracking_timestamp", "cost_tracking", "timestamp"),
         drop_constraint("cost_tracking", primary_key("id")),
         add_constraint{"cost_tracking", primary_key("timestamp", "id")}),
    // A request that is delivered twice is charged once.
    step("a cost knows its request",
         add_column{"cost_tracking", column{.name = "request_id", .type = "varchar(255)", .nullable = true}},
         create_unique_index("ux_cost_tracking_request", "cost_tracking", "request_id", "timestamp")),
    // F-22: looked up later, the protocol of an old cost was NULL once its resource had gone.
    step("a cost keeps the protocol it was caused by",
         add_column{"cost_tracking", column{.name = "protocol", .type = "varchar(50)", .nullable = true}},
         data(R"(UPDATE "cost_tracking" SET "protocol" = "resources"."protocol"
FROM "capabilities"
JOIN "resources" ON "resources"."id" = "capabilities"."resource_id"
WHERE "capabilities"."id" = "cost_tracking"."capability_id")",
              nothing_to_undo{"the column goes with its values"}),
         data(R"(UPDATE "cost_tracking" SET "protocol" = "resources"."protocol"
FROM "resources"
WHERE "resources"."id" = "cost_tracking"."resource_id" AND "cost_tracking"."protocol" IS NULL)",
              nothing_to_undo{"the column goes with its values"})
             .fills("cost_tracking", "protocol", R"("protocol" = coalesce(
    (SELECT "resources"."protocol" FROM "capabilities" JOIN "resources" ON "resources"."id" = "capabilities"."resource_id"
     WHERE "capabilities"."id" = "cost_tracking"."capability_id"),
    (SELECT "resources"."protocol" FROM "resources" WHERE "resources"."id" = "cost_tracking"."resource_id")))")),
    // F-19: these times were written in UTC but did not say so.
    step("times are instants",
         alter_column_type("api_keys",
                           type_change{.column = "expires_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("expires_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("expires_at" AT TIME ZONE 'UTC')"},
                           type_change{.column = "last_used_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("last_used_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("last_used_at" AT TIME ZONE 'UTC')"},
                           type_change{.column = "created_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("created_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("created_at" AT TIME ZONE 'UTC')",
                                       .fallback = "now()"},
                           type_change{.column = "updated_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("updated_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("updated_at" AT TIME ZONE 'UTC')",
                                       .fallback = "now()"},
                           type_change{.column = "revoked_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("revoked_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("revoked_at" AT TIME ZONE 'UTC')"}),
         alter_column_type("gateway_audit_events",
                           type_change{.column = "timestamp",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("timestamp" AT TIME ZONE 'UTC')",
                                       .using_down = R"("timestamp" AT TIME ZONE 'UTC')"},
                           type_change{.column = "created_at",
                                       .from = "timestamp",
                                       .to = "timestamptz",
                                       .using_up = R"("created_at" AT TIME ZONE 'UTC')",
                                       .using_down = R"("created_at" AT TIME ZONE 'UTC')",
                                       .fallback = "now()"})),
    // F-20: the tools' own times were lost on the way.
    step("a capability has times",
         add_column{"capabilities", column{.name = "created_at", .type = "timestamptz", .fallback = "now()"}},
         add_column{"capabilities", column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"}},
         data(R"(UPDATE "capabilities"
SET "created_at" = "mcp_tools"."created_at", "updated_at" = "mcp_tools"."updated_at"
FROM "mcp_tools"
WHERE "mcp_tools"."id"::text = "capabilities"."id")",
              nothing_to_undo{"the columns go with their values"})),
    // F-16: v2 had given up the enum types of v1. Protocols are open to extension, so a pattern and not a list.
    step("sensitivities and protocols are checked",
         add_constraint{"resources",
                        check("ck_resources_sensitivity_level",
                              "sensitivity_level IN ('low', 'medium', 'high', 'critical')")},
         add_constraint{"resources",
                        check("ck_resources_protocol", "protocol ~ '^[a-z][a-z0-9_.+-]*$'")},
         add_constraint{"capabilities",
                        check("ck_capabilities_sensitivity_level",
                              "sensitivity_level IN ('low', 'medium', 'high', 'critical')")},
         add_constraint{"cost_tracking",
                        check("ck_cost_tracking_protocol", "protocol ~ '^[a-z][a-z0-9_.+-]*$'")}),
    // F-16, F-55: a negative cost gave budget back, and NaN passes a bare comparison: the server sorts it last.
    step("money, currencies and limits are checked",
         add_constraint{"cost_tracking",
                        check("ck_cost_tracking_estimated_cost", "estimated_cost >= 0 AND estimated_cost <> 'NaN'")},
         add_constraint{"cost_tracking",
                        check("ck_cost_tracking_actual_cost", "actual_cost >= 0 AND actual_cost <> 'NaN'")},
         add_constraint{"audit_events",
                        check("ck_audit_events_estimated_cost", "estimated_cost >= 0 AND estimated_cost <> 'NaN'")},
         add_constraint{"audit_events",
                        check("ck_audit_events_actual_cost", "actual_cost >= 0 AND actual_cost <> 'NaN'")},
         add_constraint{"principal_budgets",
                        check("ck_principal_budgets_daily_budget", "daily_budget >= 0 AND daily_budget <> 'NaN'")},
         add_constraint{"principal_budgets",
                        check("ck_principal_budgets_monthly_budget",
                              "monthly_budget >= 0 AND monthly_budget <> 'NaN'")},
         add_constraint{"principal_budgets",
                        check("ck_principal_budgets_daily_spent", "daily_spent >= 0 AND daily_spent <> 'NaN'")},
         add_constraint{"principal_budgets",
                        check("ck_principal_budgets_monthly_spent", "monthly_spent >= 0 AND monthly_spent <> 'NaN'")},
         add_constraint{"principal_budgets",
                        check("ck_principal_budgets_currency", "currency ~ '^[A-Z]{3}$'")},
         add_constraint{"federation_nodes",
                        check("ck_federation_nodes_rate_limit_per_hour", "rate_limit_per_hour >= 0")}),
    // F-15: nine indexes repeat a key or the beginning of another index; the tenth sorts a constant.
    step("no index repeats another",
         drop_unique_index("ix_users_email", "users", "email"),
         drop_unique_index("ix_teams_name", "teams", "name"),
         drop_index("ix_user_teams_user_id", "user_teams", "user_id"),
         drop_unique_index("ix_mcp_servers_consul_id", "mcp_servers", "consul_id"),
         drop_unique_index("ix_api_keys_key_prefix", "api_keys", "key_prefix"),
         drop_unique_index("ix_policies_name", "policies", "name"),
         drop_index("ix_policy_versions_policy_id", "policy_versions", "policy_id"),
         drop_unique_index("ix_federation_nodes_node_id", "federation_nodes", "node_id"),
         drop_index("ix_federation_nodes_enabled", "federation_nodes", "enabled", where{"enabled = true"}),
         drop_index("ix_principal_budgets_principal", "principal_budgets", "principal_id")),
    // F-15: deleting a version or a user read the whole referencing table.
    step("every foreign key has an index",
         create_index("ix_policies_current_version_id", "policies", "current_version_id"),
         create_index("ix_policy_versions_created_by", "policy_versions", "created_by")),
    // F-74: chosen by measurement, proven by the plans of the queries (docs/decisions/0011).
    step("the listings are read in the order of an index",
         drop_index("ix_resources_protocol", "resources", "protocol"),
         create_index("ix_resources_protocol", "resources", "protocol", "name"),
         drop_index("ix_capabilities_resource", "capabilities", "resource_id"),
         create_index("ix_capabilities_resource", "capabilities", "resource_id", "name"),
         create_index("ix_capabilities_sensitivity_rank", "capabilities",
                      descending(expression(detail::sensitivity_rank_008)), "name",
                      include("id", "resource_id", "sensitivity_level")),
         create_index("ix_capabilities_input_schema_gin", "capabilities", gin, "input_schema"),
         drop_index("ix_cost_tracking_principal", "cost_tracking", "principal_id"),
         create_index("ix_cost_tracking_principal", "cost_tracking", "principal_id", descending("timestamp")),
         drop_index("ix_audit_events_user_id", "audit_events", "user_id"),
         create_index("ix_audit_events_user_id", "audit_events", "user_id", descending("timestamp")),
         drop_index("ix_audit_events_correlation", "audit_events", "correlation_id"),
         create_index("ix_audit_events_correlation", "audit_events", "correlation_id", descending("timestamp"))),
    // F-18: only the object-relational mapper of v1 kept updated_at.
    step("the database keeps updated_at",
         create_function{{.name = "sark_set_updated_at",
                          .arguments = "",
                          .returns = "trigger",
                          .language = "plpgsql",
                          .body = detail::updated_at_body_008}},
         detail::keeps_updated_at("users", "tg_users_updated_at"),
         detail::keeps_updated_at("teams", "tg_teams_updated_at"),
         detail::keeps_updated_at("mcp_servers", "tg_mcp_servers_updated_at"),
         detail::keeps_updated_at("mcp_tools", "tg_mcp_tools_updated_at"),
         detail::keeps_updated_at("api_keys", "tg_api_keys_updated_at"),
         detail::keeps_updated_at("policies", "tg_policies_updated_at"),
         detail::keeps_updated_at("resources", "tg_resources_updated_at"),
         detail::keeps_updated_at("capabilities", "tg_capabilities_updated_at"),
         detail::keeps_updated_at("federation_nodes", "tg_federation_nodes_updated_at"),
         detail::keeps_updated_at("principal_budgets", "tg_principal_budgets_updated_at")),
    // F-29, F-30: nothing told a migrated row from a native one, so counts failed and a rollback took both.
    step("a migrated row knows where it came from",
         create_table("migrated_rows",
                      column{.name = "source_table", .type = "varchar(63)"},
                      column{.name = "source_id", .type = "uuid"},
                      column{.name = "target_table", .type = "varchar(63)"},
                      column{.name = "target_id", .type = "varchar(255)"},
                      column{.name = "source_hash", .type = "varchar(64)", .nullable = true},
                      column{.name = "run_id", .type = "uuid", .nullable = true},
                      column{.name = "migrated_at", .type = "timestamptz", .fallback = "now()"},
                      primary_key("target_table", "target_id")),
         data(R"(INSERT INTO "migrated_rows" ("source_table", "source_id", "target_table", "target_id")
SELECT 'mcp_servers', "mcp_servers"."id", 'resources', "resources"."id"
FROM "mcp_servers"
JOIN "resources" ON "resources"."id" = "mcp_servers"."id"::text)",
              nothing_to_undo{"the rows go with their table"})
             .creates("migrated_rows", R"("run_id" IS NULL)"),
         data(R"(INSERT INTO "migrated_rows" ("source_table", "source_id", "target_table", "target_id")
SELECT 'mcp_tools', "mcp_tools"."id", 'capabilities', "capabilities"."id"
FROM "mcp_tools"
JOIN "capabilities" ON "capabilities"."id" = "mcp_tools"."id"::text)",
              nothing_to_undo{"the rows go with their table"})),
    // F-21: the day followed the reader's time zone, estimates did not count, and without a unique key the view could
    // not be refreshed while it was read.
    step("the daily costs are of UTC days, count estimates and refresh concurrently",
         create_materialized_view("mv_daily_cost_summary", detail::daily_costs_008),
         create_unique_index("ux_mv_daily_cost_summary", "mv_daily_cost_summary", "date", "principal_id", "protocol"),
         create_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id")),
    // The last step up is the first one down: amounts that 007 cannot hold stop the way back instead of being rounded.
    step("the amounts fit the columns of 007",
         require_no_rows{.table = "cost_tracking",
                         .key = "id",
                         .down_rows = "estimated_cost <> round(estimated_cost, 4) OR abs(estimated_cost) >= 1000000 OR "
                                      "actual_cost <> round(actual_cost, 4) OR abs(actual_cost) >= 1000000",
                         .complaint = "have amounts that numeric(10,4) or numeric(10,2) cannot hold"},
         require_no_rows{.table = "audit_events",
                         .key = "id",
                         .down_rows = "estimated_cost <> round(estimated_cost, 4) OR abs(estimated_cost) >= 1000000 OR "
                                      "actual_cost <> round(actual_cost, 4) OR abs(actual_cost) >= 1000000",
                         .complaint = "have amounts that numeric(10,4) or numeric(10,2) cannot hold"},
         require_no_rows{.table = "principal_budgets",
                         .key = "principal_id",
                         .down_rows = "daily_budget <> round(daily_budget, 2) OR abs(daily_budget) >= 100000000 OR "
                                      "monthly_budget <> round(monthly_budget, 2) OR "
                                      "abs(monthly_budget) >= 100000000 OR "
                                      "daily_spent <> round(daily_spent, 4) OR abs(daily_spent) >= 1000000 OR "
                                      "monthly_spent <> round(monthly_spent, 4) OR abs(monthly_spent) >= 1000000",
                         .complaint = "have amounts that numeric(10,4) or numeric(10,2) cannot hold"}));
// clang-format on

}  // namespace sark::migrations
