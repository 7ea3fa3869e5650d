// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/schema/parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Is a group of users that owns servers together.
struct Team {
    uuid id{};
    std::string name{};
    std::optional<std::string> description{};
    json extra_metadata{};
    timestamp created_at{};
    timestamp updated_at{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::Team> = table(
    "teams",
    column<&v1::Team::id>{.fallback = "gen_random_uuid()"},
    column<&v1::Team::name>{.type = "varchar(255)"},
    column<&v1::Team::description>{.type = "varchar(1000)"},
    column<&v1::Team::extra_metadata>{.fallback = "'{}'"},
    column<&v1::Team::created_at>{.fallback = "now()", .managed = true},
    column<&v1::Team::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::Team::id>{},
    unique<&v1::Team::name>{});
// clang-format on

}  // namespace sark
