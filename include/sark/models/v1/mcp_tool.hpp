// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/models/sensitivity.hpp>
#include <sark/models/v1/mcp_server.hpp>
#include <sark/schema/parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Is a tool of an MCP server; in v2 a Capability.
struct McpTool {
    uuid id{};
    uuid server_id{};
    std::string name{};
    std::optional<std::string> description{};
    json parameters_schema{};
    Sensitivity sensitivity_level = Sensitivity::medium;
    bool requires_approval = false;
    std::optional<std::string> signature{};
    json extra_metadata{};
    timestamp created_at{};
    timestamp updated_at{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::McpTool> = table(
    "mcp_tools",
    column<&v1::McpTool::id>{.fallback = "gen_random_uuid()"},
    column<&v1::McpTool::name>{.type = "varchar(255)"},
    column<&v1::McpTool::parameters_schema>{.fallback = "'{}'"},
    column<&v1::McpTool::sensitivity_level>{.fallback = "'medium'"},
    column<&v1::McpTool::requires_approval>{.fallback = "false"},
    column<&v1::McpTool::signature>{.type = "varchar(1000)"},
    column<&v1::McpTool::extra_metadata>{.fallback = "'{}'"},
    column<&v1::McpTool::created_at>{.fallback = "now()", .managed = true},
    column<&v1::McpTool::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::McpTool::id>{},
    references<&v1::McpTool::server_id, &v1::McpServer::id>{.on_delete = schema::referential_action::cascade},
    index<&v1::McpTool::name>{"ix_mcp_tools_name"},
    index<&v1::McpTool::server_id>{"ix_mcp_tools_server_id"});
// clang-format on

}  // namespace sark
