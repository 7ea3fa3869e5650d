// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>
#include <vector>

#include <sark/sark.hpp>

#include "mcp/register.hpp"

namespace {

struct governed {
    governed() { sark::migrate::upgrade(db, sark::migrations::chain); }

    /// Tells apart any two states: of a row that is written again, xmin is another one.
    [[nodiscard]] std::string state() const {
        return database.ask("SELECT coalesce(string_agg(t, E'\\n' ORDER BY t), '') FROM ("
                            "SELECT 'r ' || xmin::text || resources::text AS t FROM resources UNION ALL "
                            "SELECT 'c ' || xmin::text || capabilities::text FROM capabilities) AS rows");
    }

    sark::test::database database;
    sark::connection db{database.url()};
};

mcp::registration server_of(std::vector<std::string> const& tools, std::string const& command = "serve",
                            std::string const& instructions = "One.") {
    mcp::server_description server{
        .revision = "2025-06-18", .name = "files", .instructions = instructions, .capabilities = {"tools"}};
    for (std::string const& name : tools)
        server.tools.push_back(sark::parse_json(R"({"name":")" + name + R"(","inputSchema":{"type":"object"}})"));
    return mcp::map_server(server, mcp::command{{command}});
}

}  // namespace

TEST_CASE("mcp: registering twice writes once, and what is gone is removed", "[mcp]") {
    governed g;
    auto const three = server_of({"a", "b", "c"});
    CHECK(mcp::line_of(three, mcp::register_server(g.db, three)) ==
          "serve: files (mcp) 3 tools: 3 new, 0 changed, 0 unchanged, 0 removed");
    std::string const before = g.state();
    CHECK(mcp::line_of(three, mcp::register_server(g.db, three)) ==
          "serve: files (mcp) 3 tools: 0 new, 0 changed, 3 unchanged, 0 removed");
    CHECK(g.state() == before);

    g.db.insert(sark::Capability{.id = "mcp:files/mine", .resource_id = "mcp:files", .name = "by hand"});
    auto const other = server_of({"a", "d"}, "serve", "Two.");
    CHECK(mcp::line_of(other, mcp::register_server(g.db, other)) ==
          "serve: files (mcp) 2 tools: 1 new, 0 changed, 1 unchanged, 2 removed, its description changed");
    CHECK(g.database.ask("SELECT string_agg(id, ' ' ORDER BY id) FROM capabilities") ==
          "mcp:files/a mcp:files/d mcp:files/mine");
    auto const found = g.db.all(
        sark::from<sark::typed<sark::McpMetadata>>().where(sark::meta<&sark::McpMetadata::transport> == "stdio"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].metadata.description == "Two.");
}

TEST_CASE("mcp: what others wrote into the metadata stays, what the server no longer says goes", "[mcp]") {
    governed g;
    mcp::register_server(g.db, server_of({"a"}));
    g.database.execute("UPDATE resources SET metadata = metadata || '{\"owner_id\":\"u1\",\"tags\":[\"x\"],"
                       "\"server_version\":\"0\"}'");
    CHECK(mcp::register_server(g.db, server_of({"a"}, "serve", "Two.")).resource == sark::upserted::updated);
    CHECK(
        g.database.ask("SELECT metadata->>'owner_id' || (metadata->'tags')::text || (metadata ? 'server_version')::text"
                       " || (metadata->>'description') FROM resources") == "u1[\"x\"]falseTwo.");
    std::string const before = g.state();
    CHECK(mcp::register_server(g.db, server_of({"a"}, "serve", "Two.")).resource == sark::upserted::unchanged);
    CHECK(g.state() == before);
}

TEST_CASE("mcp: a resource of another command or protocol is not taken over", "[mcp]") {
    governed g;
    mcp::register_server(g.db, server_of({"a"}));
    std::string const before = g.state();
    CHECK_THROWS_WITH(mcp::register_server(g.db, server_of({"b"}, "other")),
                      ContainsSubstring("belongs to another resource or to another command"));
    CHECK(g.state() == before);
    CHECK(mcp::register_server(g.db, server_of({"b"}, "other"), true).removed == 1);
    CHECK(g.database.ask("SELECT endpoint FROM resources") == "stdio:other");
    g.database.execute("UPDATE resources SET protocol = 'http'");
    CHECK_THROWS_WITH(mcp::register_server(g.db, server_of({"b"}, "other"), true),
                      ContainsSubstring("a resource of another protocol"));
}
