// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations {

/// Creates the audit trail of the gateway. Its times have no time zone; 008_integrity repairs that.
// clang-format off
inline constexpr auto v005 = migration(
    "005_gateway_audit", after{"004_audit_events"}, "the audit trail of the gateway",
    create_table(
        "gateway_audit_events",
        column{.name = "id", .type = "varchar"},
        column{.name = "event_type", .type = "varchar(50)"},
        column{.name = "user_id", .type = "varchar", .nullable = true},
        column{.name = "agent_id", .type = "varchar", .nullable = true},
        column{.name = "server_name", .type = "varchar", .nullable = true},
        column{.name = "tool_name", .type = "varchar", .nullable = true},
        column{.name = "decision", .type = "varchar(10)"},
        column{.name = "reason", .type = "text"},
        column{.name = "timestamp", .type = "timestamp"},
        column{.name = "gateway_request_id", .type = "varchar"},
        column{.name = "metadata", .type = "jsonb", .nullable = true, .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamp", .fallback = "now()"},
        primary_key("id")),
    create_index("ix_gateway_audit_decision", "gateway_audit_events", "decision"),
    create_index("ix_gateway_audit_event_type", "gateway_audit_events", "event_type"),
    create_index("ix_gateway_audit_request_id", "gateway_audit_events", "gateway_request_id"),
    create_index("ix_gateway_audit_server_name", "gateway_audit_events", "server_name"),
    create_index("ix_gateway_audit_timestamp", "gateway_audit_events", "timestamp"),
    create_index("ix_gateway_audit_tool_name", "gateway_audit_events", "tool_name"),
    create_index("ix_gateway_audit_user_id", "gateway_audit_events", "user_id"));
// clang-format on

}  // namespace sark::migrations
