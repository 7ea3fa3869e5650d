// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>
#include <sark/migrations/mapping.hpp>

namespace sark::migrations {

/// Creates resources and capabilities of any protocol and copies the MCP servers and tools into them.
///
/// The copy is defined once, in `mapping`. Rows that exist already are left alone.
// clang-format off
inline constexpr auto v006 = migration(
    "006_protocol_adapters", after{"005_gateway_audit"}, "resources and capabilities of any protocol",
    create_table(
        "resources",
        column{.name = "id", .type = "varchar(255)"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "protocol", .type = "varchar(50)"},
        column{.name = "endpoint", .type = "varchar(1000)"},
        column{.name = "sensitivity_level", .type = "varchar(20)", .fallback = "'medium'"},
        column{.name = "metadata", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id")),
    create_index("ix_resources_metadata_gin", "resources", gin, "metadata"),
    create_index("ix_resources_name", "resources", "name"),
    create_index("ix_resources_protocol", "resources", "protocol"),
    create_index("ix_resources_sensitivity", "resources", "sensitivity_level"),
    create_table(
        "capabilities",
        column{.name = "id", .type = "varchar(255)"},
        column{.name = "resource_id", .type = "varchar(255)"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "text", .nullable = true},
        column{.name = "input_schema", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "output_schema", .type = "jsonb", .fallback = "'{}'"},
        column{.name = "sensitivity_level", .type = "varchar(20)", .fallback = "'medium'"},
        column{.name = "metadata", .type = "jsonb", .fallback = "'{}'"},
        primary_key("id"),
        foreign_key("resource_id").references("resources", "id").on_delete(cascade)),
    create_index("ix_capabilities_metadata_gin", "capabilities", gin, "metadata"),
    create_index("ix_capabilities_name", "capabilities", "name"),
    create_index("ix_capabilities_resource", "capabilities", "resource_id"),
    create_index("ix_capabilities_sensitivity", "capabilities", "sensitivity_level"),
    data(mapping::insert_resources, nothing_to_undo{"the rows go with their table"})
        .creates("resources", R"(EXISTS (SELECT FROM "mcp_servers" WHERE "mcp_servers"."id"::text = "resources"."id"))"),
    data(mapping::insert_capabilities, nothing_to_undo{"the rows go with their table"})
        .creates("capabilities",
                 R"(EXISTS (SELECT FROM "mcp_tools" WHERE "mcp_tools"."id"::text = "capabilities"."id"))"));
// clang-format on

}  // namespace sark::migrations
