// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "unit/openapi_support.hpp"

#include <string>

namespace {

using namespace openapi_test;
using sark::json;

/// Gives the stored form of a response's schema, among these components.
json stored(std::string const& schema, std::string const& schemas, std::string const& version = "3.1.0") {
    auto const r = mapped(
        document_of(R"("/a":{"get":{"operationId":"o","responses":{"200":{"content":{"application/json":{"schema":)" +
                        schema + "}}}}}}",
                    R"("components":{"schemas":{)" + schemas + "}}", version));
    CHECK(dangling(r).empty());
    // Each definition stands there once: the reader of documents refuses repeated keys.
    CHECK_NOTHROW(openapi::json_text{"stored", r.capabilities.at(0).output_schema.text()});
    return r.capabilities.at(0).output_schema;
}

std::string refused(std::string const& ref) {
    return refusal(document_of(R"("/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":")" +
                                   ref + "\"}}}}}}}",
                               R"("components":{"schemas":{"A":{"title":"x"}}})"));
}

}  // namespace

TEST_CASE("openapi: a schema carries what it needs, and no more", "[openapi]") {
    CHECK(
        stored(
            R"({"$ref":"#/components/schemas/A"})",
            R"("A":{"properties":{"b":{"$ref":"#/components/schemas/B"}}},"B":{"items":{"$ref":"#/components/schemas/C"}},
                    "C":true,"D":{"$ref":"#/components/schemas/A"})") ==
        json{R"({"$ref":"#/$defs/A","$defs":{"A":{"properties":{"b":{"$ref":"#/$defs/B"}}},
                   "B":{"items":{"$ref":"#/$defs/C"}},"C":{}}})"});
    CHECK(stored(R"({"type":"string"})", R"("A":{})") == json{R"({"type":"string"})"});
}

TEST_CASE("openapi: cycles of references stay cycles", "[openapi]") {
    CHECK(stored(R"({"$ref":"#/components/schemas/A"})",
                 R"("A":{"anyOf":[{"$ref":"#/components/schemas/B"},{"$ref":"#/components/schemas/A"}]},
                    "B":{"not":{"$ref":"#/components/schemas/A"}})") ==
          json{R"({"$ref":"#/$defs/A","$defs":{"A":{"anyOf":[{"$ref":"#/$defs/B"},{"$ref":"#/$defs/A"}]},
                   "B":{"not":{"$ref":"#/$defs/A"}}}})"});
    CHECK(stored(R"({"$ref":"#/components/schemas/A"})", R"("A":{"$ref":"#/components/schemas/A"})") ==
          json{R"({"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/A"}}})"});
}

TEST_CASE("openapi: escapes of pointers and of URIs are understood and written", "[openapi]") {
    CHECK(stored(R"({"items":{"$ref":"#/components/schemas/a~1b~0c%20%25%C3%A4"}})",
                 "\"a/b~c %\xC3\xA4\":{\"title\":\"x\"}") ==
          json{"{\"items\":{\"$ref\":\"#/$defs/a~1b~0c%20%25%C3%A4\"},\"$defs\":{\"a/b~c "
               "%\xC3\xA4\":{\"title\":\"x\"}}}"});
    // A schema whose name looks like a place is named by its own place.
    CHECK(stored(R"({"$ref":"#/components/schemas/~1x"})", R"("/x":{})") ==
          json{R"({"$ref":"#/$defs/~1components~1schemas~1~01x","$defs":{"/components/schemas/~1x":{}}})"});
}

TEST_CASE("openapi: references may lead to any place of the document", "[openapi]") {
    CHECK(stored(
              R"({"allOf":[{"$ref":"#/components/schemas/A/properties/p"},{"$ref":"#/components/schemas/A/oneOf/1"}]})",
              R"("A":{"properties":{"p":{"type":"string"}},"oneOf":[{},{"title":"x"}]})") ==
          json{R"({"allOf":[{"$ref":"#/$defs/~1components~1schemas~1A~1properties~1p"},
                            {"$ref":"#/$defs/~1components~1schemas~1A~1oneOf~11"}],
                   "$defs":{"/components/schemas/A/properties/p":{"type":"string"},
                            "/components/schemas/A/oneOf/1":{"title":"x"}}})"});
}

TEST_CASE("openapi: references that mean nothing are refused", "[openapi]") {
    CHECK_THAT(refused("#/components/schemas/B"), ContainsSubstring("leads to nothing"));
    CHECK_THAT(refused("#/components/schemas/A/title/x"), ContainsSubstring("leads to nothing"));
    CHECK_THAT(refused("#/components/schemas/A/title"), ContainsSubstring("no schema"));
    CHECK_THAT(refused("#"), ContainsSubstring("whole document"));
    CHECK_THAT(refused("#/components/schemas/A~2"), ContainsSubstring("~0 or ~1"));
    CHECK_THAT(refused("#/components/schemas/A%2"), ContainsSubstring("%"));
    CHECK_THAT(refusal(document_of(R"("/a":{"get":{"responses":{"200":{"$ref":"#/components/responses/A"}}}})",
                                   R"("components":{"responses":{"A":{"$ref":"#/components/responses/B"},
                                      "B":{"$ref":"#/components/responses/A"}}})")),
               ContainsSubstring("lead in a circle"));
}

TEST_CASE("openapi: references to other documents are kept and named", "[openapi]") {
    auto const r = mapped(document_of(R"("/a":{"get":{"operationId":"o","parameters":[{"$ref":"common.json#/Limit"}],
        "responses":{"200":{"content":{"application/json":{"schema":{"items":{"$ref":"https://x.example/s.json#/P"}}}}}}}},
        "/b":{"$ref":"paths.json#/b"})"));
    REQUIRE(r.capabilities.size() == 1);
    CHECK(r.capabilities[0].output_schema == json{R"({"items":{"$ref":"https://x.example/s.json#/P"}})"});
    CHECK(r.capabilities[0].input_schema ==
          json{R"({"type":"object","properties":{},"x-unresolved":["common.json#/Limit"]})"});
    CHECK(r.outside == std::vector<std::string>{"common.json#/Limit", "https://x.example/s.json#/P", "paths.json#/b"});
}

TEST_CASE("openapi: parameters, bodies, responses and path items are followed", "[openapi]") {
    std::string const large = R"({"type":"object","description":")" + std::string(2000, 'x') + "\"}";
    auto const r = mapped(document_of(R"("/a":{"$ref":"#/components/pathItems/P"},"/b":{"$ref":"#/paths/~1a"})",
                                      R"("components":{"pathItems":{"P":{"put":{
            "parameters":[{"$ref":"#/components/parameters/Q"}],"requestBody":{"$ref":"#/components/requestBodies/B"},
            "responses":{"200":{"$ref":"#/components/responses/R"}}}}},
        "parameters":{"Q":{"name":"q","in":"query","schema":{"type":"string"}}},
        "requestBodies":{"B":{"required":true,"content":{"application/json":{"schema":)" +
                                          large + R"(}}}},
        "responses":{"R":{"content":{"application/json":{"schema":{"title":"r"}}}}}})"));
    REQUIRE(r.capabilities.size() == 2);
    CHECK(dangling(r).empty());
    for (sark::Capability const& c : r.capabilities) {
        CHECK(c.output_schema == json{R"({"title":"r"})"});
        // What is common and large is a definition, so that it can be stored once.
        CHECK(c.input_schema ==
              json{R"({"type":"object","required":["body"],"properties":{"q":{"type":"string","x-in":"query"},
            "body":{"$ref":"#/$defs/~1components~1requestBodies~1B~1content~1application~01json~1schema","x-in":"body",
            "x-media-type":"application/json"}},
            "$defs":{"/components/requestBodies/B/content/application~1json/schema":)" +
                   large + "}}"});
    }
}

TEST_CASE("openapi: only schemas have references, data has none", "[openapi]") {
    std::string const data =
        R"({"default":{"$ref":"#/nowhere"},"enum":[{"$ref":"#/nowhere"}],"example":{"$ref":"#/nowhere"},
        "x-more":{"items":{"$ref":"#/nowhere"}},"properties":{"$ref":{"type":"string"},"default":{"$ref":"#/components/schemas/A"}}})";
    auto const r = mapped(
        document_of(R"("/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":)" + data + "}}}}}}",
                    R"("components":{"schemas":{"A":{}}})"));
    std::string const expected =
        R"({"default":{"$ref":"#/nowhere"},"enum":[{"$ref":"#/nowhere"}],"example":{"$ref":"#/nowhere"},
        "x-more":{"items":{"$ref":"#/nowhere"}},"properties":{"$ref":{"type":"string"},"default":{"$ref":"#/$defs/A"}},
        "$defs":{"A":{}}})";
    CHECK(r.capabilities.at(0).output_schema == json{expected});
}

TEST_CASE("openapi: discriminators map to the stored definitions", "[openapi]") {
    CHECK(stored(
              R"({"discriminator":{"propertyName":"k","mapping":{"a":"A","b":"#/components/schemas/B","c":"c.json"}}})",
              R"("A":{},"B":{})") ==
          json{R"({"discriminator":{"propertyName":"k","mapping":{"a":"#/$defs/A","b":"#/$defs/B","c":"c.json"}},
                   "$defs":{"A":{},"B":{}}})"});
}

TEST_CASE("openapi: what 3.0 says in its own words is said in JSON Schema's", "[openapi]") {
    std::string const schema = R"({"type":"integer","nullable":true,"minimum":1,"exclusiveMinimum":true,"maximum":9,
        "exclusiveMaximum":false,"items":{"$ref":"#/components/schemas/A","description":"ignored"}})";
    CHECK(
        stored(schema, R"("A":{})", "3.0.3") ==
        json{
            R"({"type":["integer","null"],"exclusiveMinimum":1,"maximum":9,"items":{"$ref":"#/$defs/A"},"$defs":{"A":{}}})"});
    CHECK(stored(R"({"$ref":"#/components/schemas/A","description":"kept"})", R"("A":{})", "3.1.0") ==
          json{R"({"$ref":"#/$defs/A","description":"kept","$defs":{"A":{}}})"});
}

TEST_CASE("openapi: definitions of a schema's own stay its own", "[openapi]") {
    CHECK(stored(R"({"$defs":{"A":{"title":"own"}},"$ref":"#/components/schemas/A"})", R"("A":{"title":"far"})") ==
          json{R"({"allOf":[{"$defs":{"A":{"title":"own"}},"$ref":"#/$defs/A"}],"$defs":{"A":{"title":"far"}}})"});
    CHECK(stored(R"({"items":{"$id":"urn:x","$ref":"#/$defs/Y","$defs":{"Y":{}}}})", "") ==
          json{R"({"items":{"$id":"urn:x","$ref":"#/$defs/Y","$defs":{"Y":{}}}})"});
}
