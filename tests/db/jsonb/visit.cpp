// SPDX-License-Identifier: MIT
//
// Rows of several protocols at once, and proof of how often a document is read: not at all in plain rows, once in typed
// ones.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::GrpcMetadata, sark::HttpMetadata, sark::McpMetadata, sark::Resource, sark::col, sark::from;

namespace visit_test {

/// Counts how often it is read, by its own reading instead of the reflected one.
struct Counted {
    std::string text{};
    inline static std::size_t reads = 0;
};

}  // namespace visit_test

using visit_test::Counted;

template <>
inline constexpr std::string_view sark::protocol_of<Counted> = "counted";
template <>
struct sark::detail::document_access<Counted> {
    static Counted read(std::string_view text) {
        ++Counted::reads;
        return {std::string{text}};
    }
};

TEST_CASE("rows of several protocols") {
    sark::test::database const database;
    sark::connection db{database.url()};
    for (std::string_view const statement : sark::create_statements<Resource>) db.execute(statement);
    auto const name = [](auto const& row) {
        return sark::visit(
            row, [](McpMetadata const& m) { return "mcp " + m.transport; },
            [](HttpMetadata const& h) { return "http " + h.auth_method.value_or("-"); },
            [](sark::unknown_document const& other) { return "other " + other.document.text(); });
    };

    SECTION("each comes with the struct of its protocol, and the rest with its text") {
        auto const add = [&](std::string id, std::string protocol, std::string document) {
            db.insert(Resource{
                .id = id, .name = "n", .protocol = protocol, .endpoint = "e", .metadata_ = sark::json{document}});
        };
        add("a", "mcp", R"({"transport":"stdio"})");
        add("b", "http", R"({"auth_method":"oauth2"})");
        add("c", "grpc", R"({"service":"s"})");
        add("d", "carrier-pigeon", R"({"birds":3})");

        std::vector<std::string> names;
        auto const query = from<sark::typed_any<McpMetadata, HttpMetadata>>().order_by(col<&Resource::id>);
        for (auto const& row : db.all(query)) names.push_back(row.id + ": " + name(row));
        CHECK(names == std::vector<std::string>{"a: mcp stdio", "b: http oauth2", R"(c: other {"service": "s"})",
                                                R"(d: other {"birds": 3})"});
        CHECK(query.sql.find("WHERE") == std::string_view::npos);
        CHECK(db.count(from<sark::typed_any<GrpcMetadata>>()) == 4);

        // A plain row is read when it is visited.
        std::size_t known = 0;
        for (Resource const& row : db.all(from<Resource>()))
            known += sark::visit<GrpcMetadata, HttpMetadata>(
                row, [](GrpcMetadata const& g) { return g.service.size(); },
                [](HttpMetadata const&) { return std::size_t{10}; },
                [](sark::unknown_document const&) { return std::size_t{100}; });
        CHECK(known == 211);

        add("e", "mcp", R"({"transport":["secret"]})");
        CHECK_THROWS_WITH(db.all(query), ContainsSubstring("text at $.transport") && !ContainsSubstring("secret"));
    }

    SECTION("plain rows parse nothing, typed ones each document once") {
        // A column of text holds what no parser takes: whoever looked at it would have to refuse it.
        auto const count = sark::test::sized<std::size_t>(5'000, 100'000);
        db.execute("DROP INDEX ix_resources_metadata_gin");
        db.execute("ALTER TABLE resources ALTER metadata DROP DEFAULT, ALTER metadata TYPE text");
        db.execute("INSERT INTO resources SELECT 'r' || n, 'n', 'counted', 'e', 'low', '{\"no JSON', now(), now() FROM "
                   "generate_series(1, " +
                   std::to_string(count) + ") n");
        auto const rows = db.all(from<Resource>());
        CHECK(rows.size() == count);
        CHECK(rows.back().metadata_.text() == "{\"no JSON");
        CHECK_THROWS_AS(sark::parse_json(rows.back().metadata_.text()), sark::error);

        Counted::reads = 0;
        CHECK(db.all(from<sark::typed<Counted>>()).size() == count);
        CHECK(Counted::reads == count);
        Counted::reads = 0;
        CHECK(db.all(from<sark::typed_any<HttpMetadata, Counted>>()).size() == count);
        CHECK(Counted::reads == count);
        // Nor is the text of a protocol read that nobody named.
        CHECK(db.all(from<sark::typed_any<HttpMetadata, McpMetadata>>()).size() == count);
    }
}
