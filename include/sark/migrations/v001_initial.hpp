// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations {

/// Creates users, teams and the MCP servers with their tools.
// clang-format off
inline constexpr auto v001 = migration(
    "001_initial", root, "users, teams, servers and tools",
    create_enum("transporttype", "http", "stdio", "sse"),
    create_enum("sensitivitylevel", "low", "medium", "high", "critical"),
    create_enum("serverstatus", "registered", "active", "inactive", "unhealthy", "decommissioned"),
    create_table(
        "users",
        column{.name = "id", .type = "uuid"},
        column{.name = "email", .type = "varchar(255)"},
        column{.name = "full_name", .type = "varchar(255)"},
        column{.name = "hashed_password", .type = "varchar(255)"},
        column{.name = "is_active", .type = "boolean", .fallback = "true"},
        column{.name = "is_admin", .type = "boolean", .fallback = "false"},
        column{.name = "role", .type = "varchar(50)", .fallback = "'developer'"},
        column{.name = "extra_metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        unique("email")),
    create_unique_index("ix_users_email", "users", "email"),
    create_table(
        "teams",
        column{.name = "id", .type = "uuid"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "varchar(1000)", .nullable = true},
        column{.name = "extra_metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        unique("name")),
    create_unique_index("ix_teams_name", "teams", "name"),
    create_table(
        "user_teams",
        column{.name = "user_id", .type = "uuid"},
        column{.name = "team_id", .type = "uuid"},
        primary_key("user_id", "team_id"),
        foreign_key("team_id").references("teams", "id").on_delete(cascade),
        foreign_key("user_id").references("users", "id").on_delete(cascade)),
    create_index("ix_user_teams_team_id", "user_teams", "team_id"),
    create_index("ix_user_teams_user_id", "user_teams", "user_id"),
    create_table(
        "mcp_servers",
        column{.name = "id", .type = "uuid"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "varchar(1000)", .nullable = true},
        column{.name = "transport", .type = "transporttype"},
        column{.name = "endpoint", .type = "varchar(500)", .nullable = true},
        column{.name = "command", .type = "varchar(500)", .nullable = true},
        column{.name = "mcp_version", .type = "varchar(20)", .fallback = "'2025-06-18'"},
        column{.name = "capabilities", .type = "jsonb", .fallback = "'[]'"},
        column{.name = "sensitivity_level", .type = "sensitivitylevel", .fallback = "'medium'"},
        column{.name = "signature", .type = "varchar(1000)", .nullable = true},
        column{.name = "status", .type = "serverstatus", .fallback = "'registered'"},
        column{.name = "health_endpoint", .type = "varchar(500)", .nullable = true},
        column{.name = "last_health_check", .type = "timestamptz", .nullable = true},
        column{.name = "owner_id", .type = "uuid", .nullable = true},
        column{.name = "team_id", .type = "uuid", .nullable = true},
        column{.name = "consul_id", .type = "varchar(255)", .nullable = true},
        column{.name = "tags", .type = "jsonb", .fallback = "'[]'"},
        column{.name = "extra_metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        unique("consul_id"),
        foreign_key("owner_id").references("users", "id").on_delete(set_null),
        foreign_key("team_id").references("teams", "id").on_delete(set_null)),
    create_unique_index("ix_mcp_servers_consul_id", "mcp_servers", "consul_id"),
    create_index("ix_mcp_servers_name", "mcp_servers", "name"),
    create_index("ix_mcp_servers_owner_id", "mcp_servers", "owner_id"),
    create_index("ix_mcp_servers_team_id", "mcp_servers", "team_id"),
    create_table(
        "mcp_tools",
        column{.name = "id", .type = "uuid"},
        column{.name = "server_id", .type = "uuid"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "text", .nullable = true},
        column{.name = "parameters_schema", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "sensitivity_level", .type = "sensitivitylevel", .fallback = "'medium'"},
        column{.name = "requires_approval", .type = "boolean", .fallback = "false"},
        column{.name = "signature", .type = "varchar(1000)", .nullable = true},
        column{.name = "extra_metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        foreign_key("server_id").references("mcp_servers", "id").on_delete(cascade)),
    create_index("ix_mcp_tools_name", "mcp_tools", "name"),
    create_index("ix_mcp_tools_server_id", "mcp_tools", "server_id"));
// clang-format on

}  // namespace sark::migrations
