// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/database.hpp"
#include "unit/openapi_support.hpp"

#include <chrono>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <sark/sark.hpp>

#include "openapi/register.hpp"

namespace {

using namespace openapi_test;

/// Is a database with the governance schema and a connection to it.
struct governed {
    governed() { sark::migrate::upgrade(db, sark::migrations::chain); }

    openapi::outcome add(std::string const& text) { return add(std::vector<std::string>{text}).at(0); }
    std::vector<openapi::outcome> add(std::vector<std::string> const& texts) {
        std::vector<openapi::registration> all;
        for (std::string const& text : texts) all.push_back(mapped(text));
        return openapi::register_all(db, all);
    }

    /// Tells apart any two states: of a row that is written again, xmin is another one.
    [[nodiscard]] std::string state() const {
        return database.ask("SELECT coalesce(string_agg(t, E'\\n' ORDER BY t), '') FROM ("
                            "SELECT 'r ' || xmin::text || resources::text AS t FROM resources UNION ALL "
                            "SELECT 'c ' || xmin::text || capabilities::text FROM capabilities) AS rows");
    }

    sark::test::database database;
    sark::connection db{database.url()};
};

std::string counts(openapi::outcome const& done) {
    return std::to_string(done.inserted) + " " + std::to_string(done.updated) + " " + std::to_string(done.unchanged) +
           " " + std::to_string(done.removed);
}

std::string operation(std::string const& id, std::string const& more = "") {
    return R"({"operationId":")" + id + "\"" + (more.empty() ? "" : "," + more) + "}";
}

std::string three(std::string const& b_summary) {
    return document_of("\"/a\":{\"get\":" + operation("a") +
                       "},\"/b\":{\"put\":" + operation("b", "\"summary\":\"" + b_summary + "\"") +
                       "},\"/c\":{\"delete\":" + operation("c") + "}");
}

}  // namespace

TEST_CASE("openapi: registering twice writes once", "[openapi]") {
    governed g;
    CHECK(counts(g.add(three("one"))) == "3 0 0 0");
    CHECK(g.database.ask("SELECT count(DISTINCT x) FROM (SELECT xmin::text AS x FROM resources "
                         "UNION ALL SELECT xmin::text FROM capabilities) AS rows") == "1");
    std::string const before = g.state();
    auto const again = g.add(three("one"));
    CHECK(counts(again) == "0 0 3 0");
    CHECK(again.resource == sark::upserted::unchanged);
    CHECK(g.state() == before);
}

TEST_CASE("openapi: what changed is updated, what is gone is removed, what others made stays", "[openapi]") {
    governed g;
    g.add(three("one"));
    std::string const resource = "openapi:test";
    sark::Capability foreign{.id = "mine", .resource_id = resource, .name = "by hand"};
    g.db.insert(foreign);
    foreign.id = resource + "/mine";  // looks like one of ours, but says no method and path
    g.db.insert(foreign);
    std::string const a = g.database.ask("SELECT xmin::text || updated_at FROM capabilities WHERE name = 'a'");

    CHECK(counts(g.add(three("two"))) == "0 1 2 0");
    CHECK(g.database.ask("SELECT description FROM capabilities WHERE name = 'b'") == "two");
    CHECK(g.database.ask("SELECT xmin::text || updated_at FROM capabilities WHERE name = 'a'") == a);

    auto const smaller = g.add(
        document_of("\"/a\":{\"get\":" + operation("a") + "},\"/d\":{\"get\":" + operation("d") + "}"));
    CHECK(counts(smaller) == "1 0 1 2");
    CHECK(smaller.resource == sark::upserted::updated);  // without the delete it is less sensitive
    CHECK(g.database.ask("SELECT string_agg(id, ' ' ORDER BY id) FROM capabilities") ==
          "mine openapi:test/a openapi:test/d openapi:test/mine");
}

TEST_CASE("openapi: texts of a document stay texts", "[openapi]") {
    governed g;
    std::string const payload = "x'); DROP TABLE capabilities; --\\\" $1 \\\\ %s {} \xC3\xA9";
    auto const r = mapped(
        document_of("\"/" + payload + "\":{\"get\":" +
                        operation(payload, "\"description\":\"" + payload + "\",\"tags\":[\"" + payload +
                                               "\"],\"parameters\":[{\"name\":\"" + payload +
                                               "\",\"in\":\"query\",\"schema\":{\"const\":\"" + payload + "\"}}]") +
                        "}",
                    "", "3.1.0", payload));
    openapi::register_all(g.db, {r});
    std::string const said = "x'); DROP TABLE capabilities; --\" $1 \\ %s {} \xC3\xA9";
    auto const stored = g.db.one(sark::from<sark::Capability>());
    CHECK(stored.name == said);
    CHECK(stored.id == r.resource.id + "/" + said);
    CHECK(stored.description == said);
    CHECK(sark::from_json<sark::HttpOperation>(stored.metadata_).path == "/" + said);
    CHECK(stored.input_schema == r.capabilities.at(0).input_schema);
    CHECK(g.db.one(sark::from<sark::Resource>()).name == said);
    CHECK(counts(openapi::register_all(g.db, {r}).at(0)) == "0 0 1 0");
}

TEST_CASE("openapi: the stored schemas and numbers are those of the document", "[openapi]") {
    governed g;
    auto const r = mapped(document_of(
        R"("/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A~1%C3%A9"}}}}}}})",
        "\"components\":{\"schemas\":{\"A/"
        "\xC3\xA9\":{\"maximum\":1e300,\"minimum\":-123456789012345678901234567890.120,"
        "\"not\":{\"$ref\":\"#/components/schemas/A~1%C3%A9\"}}}}"));
    openapi::register_all(g.db, {r});
    auto const stored = g.db.one(sark::from<sark::Capability>());
    CHECK(stored.output_schema == r.capabilities.at(0).output_schema);
    CHECK(g.database.ask("SELECT output_schema #> '{$defs,A/\xC3\xA9,minimum}' FROM capabilities") ==
          "-123456789012345678901234567890.120");
    CHECK(g.database.ask(
              "SELECT (output_schema #>> '{$defs,A/\xC3\xA9,maximum}')::numeric = 1e300 FROM capabilities") == "t");
}

TEST_CASE("openapi: documents that want one id are refused, and nothing is written", "[openapi]") {
    governed g;
    CHECK_THROWS_WITH(g.add(std::vector<std::string>{three("one"), three("two")}),
                      ContainsSubstring("is also that of test.json"));
    CHECK(g.state().empty());

    g.add(three("one"));
    std::string const before = g.state();
    std::string const elsewhere = document_of("", R"("servers":[{"url":"https://other.example"}])");
    auto const other = openapi::map_document(openapi::check_document("other.json", elsewhere));
    CHECK_THROWS_WITH(openapi::register_all(g.db, {other}), ContainsSubstring("belongs to another resource"));
    CHECK(g.state() == before);
    // The same document may move its server, and another name of it is the same when the server is.
    CHECK(g.add(elsewhere).resource == sark::upserted::updated);
    CHECK(openapi::register_all(g.db, {other}).at(0).resource == sark::upserted::updated);
}

TEST_CASE("openapi: a resource of another adapter is not taken over", "[openapi]") {
    governed g;
    g.db.insert(sark::Resource{.id = "openapi:test", .name = "x", .protocol = "mcp", .endpoint = "/"});
    std::string const before = g.state();
    CHECK_THROWS_WITH(g.add(three("one")), ContainsSubstring("belongs to another resource"));
    CHECK(g.state() == before);
}

TEST_CASE("openapi: a failure of the last document undoes the first", "[openapi]") {
    governed g;
    std::vector<openapi::registration> all{mapped(three("one")), mapped(document_of("", "", "3.0.0", "Zebra"))};
    all.back().resource.protocol = "Not A Protocol";
    CHECK_THROWS_AS(openapi::register_all(g.db, all), sark::error);
    CHECK(g.state().empty());
    all.back().resource.protocol = "http";
    CHECK(openapi::register_all(g.db, all).size() == 2);
}

TEST_CASE("openapi: the line of a document says what happened", "[openapi]") {
    governed g;
    auto const r = mapped(three("one"));
    CHECK(openapi::line_of(r, openapi::register_all(g.db, {r}).at(0)) ==
          "test.json: Test (http) 3 operations: 3 new, 0 changed, 0 unchanged, 0 removed");
    auto const one = mapped(document_of(R"("/a":{"get":{"operationId":"a"}})"));
    CHECK(openapi::line_of(one, openapi::register_all(g.db, {one}).at(0)) ==
          "test.json: Test (http) 1 operation: 0 new, 0 changed, 1 unchanged, 2 removed, its description changed");
}

TEST_CASE("openapi: what is registered is found by its metadata", "[openapi]") {
    governed g;
    g.add(document_of("\"/a\":{\"delete\":" + operation("a") + "}",
                      R"("security":[{"k":[]}],"components":{"securitySchemes":{"k":{"type":"oauth2"}}})"));
    auto const found = g.db.all(sark::from<sark::typed<sark::HttpMetadata>>()
                                    .where(sark::meta<&sark::HttpMetadata::auth_method> == "oauth2")
                                    .with<sark::Capability>());
    REQUIRE(found.size() == 1);
    CHECK(found[0].metadata.openapi_version == "3.0.3");
    REQUIRE(found[0].children<sark::Capability>().size() == 1);
    CHECK(found[0].children<sark::Capability>()[0].sensitivity_level == sark::Sensitivity::high);
}

TEST_CASE("openapi: a large document registers, and again without a write", "[openapi]") {
    governed g;
    std::string const text = large_document(fields_of_large_document());
    auto const started = std::chrono::steady_clock::now();
    CHECK(counts(g.add(text)) == "1000 0 0 0");
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - started;
    INFO("registered " << text.size() << " bytes in " << took.count() << " s");
    // Bounded by what the file says, not by operations times definitions.
    CHECK(std::stoull(g.database.ask("SELECT sum(length(input_schema::text) + length(output_schema::text)) + "
                                     "(SELECT sum(length(metadata::text)) FROM resources) FROM capabilities")) <
          1'048'576 + 4 * text.size());
    std::string const before = g.database.ask(
        "SELECT md5(string_agg(xmin::text || id, ',' ORDER BY id)) FROM capabilities");
    CHECK(counts(g.add(text)) == "0 0 1000 0");
    CHECK(g.database.ask("SELECT md5(string_agg(xmin::text || id, ',' ORDER BY id)) FROM capabilities") == before);
}
