// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sark/models/sensitivity.hpp>
#include <sark/models/v1/team.hpp>
#include <sark/models/v1/user.hpp>
#include <sark/schema/parts.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

enum class TransportType { http, stdio, sse };

enum class ServerStatus { registered, active, inactive, unhealthy, decommissioned };

/// Is an MCP server; in v2 a Resource of the protocol `mcp`.
struct McpServer {
    uuid id{};
    std::string name{};
    std::optional<std::string> description{};
    TransportType transport = TransportType::http;
    std::optional<std::string> endpoint{};  ///< of an http or sse server
    std::optional<std::string> command{};   ///< starts a stdio server
    std::string mcp_version = "2025-06-18";
    json capabilities{"[]"};
    Sensitivity sensitivity_level = Sensitivity::medium;
    std::optional<std::string> signature{};
    ServerStatus status = ServerStatus::registered;
    std::optional<std::string> health_endpoint{};
    std::optional<timestamp> last_health_check{};
    std::optional<uuid> owner_id{};
    std::optional<uuid> team_id{};
    std::optional<std::string> consul_id{};
    json tags{"[]"};
    json extra_metadata{};
    timestamp created_at{};
    timestamp updated_at{};
};

}  // namespace v1

template <>
inline constexpr std::string_view enum_type_of<v1::TransportType> = "transporttype";
template <>
inline constexpr std::string_view enum_type_of<v1::ServerStatus> = "serverstatus";

// clang-format off
template <>
inline constexpr auto table_of<v1::McpServer> = table(
    "mcp_servers",
    column<&v1::McpServer::id>{.fallback = "gen_random_uuid()"},
    column<&v1::McpServer::name>{.type = "varchar(255)"},
    column<&v1::McpServer::description>{.type = "varchar(1000)"},
    column<&v1::McpServer::endpoint>{.type = "varchar(500)"},
    column<&v1::McpServer::command>{.type = "varchar(500)"},
    column<&v1::McpServer::mcp_version>{.type = "varchar(20)", .fallback = "'2025-06-18'"},
    column<&v1::McpServer::capabilities>{.fallback = "'[]'"},
    column<&v1::McpServer::sensitivity_level>{.fallback = "'medium'"},
    column<&v1::McpServer::signature>{.type = "varchar(1000)"},
    column<&v1::McpServer::status>{.fallback = "'registered'"},
    column<&v1::McpServer::health_endpoint>{.type = "varchar(500)"},
    column<&v1::McpServer::consul_id>{.type = "varchar(255)"},
    column<&v1::McpServer::tags>{.fallback = "'[]'"},
    column<&v1::McpServer::extra_metadata>{.fallback = "'{}'"},
    column<&v1::McpServer::created_at>{.fallback = "now()", .managed = true},
    column<&v1::McpServer::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::McpServer::id>{},
    unique<&v1::McpServer::consul_id>{},
    references<&v1::McpServer::owner_id, &v1::User::id>{.on_delete = schema::referential_action::set_null},
    references<&v1::McpServer::team_id, &v1::Team::id>{.on_delete = schema::referential_action::set_null},
    index<&v1::McpServer::name>{"ix_mcp_servers_name"},
    index<&v1::McpServer::owner_id>{"ix_mcp_servers_owner_id"},
    index<&v1::McpServer::team_id>{"ix_mcp_servers_team_id"});
// clang-format on

}  // namespace sark
