// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrations/detail/vocabulary.hpp>

namespace sark::migrations {

/// Creates API keys. Their times have no time zone; 008_integrity repairs that.
// clang-format off
inline constexpr auto v002 = migration(
    "002_api_keys", after{"001_initial"}, "API keys",
    create_table(
        "api_keys",
        column{.name = "id", .type = "uuid"},
        column{.name = "user_id", .type = "uuid"},
        column{.name = "team_id", .type = "uuid", .nullable = true},
        column{.name = "name", .type = "varchar(255)"},
        column{.name = "description", .type = "text", .nullable = true},
        column{.name = "key_prefix", .type = "varchar(16)"},
        column{.name = "key_hash", .type = "varchar(255)"},
        column{.name = "scopes", .type = "varchar[]", .fallback = "'{}'"},
        column{.name = "rate_limit", .type = "integer", .fallback = "1000"},
        column{.name = "is_active", .type = "boolean", .fallback = "true"},
        column{.name = "expires_at", .type = "timestamp", .nullable = true},
        column{.name = "last_used_at", .type = "timestamp", .nullable = true},
        column{.name = "last_used_ip", .type = "varchar(45)", .nullable = true},
        column{.name = "usage_count", .type = "integer", .fallback = "0"},
        column{.name = "created_at", .type = "timestamp", .fallback = "now()"},
        column{.name = "updated_at", .type = "timestamp", .fallback = "now()"},
        column{.name = "revoked_at", .type = "timestamp", .nullable = true},
        column{.name = "revoked_by", .type = "uuid", .nullable = true},
        primary_key("id"),
        unique("key_prefix")),
    create_index("ix_api_keys_expires_at", "api_keys", "expires_at"),
    create_index("ix_api_keys_is_active", "api_keys", "is_active"),
    create_unique_index("ix_api_keys_key_prefix", "api_keys", "key_prefix"),
    create_index("ix_api_keys_team_id", "api_keys", "team_id"),
    create_index("ix_api_keys_user_id", "api_keys", "user_id"),
    comment_on_column{"api_keys", "scopes", "Permissions of the key, e.g. server:read"},
    comment_on_column{"api_keys", "rate_limit", "Requests allowed per minute"});
// clang-format on

}  // namespace sark::migrations
