// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/models.hpp>

#include "../support/registration.hpp"
#include "descriptors.hpp"
#include "schema.hpp"

namespace grpc {

/// Is what a capability of a grpc resource keeps in its metadata: how to call it.
struct method_metadata {
    std::string rpc{};        ///< the path of the call: /acme.library.v1.Library/GetBook
    std::string streaming{};  ///< none, client, server or both
    std::string input_type{};
    std::string output_type{};
    std::optional<std::string> idempotency{};  ///< no_side_effects or idempotent, where the definition says so
    std::optional<bool> deprecated{};
};

/// Is what a descriptor set says of one service, as rows. docs/grpc.md has the rules as a table.
struct registration : support::registration {
    bool has_endpoint = false;  ///< it was given; otherwise the one that is stored stays
};

namespace detail {

[[nodiscard]] inline std::optional<std::string> if_any(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

/// Says whether a method is called for something: `DeleteBook`, but not `Deleted`.
[[nodiscard]] inline bool is_named_for(std::string_view method, std::string_view verb) {
    if (!method.starts_with(verb)) return false;
    return method.size() == verb.size() || !(method[verb.size()] >= 'a' && method[verb.size()] <= 'z');
}

[[nodiscard]] inline sark::Sensitivity sensitivity_of(pb::MethodDescriptor const& method) {
    constexpr std::array<std::string_view, 6> destroying{"Delete", "BatchDelete", "Remove", "Purge", "Destroy", "Drop"};
    // A name can raise a level; only the definition itself can lower it.
    for (std::string_view const verb : destroying)
        if (is_named_for(method.name(), verb)) return sark::Sensitivity::high;
    return method.options().idempotency_level() == pb::MethodOptions::NO_SIDE_EFFECTS ? sark::Sensitivity::low
                                                                                      : sark::Sensitivity::medium;
}

[[nodiscard]] inline method_metadata metadata_of(pb::MethodDescriptor const& method) {
    constexpr std::array<char const*, 4> streams{"none", "client", "server", "both"};
    method_metadata made{
        .rpc = '/' + method.service()->full_name() + '/' + method.name(),
        .streaming = streams[(method.client_streaming() ? 1U : 0U) + (method.server_streaming() ? 2U : 0U)],
        .input_type = method.input_type()->full_name(),
        .output_type = method.output_type()->full_name()};
    auto const level = method.options().idempotency_level();
    if (level == pb::MethodOptions::NO_SIDE_EFFECTS) made.idempotency = "no_side_effects";
    if (level == pb::MethodOptions::IDEMPOTENT) made.idempotency = "idempotent";
    if (method.options().deprecated()) made.deprecated = true;
    return made;
}

[[nodiscard]] inline sark::Capability capability_of(pb::MethodDescriptor const& method,
                                                    std::string const& resource_id) {
    return {.id = support::fitted(resource_id + '/' + method.name()),
            .resource_id = resource_id,
            .name = support::fitted(method.name()),
            .description = if_any(comment_of(method)),
            .input_schema = sark::json{message_schema::of(*method.input_type()).to_string()},
            .output_schema = sark::json{message_schema::of(*method.output_type()).to_string()},
            .sensitivity_level = sensitivity_of(method),
            .metadata_ = sark::to_json(metadata_of(method))};
}

[[nodiscard]] inline registration service(descriptor_set const& set, pb::ServiceDescriptor const& of,
                                          std::optional<std::string> const& endpoint, std::size_t& bytes) {
    registration made;
    made.source = set.name;
    made.has_endpoint = endpoint.has_value();
    // Short enough that the ids of its methods begin with it, however they are called.
    std::string const id = support::fitted("grpc:" + of.full_name(), 200);
    auto most = of.method_count() == 0 ? sark::Sensitivity::medium : sark::Sensitivity::low;
    for (int i = 0; i < of.method_count(); ++i) {
        sark::Capability const& c = made.capabilities.emplace_back(capability_of(*of.method(i), id));
        most = std::max(most, c.sensitivity_level);
        // Comments are bytes to protobuf; writing one as JSON refuses what PostgreSQL could not hold.
        static_cast<void>(support::json_string(c.description.value_or("")));
        bytes += c.input_schema.text().size() + c.output_schema.text().size();
        if (bytes > 64 * 1024 * 1024 + 16 * set.bytes)
            fail(set.name, "from " + of.method(i)->full_name() +
                               " on the schemas would take more than 64 MiB and 16 times the file. Register fewer "
                               "services at once by --only.");
    }
    sark::GrpcMetadata const metadata{.service = of.name(),
                                      .proto_package = if_any(of.file()->package()),
                                      .proto_file = of.file()->name(),
                                      .description = if_any(comment_of(of))};
    sark::json_tree document = sark::parse_json(sark::to_json(metadata).text());
    if (of.options().deprecated()) document.set("deprecated", sark::json_tree::boolean(true));
    made.resource = {.id = id,
                     .name = support::fitted(of.full_name()),
                     .protocol = std::string{sark::protocol_of<sark::GrpcMetadata>},
                     .endpoint = endpoint.value_or('/' + of.full_name()),
                     .sensitivity_level = most,
                     .metadata_ = sark::json{document.to_string()}};
    return made;
}

/// Says whether a service is the one of that name, or in the package of that name or in one below it.
[[nodiscard]] inline bool is_in(std::string_view service, std::string_view name) {
    return service.starts_with(name) && (service.size() == name.size() || service[name.size()] == '.');
}

}  // namespace detail

/// Turns the services of a descriptor set into rows; asks no server.
///
/// `only` are names of services and packages, all services without any; `endpoint` is where they are served.
/// @throws support::bad_input with file, name and reason
[[nodiscard]] inline std::vector<registration> map_services(descriptor_set const& set,
                                                            std::vector<std::string> const& only = {},
                                                            std::optional<std::string> const& endpoint = {}) {
    std::vector<registration> made;
    std::size_t bytes = 0;
    std::size_t services = 0;
    for (pb::FileDescriptor const* const file : set.files)
        for (int i = 0; i < file->service_count(); ++i) {
            ++services;
            pb::ServiceDescriptor const& of = *file->service(i);
            if (only.empty() || std::any_of(only.begin(), only.end(), [&](std::string const& name) {
                    return detail::is_in(of.full_name(), name);
                }))
                try {
                    made.push_back(detail::service(set, of, endpoint, bytes));
                } catch (sark::error const&) {
                    detail::fail(set.name, support::printable(of.full_name()) +
                                               " has, in itself or in its messages, a comment or a name that is not "
                                               "UTF-8 or has a zero byte in it.");
                }
        }
    if (services == 0) detail::fail(set.name, "the set describes no service.");
    return made;
}

}  // namespace grpc
