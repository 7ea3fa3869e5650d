// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/version.hpp>

#include "session.hpp"

namespace mcp {

/// Lists the revisions of the protocol that are understood, the newest first: it is the one we propose.
inline constexpr std::array<std::string_view, 4> revisions{"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};

/// Is what a server says of itself and of its tools.
struct server_description {
    std::string revision;  ///< of the protocol, as agreed
    std::string name;
    std::optional<std::string> title{};
    std::optional<std::string> version{};
    std::optional<std::string> instructions{};
    std::vector<std::string> capabilities{};  ///< tools, prompts, resources, …, sorted
    std::vector<sark::json_tree> tools{};     ///< objects, as they came
};

namespace detail {

[[nodiscard]] inline std::optional<std::string> text_member(session const& with, sark::json_tree const& object,
                                                            std::string_view name) {
    sark::json_tree const* const found = object.find(name);
    if (found == nullptr || found->is(sark::json_kind::null)) return std::nullopt;
    if (!found->is(sark::json_kind::string)) with.refuse("a \"" + std::string{name} + "\" that is no text");
    return found->text();
}

[[nodiscard]] inline server_description greet(session& with) {
    std::string const version = std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) + '.' +
                                std::to_string(sark::version.patch);
    sark::json_tree const said = with.ask("initialize", R"({"protocolVersion":")" + std::string{revisions.front()} +
                                                            R"(","capabilities":{},"clientInfo":{"name":"sark",)" +
                                                            R"("title":"sark","version":")" + version + R"("}})");
    server_description server;
    server.revision = text_member(with, said, "protocolVersion").value_or("");
    if (std::find(revisions.begin(), revisions.end(), server.revision) == revisions.end())
        with.refuse("the revision \"" + support::printable(server.revision, 40) +
                    "\" of the protocol; understood are " + std::string{revisions.back()} + " to " +
                    std::string{revisions.front()});
    sark::json_tree const* const info = said.find("serverInfo");
    if (info == nullptr || !info->is(sark::json_kind::object)) with.refuse("no serverInfo");
    server.name = text_member(with, *info, "name").value_or("");
    if (server.name.find_first_not_of(" \t\r\n") == std::string::npos) with.refuse("no name of the server");
    server.title = text_member(with, *info, "title");
    server.version = text_member(with, *info, "version");
    server.instructions = text_member(with, said, "instructions");
    if (sark::json_tree const* const can = said.find("capabilities")) {
        if (!can->is(sark::json_kind::object)) with.refuse("capabilities that are no object");
        for (auto const& [name, value] : can->members()) server.capabilities.push_back(name);
    }
    std::sort(server.capabilities.begin(), server.capabilities.end());
    with.tell("notifications/initialized");
    return server;
}

inline void list_tools(session& with, server_description& server) {
    constexpr std::size_t most_pages = 1'000;
    std::set<std::string> cursors;
    std::string params = "{}";
    for (std::size_t page = 0; page < most_pages; ++page) {
        sark::json_tree said = with.ask("tools/list", params);
        auto& members = said.members();
        auto const tools = std::find_if(members.begin(), members.end(),
                                        [](auto const& m) { return m.first == "tools"; });
        if (tools == members.end() || !tools->second.is(sark::json_kind::array)) with.refuse("no list of tools");
        for (sark::json_tree& tool : tools->second.items()) {
            if (!tool.is(sark::json_kind::object)) with.refuse("a tool that is no object");
            server.tools.push_back(std::move(tool));
        }
        std::optional<std::string> const cursor = text_member(with, said, "nextCursor");
        if (!cursor) return;
        if (!cursors.insert(*cursor).second) with.refuse("the same page again, which would never end");
        params = R"({"cursor":)" + support::json_string(*cursor) + '}';
    }
    with.refuse("more than " + std::to_string(most_pages) + " pages");
}

}  // namespace detail

/// Starts a server, asks it what it is and what tools it has, and ends it.
/// @throws support::not_ready when it cannot be asked, support::bad_input when it says what cannot be used: one sentence
[[nodiscard]] inline server_description ask_server(command const& what, limits const& bounds = {},
                                                   bool passes_stderr = false) {
    signal_watch const watch;
    std::string words;
    // The sentence is whole only here: it names the server, and gives its own last words.
    auto const sentence = [&](std::exception const& e) {
        return what.text() + ": " + support::printable(what.without_secrets(e.what()), 400) + '.' +
               (words.empty() ? "" : " It said: " + words);
    };
    try {
        process server{what, bounds, watch, passes_stderr};
        try {
            session with{server, bounds};
            server_description said = detail::greet(with);
            if (std::binary_search(said.capabilities.begin(), said.capabilities.end(), "tools"))
                detail::list_tools(with, said);
            server.stop(bounds.end);
            watch.check();
            return said;
        } catch (std::runtime_error const&) {
            words = server.last_words();
            throw;
        }
    } catch (support::not_ready const& e) {
        throw support::not_ready{sentence(e)};
    } catch (support::bad_input const& e) { throw support::bad_input{sentence(e)}; }
}

}  // namespace mcp
