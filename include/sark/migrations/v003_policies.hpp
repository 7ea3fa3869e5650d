// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations {

/// Creates policies and their versions.
// clang-format off
inline constexpr auto v003 = migration(
    "003_policies", after{"002_api_keys"}, "policies and their versions",
    create_enum("policytype", "authorization", "validation", "transformation", "audit"),
    create_enum("policystatus", "draft", "active", "inactive", "deprecated"),
    create_table(
        "policies",
        column{.name = "id", .type = "uuid"},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "varchar(1000)", .nullable = true},
        column{.name = "policy_type", .type = "policytype", .fallback = "'authorization'"},
        column{.name = "status", .type = "policystatus", .fallback = "'draft'"},
        column{.name = "current_version_id", .type = "uuid", .nullable = true},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamptz", .fallback = "now()"},
        primary_key("id"),
        unique("name")),
    create_unique_index("ix_policies_name", "policies", "name"),
    create_table(
        "policy_versions",
        column{.name = "id", .type = "uuid"},
        column{.name = "policy_id", .type = "uuid"},
        column{.name = "version", .type = "integer"},
        column{.name = "content", .type = "text"},
        column{.name = "is_active", .type = "boolean", .fallback = "false"},
        column{.name = "tested", .type = "boolean", .fallback = "false"},
        column{.name = "created_by", .type = "uuid", .nullable = true},
        column{.name = "created_at", .type = "timestamptz", .fallback = "now()"},
        column{.name = "notes", .type = "text", .nullable = true},
        primary_key("id"),
        foreign_key("created_by").references("users", "id").on_delete(set_null),
        foreign_key("policy_id").references("policies", "id").on_delete(cascade)),
    create_index("ix_policy_versions_policy_id", "policy_versions", "policy_id"),
    create_unique_index("ix_policy_versions_version", "policy_versions", "policy_id", "version"),
    // Each of the two tables points to the other, so one key has to wait for both.
    add_constraint{"policies", foreign_key("current_version_id")
                                   .references("policy_versions", "id")
                                   .on_delete(set_null)
                                   .named("fk_policies_current_version")});
// clang-format on

}  // namespace sark::migrations
