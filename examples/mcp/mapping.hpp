// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/models.hpp>

#include "../support/registration.hpp"
#include "command.hpp"
#include "server.hpp"

namespace mcp {

/// Is what a server says of a tool's behaviour; the members are called as the protocol calls them. All of it are hints.
struct tool_hints {
    std::optional<std::string> title{};
    std::optional<bool> readOnlyHint{};
    std::optional<bool> destructiveHint{};
    std::optional<bool> idempotentHint{};
    std::optional<bool> openWorldHint{};
};

/// Is what a capability of an mcp resource keeps in its metadata.
struct tool_metadata {
    std::string tool{};  ///< the name to call it by
    std::optional<std::string> title{};
    std::optional<tool_hints> annotations{};
};

/// Is what a server says, as rows. docs/mcp.md has the rules as a table.
struct registration : support::registration {};

namespace detail {

[[noreturn]] inline void fail(command const& from, std::size_t n, std::string_view name, std::string const& what) {
    throw support::bad_input{from.text() + ": tool " + std::to_string(n + 1) +
                             (name.empty() ? "" : " (" + support::printable(name, 80) + ")") + ' ' + what};
}

/// Says how sensitive a tool is: what its server does not promise is not believed.
[[nodiscard]] inline sark::Sensitivity sensitivity_of(std::optional<tool_hints> const& hints) {
    if (!hints) return sark::Sensitivity::medium;
    if (hints->readOnlyHint == true) return sark::Sensitivity::low;
    return hints->destructiveHint == true ? sark::Sensitivity::high : sark::Sensitivity::medium;
}

/// Keeps what no column has: title, annotations, and whatever else a later revision says of a tool.
[[nodiscard]] inline sark::json_tree metadata_of(sark::json_tree const& tool, std::string const& name) {
    sark::json_tree kept = sark::json_tree::object();
    kept.set("tool", sark::json_tree::string(name));
    for (auto const& [key, value] : tool.members())
        if (key != "name" && key != "description" && key != "inputSchema" && key != "outputSchema" && key != "tool")
            kept.set(key, value);
    return kept;
}

[[nodiscard]] inline sark::Capability capability_of(command const& from, std::size_t n, sark::json_tree const& tool,
                                                    std::string const& resource_id) {
    using kind = sark::json_kind;
    auto const member = [&](std::string_view name) -> sark::json_tree const* {
        sark::json_tree const* const found = tool.find(name);
        return found == nullptr || found->is(kind::null) ? nullptr : found;
    };
    sark::json_tree const* const name = member("name");
    if (name == nullptr || !name->is(kind::string) || name->text().empty()) fail(from, n, "", "has no name.");
    auto const complain = [&](std::string const& what) { fail(from, n, name->text(), what); };

    sark::json_tree const* const description = member("description");
    if (description != nullptr && !description->is(kind::string)) complain("has a description that is no text.");
    sark::json_tree const* const input = member("inputSchema");
    if (input == nullptr || !input->is(kind::object)) complain("has no input schema.");
    sark::json_tree const* const output = member("outputSchema");
    if (output != nullptr && !output->is(kind::object)) complain("has an output schema that is no object.");

    sark::json const metadata{metadata_of(tool, name->text()).to_string()};
    std::optional<tool_hints> hints;
    try {
        hints = sark::from_json<tool_metadata>(metadata).annotations;
    } catch (sark::error const&) { complain("has a title or annotations of a wrong type."); }
    return {.id = support::fitted(resource_id + '/' + name->text()),
            .resource_id = resource_id,
            .name = support::fitted(name->text()),
            .description = description == nullptr ? std::nullopt : std::optional{description->text()},
            .input_schema = sark::json{input->to_string()},
            .output_schema = output == nullptr ? sark::json{} : sark::json{output->to_string()},
            .sensitivity_level = sensitivity_of(hints),
            .metadata_ = metadata};
}

}  // namespace detail

/// Turns what a server said into rows; asks nobody. `as` is the name of the resource where the server's own will not do.
/// @throws support::bad_input with the command, the tool and the reason
[[nodiscard]] inline registration map_server(server_description const& server, command const& from,
                                             std::optional<std::string> const& as = {}) {
    registration made;
    made.source = from.text();
    std::string const id = "mcp:" + support::slug(as.value_or(server.name));
    auto most = server.tools.empty() ? sark::Sensitivity::medium : sark::Sensitivity::low;
    for (std::size_t i = 0; i < server.tools.size(); ++i) {
        made.capabilities.push_back(detail::capability_of(from, i, server.tools[i], id));
        most = std::max(most, made.capabilities.back().sensitivity_level);
    }
    support::refuse_same_ids(made.capabilities, [&](std::size_t first, std::size_t second) {
        detail::fail(from, second, made.capabilities[second].name,
                     "has the name of tool " + std::to_string(first + 1) + '.');
    });
    sark::McpMetadata const metadata{.transport = "stdio",
                                     .command = from.text(),
                                     .mcp_version = server.revision,
                                     .capabilities = server.capabilities,
                                     .description = server.instructions};
    sark::json_tree document = sark::parse_json(sark::to_json(metadata).text());
    document.set("server_name", sark::json_tree::string(server.name));
    if (server.version) document.set("server_version", sark::json_tree::string(*server.version));
    made.resource = {.id = id,
                     .name = support::fitted(as.value_or(server.title.value_or(server.name))),
                     .protocol = std::string{sark::protocol_of<sark::McpMetadata>},
                     .endpoint = support::fitted("stdio:" + from.text(), 1000),
                     .sensitivity_level = most,
                     .metadata_ = sark::json{document.to_string()}};
    return made;
}

}  // namespace mcp
