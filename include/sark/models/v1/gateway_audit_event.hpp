// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/schema/engine_parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

namespace v1 {

/// Is one entry of the gateway's own audit trail, which has no ties to the other tables.
struct GatewayAuditEvent {
    std::string id{};
    std::string event_type{};
    std::optional<std::string> user_id{};
    std::optional<std::string> agent_id{};
    std::optional<std::string> server_name{};
    std::optional<std::string> tool_name{};
    std::string decision{};
    std::string reason{};
    timestamp timestamp_{};
    std::string gateway_request_id{};
    std::optional<json> metadata_{json{}};
    timestamp created_at{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::GatewayAuditEvent> = table(
    "gateway_audit_events",
    column<&v1::GatewayAuditEvent::id>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::event_type>{.type = "varchar(50)"},
    column<&v1::GatewayAuditEvent::user_id>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::agent_id>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::server_name>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::tool_name>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::decision>{.type = "varchar(10)"},
    column<&v1::GatewayAuditEvent::gateway_request_id>{.type = "varchar"},
    column<&v1::GatewayAuditEvent::metadata_>{.fallback = "'{}'"},
    column<&v1::GatewayAuditEvent::created_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::GatewayAuditEvent::id>{},
    with_extension("timescaledb", hypertable<&v1::GatewayAuditEvent::timestamp_>{.chunk = "7 days"},
                   compressed<&v1::GatewayAuditEvent::event_type>{.after = "90 days"},
                   primary_key<&v1::GatewayAuditEvent::timestamp_, &v1::GatewayAuditEvent::id>{}),
    with_extension("citus", distributed_by<&v1::GatewayAuditEvent::id>{}),
    index<&v1::GatewayAuditEvent::decision>{"ix_gateway_audit_decision"},
    index<&v1::GatewayAuditEvent::event_type>{"ix_gateway_audit_event_type"},
    index<&v1::GatewayAuditEvent::gateway_request_id>{"ix_gateway_audit_request_id"},
    index<&v1::GatewayAuditEvent::server_name>{"ix_gateway_audit_server_name"},
    index<&v1::GatewayAuditEvent::timestamp_>{"ix_gateway_audit_timestamp"},
    index<&v1::GatewayAuditEvent::tool_name>{"ix_gateway_audit_tool_name"},
    index<&v1::GatewayAuditEvent::user_id>{"ix_gateway_audit_user_id"});
// clang-format on

}  // namespace sark
