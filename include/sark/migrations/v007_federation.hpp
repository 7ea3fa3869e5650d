// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations::detail {

/// Is the query of the view as 007 makes it, for 008, which drops the view and must be able to bring it back.
inline constexpr std::string_view daily_costs_007 = R"(SELECT "cost_tracking"."timestamp"::date AS date,
       "cost_tracking"."principal_id",
       "resources"."protocol",
       count(*) AS invocation_count,
       sum("cost_tracking"."actual_cost") AS total_cost,
       avg("cost_tracking"."actual_cost") AS avg_cost,
       min("cost_tracking"."actual_cost") AS min_cost,
       max("cost_tracking"."actual_cost") AS max_cost
FROM "cost_tracking"
LEFT JOIN "capabilities" ON "capabilities"."id" = "cost_tracking"."capability_id"
LEFT JOIN "resources" ON "resources"."id" = "capabilities"."resource_id"
GROUP BY 1, 2, 3)";

}  // namespace sark::migrations::detail

namespace sark::migrations {

/// Creates federation nodes, costs and budgets, and ties the audit trail to them.
///
/// The view's day is the day of the session that refreshes it and its protocol is looked up; 008_integrity repairs
/// both.
// clang-format off
inline constexpr auto v007 = migration(
    "007_federation", after{"006_protocol_adapters"}, "federation, costs and budgets",
    migrate::waive("index-blocks-writes", "as in the first product, whose catalog this revision has to reproduce"),
    create_table(
        "federation_nodes",
        column{.name = "id", .type = "uuid"},
        column{.name = "node_id", .type = "varchar(255)"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "endpoint", .type = "varchar(500)"},
        column{.name = "trust_anchor_cert", .type = "text"},
        column{.name = "enabled", .type = "boolean", .fallback = "true"},
        column{.name = "trusted_since", .type = "timestamptz", .fallback = "now()"},
        column{.name = "rate_limit_per_hour", .type = "integer", .nullable = true, .fallback = "10000"},
        column{.name = "metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        unique("node_id")),
    create_index("ix_federation_nodes_enabled", "federation_nodes", "enabled", where{"enabled = true"}),
    create_unique_index("ix_federation_nodes_node_id", "federation_nodes", "node_id"),
    create_table(
        "cost_tracking",
        column{.name = "id", .type = "bigserial"},
        column{.name = "timestamp", .type = "timestamptz", .fallback = "now()"},
        column{.name = "principal_id", .type = "varchar(255)"},
        column{.name = "resource_id", .type = "varchar(255)"},
        column{.name = "capability_id", .type = "varchar(255)"},
        column{.name = "estimated_cost", .type = "numeric(10,4)", .nullable = true},
        column{.name = "actual_cost", .type = "numeric(10,4)", .nullable = true},
        column{.name = "metadata", .type = "jsonb", .fallback = "'{}'"},
        primary_key("id")),
    create_index("ix_cost_tracking_capability", "cost_tracking", "capability_id"),
    create_index("ix_cost_tracking_principal", "cost_tracking", "principal_id"),
    create_index("ix_cost_tracking_resource", "cost_tracking", "resource_id"),
    create_index("ix_cost_tracking_timestamp", "cost_tracking", "timestamp"),
    create_table(
        "principal_budgets",
        column{.name = "principal_id", .type = "varchar(255)"},
        column{.name = "daily_budget", .type = "numeric(10,2)", .nullable = true},
        column{.name = "monthly_budget", .type = "numeric(10,2)", .nullable = true},
        column{.name = "daily_spent", .type = "numeric(10,4)", .fallback = "'0'"},
        column{.name = "monthly_spent", .type = "numeric(10,4)", .fallback = "'0'"},
        column{.name = "last_daily_reset", .type = "timestamptz", .nullable = true},
        column{.name = "last_monthly_reset", .type = "timestamptz", .nullable = true},
        column{.name = "currency", .type = "varchar(3)", .fallback = "'USD'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("principal_id")),
    create_index("ix_principal_budgets_principal", "principal_budgets", "principal_id"),
    add_column{"audit_events", column{.name = "principal_org", .type = "varchar(255)", .nullable = true}},
    add_column{"audit_events", column{.name = "resource_protocol", .type = "varchar(50)", .nullable = true}},
    add_column{"audit_events", column{.name = "capability_id", .type = "varchar(255)", .nullable = true}},
    add_column{"audit_events", column{.name = "correlation_id", .type = "varchar(100)", .nullable = true}},
    add_column{"audit_events", column{.name = "source_node", .type = "varchar(255)", .nullable = true}},
    add_column{"audit_events", column{.name = "target_node", .type = "varchar(255)", .nullable = true}},
    add_column{"audit_events", column{.name = "estimated_cost", .type = "numeric(10,4)", .nullable = true}},
    add_column{"audit_events", column{.name = "actual_cost", .type = "numeric(10,4)", .nullable = true}},
    create_index("ix_audit_events_capability", "audit_events", "capability_id"),
    create_index("ix_audit_events_correlation", "audit_events", "correlation_id"),
    create_index("ix_audit_events_principal_org", "audit_events", "principal_org"),
    create_index("ix_audit_events_source_node", "audit_events", "source_node"),
    create_index("ix_audit_events_target_node", "audit_events", "target_node"),
    create_materialized_view("mv_daily_cost_summary", detail::daily_costs_007),
    create_index("ix_mv_daily_cost_summary_date", "mv_daily_cost_summary", "date"),
    create_index("ix_mv_daily_cost_summary_principal", "mv_daily_cost_summary", "principal_id"),
    add_enum_labels("auditeventtype",
                    labels("server_registered", "server_updated", "server_decommissioned",
                           "tool_invoked", "authorization_allowed", "authorization_denied",
                           "policy_created", "policy_updated", "policy_activated",
                           "user_login", "user_logout", "security_violation"),
                    labels("cross_org_request", "cross_org_authorization", "cost_limit_exceeded",
                           "federation_node_trusted", "federation_node_revoked"),
                    used_by(enum_use{.table = "audit_events", .column = "event_type"})));
// clang-format on

}  // namespace sark::migrations
