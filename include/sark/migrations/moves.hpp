// SPDX-License-Identifier: MIT
#pragma once

#include <sark/compare/sides.hpp>
#include <sark/migrations/mapping.hpp>

namespace sark::migrations::detail {

inline constexpr compare::column resource_columns[] = {
    {"id", "text"},
    {"name", "text"},
    {"protocol", "text"},
    {"endpoint", "text"},
    {"sensitivity_level", "text"},
    {"metadata", "jsonb"},
    {"created_at", "timestamptz"},
    {"updated_at", "timestamptz"},
};

inline constexpr compare::column capability_columns_008[] = {
    {"id", "text"},
    {"resource_id", "text"},
    {"name", "text"},
    {"description", "text"},
    {"input_schema", "jsonb"},
    {"output_schema", "jsonb"},
    {"sensitivity_level", "text"},
    {"metadata", "jsonb"},
    {"created_at", "timestamptz"},
    {"updated_at", "timestamptz"},
};

}  // namespace sark::migrations::detail

namespace sark::migrations::mapping {

/// Sets the resources that the servers of v1 ought to be beside those that are there.
inline constexpr compare::sides resources{.source = "mcp_servers",
                                          .source_key = "s.\"id\"",
                                          .key_type = "uuid",
                                          .expected = select_resources,
                                          .actual = "resources",
                                          .columns = detail::resource_columns};

/// Sets the capabilities that the tools of v1 ought to be beside those that are there, as they are since 008.
inline constexpr compare::sides capabilities{.source = "mcp_tools",
                                             .source_key = "t.\"id\"",
                                             .key_type = "uuid",
                                             .expected = select_timed_capabilities,
                                             .actual = "capabilities",
                                             .columns = detail::capability_columns_008};

}  // namespace sark::migrations::mapping
