// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sark/models/v1/mcp_server.hpp>
#include <sark/models/v1/user.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/types/json.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

enum class AuditEventType {
    server_registered,
    server_updated,
    server_decommissioned,
    tool_invoked,
    authorization_allowed,
    authorization_denied,
    policy_created,
    policy_updated,
    policy_activated,
    user_login,
    user_logout,
    security_violation,
    cross_org_request,
    cross_org_authorization,
    cost_limit_exceeded,
    federation_node_trusted,
    federation_node_revoked
};

enum class SeverityLevel { low, medium, high, critical };

/// Is one entry of the audit trail; it names what it is about but outlives it, so nothing is enforced.
struct AuditEvent {
    uuid id{};
    timestamp timestamp_{};
    AuditEventType event_type{};
    SeverityLevel severity = SeverityLevel::low;
    std::optional<uuid> user_id{};
    std::optional<std::string> user_email{};
    std::optional<uuid> server_id{};
    std::optional<std::string> tool_name{};
    std::optional<std::string> decision{};
    std::optional<uuid> policy_id{};
    std::optional<std::string> ip_address{};
    std::optional<std::string> user_agent{};
    std::optional<std::string> request_id{};
    json details{};
    std::optional<timestamp> siem_forwarded{};
    std::optional<std::string> principal_org{};
    std::optional<std::string> resource_protocol{};
    std::optional<std::string> capability_id{};
    std::optional<std::string> correlation_id{};
    std::optional<std::string> source_node{};
    std::optional<std::string> target_node{};
    std::optional<numeric<20, 8>> estimated_cost{};
    std::optional<numeric<20, 8>> actual_cost{};
};

}  // namespace v1

template <>
inline constexpr std::string_view enum_type_of<v1::AuditEventType> = "auditeventtype";
template <>
inline constexpr std::string_view enum_type_of<v1::SeverityLevel> = "severitylevel";

// clang-format off
template <>
inline constexpr auto table_of<v1::AuditEvent> = table(
    "audit_events",
    column<&v1::AuditEvent::id>{.fallback = "gen_random_uuid()"},
    column<&v1::AuditEvent::timestamp_>{.fallback = "now()"},
    column<&v1::AuditEvent::severity>{.fallback = "'low'"},
    column<&v1::AuditEvent::user_email>{.type = "varchar(255)"},
    column<&v1::AuditEvent::tool_name>{.type = "varchar(255)"},
    column<&v1::AuditEvent::decision>{.type = "varchar(20)"},
    column<&v1::AuditEvent::ip_address>{.type = "varchar(45)"},
    column<&v1::AuditEvent::user_agent>{.type = "varchar(500)"},
    column<&v1::AuditEvent::request_id>{.type = "varchar(100)"},
    column<&v1::AuditEvent::details>{.fallback = "'{}'"},
    column<&v1::AuditEvent::principal_org>{.type = "varchar(255)"},
    column<&v1::AuditEvent::resource_protocol>{.type = "varchar(50)"},
    column<&v1::AuditEvent::capability_id>{.type = "varchar(255)"},
    column<&v1::AuditEvent::correlation_id>{.type = "varchar(100)"},
    column<&v1::AuditEvent::source_node>{.type = "varchar(255)"},
    column<&v1::AuditEvent::target_node>{.type = "varchar(255)"},
    primary_key<&v1::AuditEvent::id>{},
    with_extension("timescaledb", hypertable<&v1::AuditEvent::timestamp_>{.chunk = "7 days"},
                   compressed<&v1::AuditEvent::event_type>{.after = "90 days"},
                   primary_key<&v1::AuditEvent::timestamp_, &v1::AuditEvent::id>{}),
    with_extension("citus", distributed_by<&v1::AuditEvent::id>{}),
    check{"ck_audit_events_estimated_cost", "estimated_cost >= 0 AND estimated_cost <> 'NaN'"},
    check{"ck_audit_events_actual_cost", "actual_cost >= 0 AND actual_cost <> 'NaN'"},
    index<&v1::AuditEvent::event_type>{"ix_audit_events_event_type"},
    index<&v1::AuditEvent::request_id>{"ix_audit_events_request_id"},
    index<&v1::AuditEvent::server_id>{"ix_audit_events_server_id"},
    index<&v1::AuditEvent::timestamp_>{"ix_audit_events_timestamp"},
    index<&v1::AuditEvent::tool_name>{"ix_audit_events_tool_name"},
    index<&v1::AuditEvent::user_id, descending<&v1::AuditEvent::timestamp_>>{"ix_audit_events_user_id"},
    index<&v1::AuditEvent::capability_id>{"ix_audit_events_capability"},
    index<&v1::AuditEvent::correlation_id, descending<&v1::AuditEvent::timestamp_>>{"ix_audit_events_correlation"},
    index<&v1::AuditEvent::principal_org>{"ix_audit_events_principal_org"},
    index<&v1::AuditEvent::source_node>{"ix_audit_events_source_node"},
    index<&v1::AuditEvent::target_node>{"ix_audit_events_target_node"},
    relation<&v1::AuditEvent::user_id, &v1::User::id>{},
    relation<&v1::AuditEvent::server_id, &v1::McpServer::id>{});
// clang-format on

}  // namespace sark
