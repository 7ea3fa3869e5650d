// SPDX-License-Identifier: MIT
//
// Registers a server of the Model Context Protocol: one resource, and one capability per tool.

#include <charconv>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sark/sark.hpp>

#include "../support/main.hpp"
#include "register.hpp"

namespace {

constexpr std::string_view usage =
    R"(usage: mcp [OPTION...] [--] COMMAND [ARGUMENT...]

Starts a server of the Model Context Protocol (stdio), asks for its tools, ends
it, and registers it: one resource, one capability per tool. What is registered
already and has not changed is not written again; tools that the server no
longer has are removed.

  --migrate      bring the database's schema up to date first
  --as NAME      name the resource so; the server's own name otherwise
  --replace      the resource may be there with another command
  --timeout S    seconds to wait for each answer (60)
  --verbose      pass on what the server writes to its standard error
  --show         then show what is registered, the most sensitive tools first
  --help         show this

The database is the one in DATABASE_URL (postgresql://user@host:port/database).
The server does not get that address. Arguments that look like secrets are shown
and stored as ***; better give secrets in the environment.

Exit code: 0 done, 1 the server said what cannot be used and nothing was
changed, 2 the server or the database cannot be reached, 3 wrong arguments.
)";

struct arguments {
    bool migrate = false;
    bool show = false;
    bool help = false;
    bool verbose = false;
    bool replace = false;
    std::optional<std::string> as{};
    mcp::limits limits{};
    std::vector<std::string> command{};
};

std::chrono::milliseconds seconds(std::string const& text) {
    // By hand: not every standard library of ours reads floating-point numbers without a locale.
    unsigned long value = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value == 0 || value > 86'400)
        throw support::usage_error{"--timeout takes whole seconds, 1 to 86400. Try --help."};
    return std::chrono::seconds{value};
}

arguments parse(int count, char** values) {
    arguments given;
    int i = 1;
    auto const value_of = [&](std::string const& argument, std::string const& name) -> std::optional<std::string> {
        if (argument.starts_with(name + '=')) return argument.substr(name.size() + 1);
        if (argument != name) return std::nullopt;
        if (++i == count) throw support::usage_error{name + " needs a value. Try --help."};
        return values[i];
    };
    for (; i < count; ++i) {
        std::string const argument = values[i];
        if (argument == "--") {
            ++i;
            break;
        }
        if (!argument.starts_with('-')) break;  // the command begins
        if (argument == "--migrate") {
            given.migrate = true;
        } else if (argument == "--show") {
            given.show = true;
        } else if (argument == "--verbose") {
            given.verbose = true;
        } else if (argument == "--replace") {
            given.replace = true;
        } else if (argument == "--help" || argument == "-h") {
            given.help = true;
        } else if (auto const name = value_of(argument, "--as")) {
            given.as = name;
        } else if (auto const time = value_of(argument, "--timeout")) {
            given.limits.answer = seconds(*time);
        } else {
            throw support::usage_error{"there is no option " + support::printable(argument) + ". Try --help."};
        }
    }
    for (; i < count; ++i) given.command.emplace_back(values[i]);
    if (given.help) return given;
    if (given.command.empty() || given.command.front().empty())
        throw support::usage_error{"name the command of a server. Try --help."};
    if (given.as && given.as->find_first_not_of(" \t") == std::string::npos)
        throw support::usage_error{"--as needs a name. Try --help."};
    return given;
}

/// The polymorphic side: the resource with its metadata as a struct, its tools with theirs.
void show(sark::connection& db, std::string const& id) {
    using sark::Capability, sark::McpMetadata, sark::Resource, sark::col, support::printable;
    auto const registered = db.all(
        sark::from<sark::typed<McpMetadata>>().where(col<&Resource::id> == id).with<Capability>());
    for (auto const& resource : registered) {
        std::cout << '\n'
                  << printable(resource.name) << " by " << resource.metadata.transport << ", protocol "
                  << printable(resource.metadata.mcp_version.value_or("?")) << ", offers";
        for (std::string const& offered : resource.metadata.capabilities.value_or(std::vector<std::string>{}))
            std::cout << ' ' << printable(offered);
        std::cout << '\n';
        auto tools = resource.children<Capability>();
        support::sort_by_sensitivity(tools);
        for (Capability const& c : tools) {
            std::string title;
            // Capabilities that others gave to the resource may say anything in their metadata.
            try {
                auto const tool = sark::from_json<mcp::tool_metadata>(c.metadata_);
                title = tool.title.value_or(tool.annotations ? tool.annotations->title.value_or("") : "");
            } catch (sark::error const&) { title.clear(); }
            std::cout << "  " << support::level_column(c.sensitivity_level) << printable(c.name, 60)
                      << (title.empty() ? "" : "  " + printable(title, 80)) << '\n';
        }
    }
}

void run(arguments const& given) {
    mcp::command const command{given.command, environ};
    mcp::registration const server = mcp::map_server(mcp::ask_server(command, given.limits, given.verbose), command,
                                                     given.as);
    sark::connection db{support::database_url()};
    support::prepare(db, given.migrate);
    std::cout << mcp::line_of(server, mcp::register_server(db, server, given.replace)) << '\n';
    if (given.show) show(db, server.resource.id);
}

}  // namespace

int main(int count, char** values) {
    int ended_by = 0;
    int const code = support::run([&] {
        arguments const given = parse(count, values);
        if (given.help) {
            std::cout << usage;
            return;
        }
        try {
            run(given);
        } catch (mcp::interrupted const& e) { ended_by = e.signal; }
    });
    return ended_by == 0 ? code : 128 + ended_by;
}
