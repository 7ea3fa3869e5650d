// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb/protocol.hpp>

namespace sark {

/// Is what a resource of the protocol `mcp` (Model Context Protocol) keeps in its metadata.
///
/// The keys are those that the migration of v1 servers writes; `command` starts a stdio server, `endpoint` reaches an
/// http or sse one.
struct McpMetadata {
    std::string transport{};  ///< stdio, http or sse
    std::optional<std::string> command{};
    std::optional<std::string> endpoint{};
    std::optional<std::string> mcp_version{};
    std::optional<std::vector<std::string>> capabilities{};
    std::optional<std::string> status{};
    std::optional<std::string> health_endpoint{};
    std::optional<std::string> last_health_check{};
    std::optional<std::string> owner_id{};
    std::optional<std::string> team_id{};
    std::optional<std::string> consul_id{};
    std::optional<std::vector<std::string>> tags{};
    std::optional<std::string> signature{};
    std::optional<std::string> description{};
};

template <>
inline constexpr std::string_view protocol_of<McpMetadata> = "mcp";

}  // namespace sark
