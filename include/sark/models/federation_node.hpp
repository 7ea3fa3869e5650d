// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sark/schema/engine_parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

/// Is a peer whose resources may be used, known by its certificate.
struct FederationNode {
    uuid id{};
    std::string node_id{};
    std::string name{};
    std::string endpoint{};
    std::string trust_anchor_cert{};
    bool enabled = true;
    timestamp trusted_since{};
    std::optional<std::int32_t> rate_limit_per_hour = 10000;
    json metadata_{};
    timestamp created_at{};
    timestamp updated_at{};
};

// clang-format off
template <>
inline constexpr auto table_of<FederationNode> = table(
    "federation_nodes",
    column<&FederationNode::id>{.fallback = "gen_random_uuid()"},
    column<&FederationNode::node_id>{.type = "varchar(255)"},
    column<&FederationNode::name>{.type = "varchar(255)"},
    column<&FederationNode::endpoint>{.type = "varchar(500)"},
    column<&FederationNode::enabled>{.fallback = "true"},
    column<&FederationNode::trusted_since>{.fallback = "now()"},
    column<&FederationNode::rate_limit_per_hour>{.fallback = "10000"},
    column<&FederationNode::metadata_>{.fallback = "'{}'"},
    column<&FederationNode::created_at>{.fallback = "now()", .managed = true},
    column<&FederationNode::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&FederationNode::id>{},
    with_extension("citus", reference_table{}),
    unique<&FederationNode::node_id>{},
    check{"ck_federation_nodes_rate_limit_per_hour", "rate_limit_per_hour >= 0"});
// clang-format on

}  // namespace sark
