// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrations/detail/vocabulary.hpp>
#include <sark/migrations/v008_integrity.hpp>

namespace sark::migrations::detail {

inline constexpr std::string_view hourly_costs_009 = R"(SELECT time_bucket(INTERVAL '1 hour', "timestamp") AS hour,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3)";

/// Removes the trigger that keeps `updated_at` of one table: Citus refuses tables with triggers.
constexpr auto keeps_updated_at_no_more(std::string_view table, std::string_view trigger) {
    return migrate::reverse(keeps_updated_at(table, trigger));
}

}  // namespace sark::migrations::detail

namespace sark::migrations {

/// Gives time series to TimescaleDB and shards to Citus where the server has one of them; nothing elsewhere.
///
/// What each kind of server is afterwards: docs/engines.md; why: docs/decisions/0065 and 0066.
// clang-format off
inline constexpr auto v009 = migration(
    "009_engines", after{"008_integrity"}, "time series and shards where the server knows them",
    migrate::waive("rows-move", "runs in the stop of the release, and only where an engine is installed"),
    migrate::waive("key-scans", "runs in the stop of the release; the rows are written anew anyway"),
    migrate::waive("foreign-key-scans", "runs in the stop of the release; the rows are written anew anyway"),
    migrate::waive("index-blocks-writes", "runs in the stop of the release; the rows are written anew anyway"),
    // Back, the rows are copied into a new table, which nothing may read. So the view goes first and comes back last.
    step("the daily costs make room while the rows move",
         when_extension("timescaledb",
             drop_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id"),
             drop_unique_index("ux_mv_daily_cost_summary", "mv_daily_cost_summary", "date", "principal_id", "protocol"),
             drop_materialized_view("mv_daily_cost_summary", detail::daily_costs_008)),
         when_extension("citus",
             drop_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id"),
             drop_unique_index("ux_mv_daily_cost_summary", "mv_daily_cost_summary", "date", "principal_id", "protocol"),
             drop_materialized_view("mv_daily_cost_summary", detail::daily_costs_008))),
    // F-06: every key of a hypertable holds its time. On plain servers the keys stay as v1 readers know them.
    step("costs and audit trails are time series where TimescaleDB is",
         when_extension("timescaledb",
             drop_constraint("audit_events", primary_key("id")),
             add_constraint{"audit_events", primary_key("timestamp", "id")},
             drop_constraint("gateway_audit_events", primary_key("id")),
             add_constraint{"gateway_audit_events", primary_key("timestamp", "id")},
             create_hypertable("cost_tracking", by_time{"timestamp", "7 days"}),
             create_hypertable("audit_events", by_time{"timestamp", "7 days"}),
             create_hypertable("gateway_audit_events", by_time{"timestamp", "7 days"}))),
    // The community licence only; elsewhere a warning, and the view is a plain one. Nothing is dropped by age: how long
    // audits and costs are kept is not ours to decide.
    step("old rows are compressed, and costs are summed by the hour, where the licence allows it",
         when_extension("timescaledb",
             compress_chunks("cost_tracking", by_time{"timestamp"}, "90 days", "principal_id"),
             compress_chunks("audit_events", by_time{"timestamp"}, "90 days", "event_type"),
             compress_chunks("gateway_audit_events", by_time{"timestamp"}, "90 days", "event_type"),
             create_continuous_aggregate("cost_by_hour", detail::hourly_costs_009,
                                         schema::refresh{.every = "1 hour", .from = {}, .until = "1 hour"}))),
    // A resource, what it can do and what it has cost are on one node. Tables of v1 stay on the coordinator.
    step("resources are spread over the nodes where Citus is",
         when_extension("citus",
             detail::keeps_updated_at_no_more("resources", "tg_resources_updated_at"),
             detail::keeps_updated_at_no_more("capabilities", "tg_capabilities_updated_at"),
             detail::keeps_updated_at_no_more("federation_nodes", "tg_federation_nodes_updated_at"),
             detail::keeps_updated_at_no_more("principal_budgets", "tg_principal_budgets_updated_at"),
             drop_constraint("capabilities", foreign_key("resource_id").references("resources", "id").on_delete(cascade)),
             drop_constraint("capabilities", primary_key("id")),
             add_constraint{"capabilities", primary_key("resource_id", "id")},
             drop_unique_index("ux_cost_tracking_request", "cost_tracking", "request_id", "timestamp"),
             drop_constraint("cost_tracking", primary_key("timestamp", "id")),
             add_constraint{"cost_tracking", primary_key("resource_id", "timestamp", "id")},
             create_unique_index("ux_cost_tracking_request", "cost_tracking", "request_id", "timestamp", "resource_id"),
             make_reference_table("federation_nodes"),
             distribute("resources", "id"),
             distribute("capabilities", "resource_id", "resources"),
             distribute("cost_tracking", "resource_id", "resources"),
             distribute("principal_budgets", "principal_id"),
             distribute("audit_events", "id"),
             distribute("gateway_audit_events", "id"),
             add_constraint{"capabilities", foreign_key("resource_id").references("resources", "id").on_delete(cascade)})),
    step("the daily costs are read again",
         when_extension("timescaledb",
             create_materialized_view("mv_daily_cost_summary", detail::daily_costs_008),
             create_unique_index("ux_mv_daily_cost_summary", "mv_daily_cost_summary", "date", "principal_id",
                                 "protocol"),
             create_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id")),
         when_extension("citus",
             create_materialized_view("mv_daily_cost_summary", detail::daily_costs_008),
             create_unique_index("ux_mv_daily_cost_summary", "mv_daily_cost_summary", "date", "principal_id",
                                 "protocol"),
             create_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id"))));
// clang-format on

}  // namespace sark::migrations
