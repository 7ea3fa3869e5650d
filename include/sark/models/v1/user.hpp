// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sark/schema/parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Is a person who signs in.
struct User {
    uuid id{};
    std::string email{};
    std::string full_name{};
    std::string hashed_password{};
    bool is_active = true;
    bool is_admin = false;
    std::string role = "developer";
    json extra_metadata{};
    timestamp created_at{};
    timestamp updated_at{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::User> = table(
    "users",
    column<&v1::User::id>{.fallback = "gen_random_uuid()"},
    column<&v1::User::email>{.type = "varchar(255)"},
    column<&v1::User::full_name>{.type = "varchar(255)"},
    column<&v1::User::hashed_password>{.type = "varchar(255)"},
    column<&v1::User::is_active>{.fallback = "true"},
    column<&v1::User::is_admin>{.fallback = "false"},
    column<&v1::User::role>{.type = "varchar(50)", .fallback = "'developer'"},
    column<&v1::User::extra_metadata>{.fallback = "'{}'"},
    column<&v1::User::created_at>{.fallback = "now()", .managed = true},
    column<&v1::User::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::User::id>{},
    unique<&v1::User::email>{});
// clang-format on

}  // namespace sark
