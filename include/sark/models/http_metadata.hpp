// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb/protocol.hpp>

namespace sark {

/// Is what a resource of the protocol `http` keeps in its metadata.
struct HttpMetadata {
    std::optional<std::string> auth_method{};  ///< none, basic, bearer, api_key, oauth2, openid, mutual_tls
    std::optional<std::string> openapi_url{};
    std::optional<std::string> openapi_version{};
    std::optional<std::string> api_version{};
    std::optional<std::string> description{};
    std::optional<std::vector<std::string>> servers{};
    std::optional<std::string> rate_limit{};
};

template <>
inline constexpr std::string_view protocol_of<HttpMetadata> = "http";

/// Is what a capability of an http resource keeps in its metadata: how to call it.
struct HttpOperation {
    std::string method{};
    std::string path{};
    std::optional<bool> deprecated{};
    std::optional<std::vector<std::string>> tags{};
};

}  // namespace sark
