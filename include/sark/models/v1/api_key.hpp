// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sark/models/v1/team.hpp>
#include <sark/models/v1/user.hpp>
#include <sark/schema/parts.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Is a key that a program calls with; only its hash is kept.
struct ApiKey {
    uuid id{};
    uuid user_id{};
    std::optional<uuid> team_id{};
    std::string name{};
    std::optional<std::string> description{};
    std::string key_prefix{};
    std::string key_hash{};
    std::vector<std::string> scopes{};
    std::int32_t rate_limit = 1000;
    bool is_active = true;
    std::optional<timestamp> expires_at{};
    std::optional<timestamp> last_used_at{};
    std::optional<std::string> last_used_ip{};
    std::int32_t usage_count = 0;
    timestamp created_at{};
    timestamp updated_at{};
    std::optional<timestamp> revoked_at{};
    std::optional<uuid> revoked_by{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::ApiKey> = table(
    "api_keys",
    column<&v1::ApiKey::id>{.fallback = "gen_random_uuid()"},
    column<&v1::ApiKey::name>{.type = "varchar(255)"},
    column<&v1::ApiKey::key_prefix>{.type = "varchar(16)"},
    column<&v1::ApiKey::key_hash>{.type = "varchar(255)"},
    column<&v1::ApiKey::scopes>{.type = "varchar[]", .fallback = "'{}'",
                               .comment = "Permissions of the key, e.g. server:read"},
    column<&v1::ApiKey::rate_limit>{.fallback = "1000", .comment = "Requests allowed per minute"},
    column<&v1::ApiKey::is_active>{.fallback = "true"},
    column<&v1::ApiKey::last_used_ip>{.type = "varchar(45)"},
    column<&v1::ApiKey::usage_count>{.fallback = "0"},
    column<&v1::ApiKey::created_at>{.fallback = "now()", .managed = true},
    column<&v1::ApiKey::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::ApiKey::id>{},
    unique<&v1::ApiKey::key_prefix>{},
    index<&v1::ApiKey::expires_at>{"ix_api_keys_expires_at"},
    index<&v1::ApiKey::is_active>{"ix_api_keys_is_active"},
    index<&v1::ApiKey::team_id>{"ix_api_keys_team_id"},
    index<&v1::ApiKey::user_id>{"ix_api_keys_user_id"},
    // A key outlives its owner's account, so the database enforces neither.
    relation<&v1::ApiKey::user_id, &v1::User::id>{},
    relation<&v1::ApiKey::team_id, &v1::Team::id>{});
// clang-format on

}  // namespace sark
