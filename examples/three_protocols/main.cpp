// SPDX-License-Identifier: MIT
//
// Three protocols in one catalog: an OpenAPI document, a server of the Model Context Protocol and a gRPC service are
// registered by their adapters, and one typed query asks all of them. Works in a schema of its own in the database of
// DATABASE_URL, and drops it.

#include <cstddef>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "../grpc/register.hpp"
#include "../mcp/register.hpp"
#include "../openapi/register.hpp"
#include "../support/main.hpp"

using sark::Capability, sark::Resource, sark::Sensitivity, sark::col, sark::desc, sark::from;

namespace {

/// Is one row of the query: what all protocols share as columns, what only one knows as its document.
struct governed_call {
    std::string protocol;
    std::string resource;
    std::string capability;
    Sensitivity level;
    sark::json metadata;
};

}  // namespace

// Which member says whose document another one is, and which struct describes the documents of which protocol.
template <>
inline constexpr auto sark::table_of<governed_call> = sark::table(
    "governed_calls", sark::polymorphic<&governed_call::protocol, &governed_call::metadata>{});
template <>
inline constexpr std::string_view sark::protocol_of<sark::HttpOperation> = "http";
template <>
inline constexpr std::string_view sark::protocol_of<mcp::tool_metadata> = "mcp";
template <>
inline constexpr std::string_view sark::protocol_of<grpc::method_metadata> = "grpc";

namespace {

/// Says how a capability is called, by the struct of its protocol, or by the text of one that nobody here knows.
struct described {
    std::string operator()(sark::HttpOperation const& http) const { return http.method + ' ' + http.path; }
    std::string operator()(mcp::tool_metadata const& mcp) const { return "tools/call " + mcp.tool; }
    std::string operator()(grpc::method_metadata const& grpc) const {
        return grpc.rpc + (grpc.streaming == "none" ? "" : " (streams: " + grpc.streaming + ')');
    }
    std::string operator()(sark::unknown_document const& other) const { return other.document.text(); }
};

void register_all(sark::connection& db) {
    auto const documents = std::vector{openapi::map_document(openapi::read_document(SARK_OPENAPI_DOCUMENT), {})};
    mcp::command const command{{SARK_MCP_SERVER}, environ};
    auto const server = mcp::map_server(mcp::ask_server(command), command);
    auto const services = grpc::map_services(grpc::read_descriptors(SARK_DESCRIPTOR_SET));

    std::map<std::string, std::size_t> counts;
    counts[documents[0].resource.name] = openapi::register_all(db, documents)[0].inserted;
    counts[server.resource.name] = mcp::register_server(db, server).inserted;
    counts[services[0].resource.name] = grpc::register_all(db, services)[0].inserted;
    for (auto const& [name, capabilities] : counts) std::cout << name << ": " << capabilities << " capabilities\n";
}

}  // namespace

int main(int count, char** arguments) {
    return support::run([&] {
        sark::connection db{support::database_url(count > 1 ? arguments[1] : nullptr)};
        support::scratch_schema const scratch{db};
        sark::migrate::upgrade(db, sark::migrations::chain);
        register_all(db);

        // What can do harm, in any protocol, the worst first: one statement, whichever protocols there are.
        auto const risky = from<Capability>()
                               .join<Resource>()
                               .where(col<&Resource::protocol>.in({"grpc", "http", "mcp"}),
                                      col<&Capability::sensitivity_level> >= Sensitivity::high)
                               .order_by(desc(col<&Capability::sensitivity_level>), col<&Resource::protocol>,
                                         col<&Capability::name>)
                               .select<governed_call>(col<&Resource::protocol>, col<&Resource::name>,
                                                      col<&Capability::name>, col<&Capability::sensitivity_level>,
                                                      col<&Capability::metadata_>);
        std::cout << '\n' << risky.sql << "\n\n";
        for (governed_call const& call : db.all(risky)) {
            std::string level{sark::label_of(call.level)};
            level.resize(9, ' ');
            std::string protocol = call.protocol;
            protocol.resize(5, ' ');
            std::cout << level << protocol << call.resource << ": " << call.capability << ", called by "
                      << sark::visit<sark::HttpOperation, mcp::tool_metadata, grpc::method_metadata>(call, described{})
                      << '\n';
        }

        // Whatever takes a title, by the schemas of what goes in: JSON Schema says it for all protocols alike.
        auto const titled = from<Capability>()
                                .join<Resource>()
                                .where(col<&Capability::input_schema>.contains(
                                    sark::json{R"({"type":"object","properties":{"title":{"type":"string"}}})"}))
                                .order_by(col<&Resource::protocol>, col<&Capability::name>)
                                .select(col<&Resource::protocol>, col<&Capability::name>);
        std::cout << '\n';
        for (auto const& [protocol, name] : db.all(titled)) std::cout << protocol << ' ' << name << " takes a title\n";
    });
}
