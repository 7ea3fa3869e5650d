// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations {

/// Creates the audit trail.
// clang-format off
inline constexpr auto v004 = migration(
    "004_audit_events", after{"003_policies"}, "the audit trail",
    create_enum("auditeventtype",
                "server_registered", "server_updated", "server_decommissioned",
                "tool_invoked", "authorization_allowed", "authorization_denied",
                "policy_created", "policy_updated", "policy_activated",
                "user_login", "user_logout", "security_violation"),
    create_enum("severitylevel", "low", "medium", "high", "critical"),
    create_table(
        "audit_events",
        column{.name = "id", .type = "uuid"},
        column{.name = "timestamp", .type = "timestamptz", .fallback = "now()"},
        column{.name = "event_type", .type = "auditeventtype"},
        column{.name = "severity", .type = "severitylevel", .fallback = "'low'"},
        column{.name = "user_id", .type = "uuid", .nullable = true},
        column{.name = "user_email", .type = "varchar(255)", .nullable = true},
        column{.name = "server_id", .type = "uuid", .nullable = true},
        column{.name = "tool_name", .type = "varchar(255)", .nullable = true},
        column{.name = "decision", .type = "varchar(20)", .nullable = true},
        column{.name = "policy_id", .type = "uuid", .nullable = true},
        column{.name = "ip_address", .type = "varchar(45)", .nullable = true},
        column{.name = "user_agent", .type = "varchar(500)", .nullable = true},
        column{.name = "request_id", .type = "varchar(100)", .nullable = true},
        column{.name = "details", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "siem_forwarded", .type = "timestamptz", .nullable = true},
        primary_key("id")),
    create_index("ix_audit_events_event_type", "audit_events", "event_type"),
    create_index("ix_audit_events_request_id", "audit_events", "request_id"),
    create_index("ix_audit_events_server_id", "audit_events", "server_id"),
    create_index("ix_audit_events_timestamp", "audit_events", "timestamp"),
    create_index("ix_audit_events_tool_name", "audit_events", "tool_name"),
    create_index("ix_audit_events_user_id", "audit_events", "user_id"));
// clang-format on

}  // namespace sark::migrations
