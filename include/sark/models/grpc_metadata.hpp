// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sark/jsonb/protocol.hpp>

namespace sark {

/// Is what a resource of the protocol `grpc` keeps in its metadata.
struct GrpcMetadata {
    std::string service{};  ///< the service's name within its package
    std::optional<std::string> proto_package{};
    std::optional<std::string> proto_file{};
    std::optional<bool> reflection{};  ///< whether the server answers reflection requests
    std::optional<std::string> auth_method{};
    std::optional<std::string> description{};
};

template <>
inline constexpr std::string_view protocol_of<GrpcMetadata> = "grpc";

}  // namespace sark
