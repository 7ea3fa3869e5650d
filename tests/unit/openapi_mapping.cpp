// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "unit/openapi_support.hpp"

#include <string>
#include <sys/resource.h>

namespace {

using namespace openapi_test;
using sark::json;

std::string const pets = R"("/pets/{id}":{
    "parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}},
                  {"name":"page","in":"query","schema":{"type":"integer"}}],
    "get":{"operationId":"getPet","summary":"short","description":"long","tags":["pets","read"],
        "parameters":[{"name":"page","in":"query","required":true,"description":"which","schema":{"type":"number"}},
                      {"name":"Accept","in":"header","schema":{"type":"string"}}],
        "responses":{"default":{"content":{"application/json":{"schema":{"const":"default"}}}},
                     "404":{"content":{"application/json":{"schema":{"const":"404"}}}},
                     "204":{"content":{"application/json":{"schema":{"const":"204"}}}},
                     "201":{"content":{"text/plain":{"schema":{"const":"text"}},
                                       "application/json; charset=utf-8":{"schema":{"const":"201"}}}},
                     "2XX":{"content":{"application/json":{"schema":{"const":"2XX"}}}}}},
    "delete":{"deprecated":true,"responses":{"2XX":{"content":{"application/json":{"schema":{"const":"2XX"}}}},
                                             "default":{"content":{"application/json":{"schema":{"const":"d"}}}}}},
    "post":{"operationId":"","summary":"short","requestBody":{"required":true,"content":{
        "text/plain":{"schema":{"type":"string"}},"application/x+json":{"schema":{"type":"object"}}}},"responses":{}}})";

}  // namespace

TEST_CASE("openapi: an operation becomes a capability", "[openapi]") {
    auto const r = mapped(document_of(pets));
    CHECK(r.resource.id == "openapi:test");
    CHECK(r.resource.protocol == "http");
    REQUIRE(r.capabilities.size() == 3);

    auto const& get = named(r, "getPet");
    CHECK(get.id == "openapi:test/getPet");
    CHECK(get.resource_id == r.resource.id);
    CHECK(get.description == "long");
    CHECK(get.sensitivity_level == sark::Sensitivity::low);
    CHECK(get.metadata_ == json{R"({"method":"GET","path":"/pets/{id}","tags":["pets","read"]})"});
    // The operation's own page wins over that of the path; Accept belongs to the media types.
    CHECK(get.input_schema == json{R"({"type":"object","required":["id","page"],"properties":{
        "id":{"type":"string","x-in":"path"},"page":{"type":"number","description":"which","x-in":"query"}}})"});
    CHECK(get.output_schema == json{R"({"const":"201"})"});

    auto const& erase = named(r, "DELETE /pets/{id}");
    CHECK(erase.id == "openapi:test/DELETE /pets/{id}");
    CHECK(erase.sensitivity_level == sark::Sensitivity::high);
    CHECK_FALSE(erase.description);
    CHECK(erase.metadata_ == json{R"({"method":"DELETE","path":"/pets/{id}","deprecated":true})"});
    CHECK(erase.output_schema == json{R"({"const":"2XX"})"});

    auto const& post = named(r, "POST /pets/{id}");
    CHECK(post.description == "short");
    CHECK(post.output_schema == json{"{}"});
    CHECK(post.input_schema == json{R"({"type":"object","required":["id","body"],"properties":{
        "id":{"type":"string","x-in":"path"},"page":{"type":"integer","x-in":"query"},
        "body":{"type":"object","x-in":"body","x-media-type":"application/x+json"}}})"});
}

TEST_CASE("openapi: inputs that share a name are told apart by their place", "[openapi]") {
    auto const r = mapped(document_of(R"("/a/{id}":{"put":{"operationId":"x","parameters":[
        {"name":"id","in":"path","required":true,"schema":true},{"name":"id","in":"query","schema":false},
        {"name":"body","in":"header"}],"requestBody":{"content":{}}}})"));
    CHECK(named(r, "x").input_schema == json{R"({"type":"object","required":["path.id"],"properties":{
        "path.id":{"x-in":"path","x-name":"id"},"query.id":{"not":{},"x-in":"query","x-name":"id"},
        "header.body":{"x-in":"header","x-name":"body"},"body":{"x-in":"body"}}})"});
    CHECK_THAT(
        refusal(document_of(R"("/a":{"put":{"parameters":[{"name":"a","in":"query"},{"name":"a","in":"query"}]}})")),
        ContainsSubstring("stands here twice"));
    CHECK_THAT(refusal(document_of(R"("/a":{"put":{"parameters":[{"name":"a","in":"query"},{"name":"a","in":"header"},
        {"name":"query.a","in":"query"}]}})")),
               ContainsSubstring("would both be called \"query.a\""));
    CHECK_THAT(refusal(document_of(R"("/a":{"put":{"parameters":[{"name":"a","in":"body"}]}})")),
               ContainsSubstring("(/paths/~1a/put/parameters/0/in)"));
}

TEST_CASE("openapi: the resource says where and how the service is reached", "[openapi]") {
    auto const with = [](std::string const& more) { return mapped(document_of(pets, more)).resource; };
    CHECK(with("").endpoint == "/");
    CHECK(with("").sensitivity_level == sark::Sensitivity::high);
    auto const full = with(R"("servers":[{"url":"https://{a}.example.com:{p}/v1/","variables":{"a":{"default":"eu"},
        "p":{"default":"8443","enum":["443"]}}},{"url":"relative"}],"security":[{},{"k":[]}],
        "components":{"securitySchemes":{"k":{"type":"http","scheme":"Bearer"}}})");
    CHECK(full.endpoint == "https://eu.example.com:8443/v1/");
    CHECK(full.metadata_ == json{R"({"auth_method":"bearer","openapi_url":"test.json","openapi_version":"3.0.3",
        "api_version":"1","servers":["https://eu.example.com:8443/v1/","relative"]})"});
    CHECK_THAT(refusal(document_of("", R"("servers":[{"url":"https://{a}/"}])")),
               ContainsSubstring("variable \"a\" is not declared"));
    auto const published = openapi::map_document(openapi::check_document("a/b.json", document_of("")),
                                                 "https://x.example/o.json");
    CHECK(sark::from_json<sark::HttpMetadata>(published.resource.metadata_).openapi_url == "https://x.example/o.json");
    CHECK(published.resource.sensitivity_level == sark::Sensitivity::medium);
}

TEST_CASE("openapi: the authentication is that of the first requirement", "[openapi]") {
    auto const method = [](std::string const& scheme, bool of_operation = false) {
        std::string const need = R"("security":[{"s":[]}])";
        auto const r = mapped(
            document_of(R"("/a":{"get":{)" + (of_operation ? need : "") + "}}",
                        R"("components":{"securitySchemes":{"s":)" + scheme + "}}" + (of_operation ? "" : "," + need)));
        return *sark::from_json<sark::HttpMetadata>(r.resource.metadata_).auth_method;
    };
    CHECK(method(R"({"type":"apiKey"})") == "api_key");
    CHECK(method(R"({"type":"http","scheme":"basic"})") == "basic");
    CHECK(method(R"({"type":"oauth2"})", true) == "oauth2");
    CHECK(method(R"({"type":"openIdConnect"})") == "openid");
    CHECK(method(R"({"type":"mutualTLS"})") == "mutual_tls");
    CHECK_THAT(refusal(document_of("", R"("security":[{"s":[]}])")), ContainsSubstring("\"s\" is not declared"));
}

TEST_CASE("openapi: sensitivity follows the extension, then admin scopes, then the method", "[openapi]") {
    auto const level = [](std::string const& method, std::string const& in_operation, std::string const& in_root = "") {
        return sark::label_of(mapped(document_of("\"/a\":{\"" + method + "\":{" + in_operation + "}}", in_root))
                                  .capabilities.at(0)
                                  .sensitivity_level);
    };
    for (char const* method : {"get", "head", "options", "trace"}) CHECK(level(method, "") == "low");
    for (char const* method : {"post", "put", "patch"}) CHECK(level(method, "") == "medium");
    CHECK(level("delete", "") == "high");
    CHECK(level("get", R"("security":[{},{"x":["read","tenant:Admin"]}])",
                R"("components":{"securitySchemes":{"x":{"type":"oauth2"}}})") == "critical");
    std::string const admin =
        R"("components":{"securitySchemes":{"x":{"type":"oauth2"}}},"security":[{"x":["admin"]}])";
    CHECK(level("get", "", admin) == "critical");
    CHECK(level("get", R"("security":[])", admin) == "low");
    CHECK(level("delete", R"("x-sensitivity":"medium")", admin) == "medium");
    CHECK(level("get", "", R"("x-sensitivity":"high")") == "high");
    CHECK_THAT(refusal(document_of(R"("/a":{"get":{"x-sensitivity":"huge"}})")),
               ContainsSubstring("x-sensitivity is low"));
}

TEST_CASE("openapi: ids are stable, distinct, and fit their column", "[openapi]") {
    CHECK(openapi::slug("Paw & Claw (v2)!") == "paw-claw-v2");
    CHECK(openapi::slug("\xC3\x9C"
                        "ber") != openapi::slug("\xC3\x96"
                                                "ber"));
    CHECK_THAT(openapi::slug("\xC3\x9C"
                             "ber"),
               ContainsSubstring("ber-"));
    CHECK(openapi::slug("\xE2\x82\xAC").size() == 16);
    std::string const long_id(300, 'x');
    CHECK(openapi::fitted(long_id).size() == 255);
    CHECK(openapi::fitted(long_id) != openapi::fitted(long_id + "x"));
    CHECK(openapi::fitted(std::string(237, 'x') + "\xE2\x82\xAC" + long_id).size() == 254);
    CHECK(openapi::fitted(std::string(255, 'x')) == std::string(255, 'x'));
    CHECK(openapi::hash_of("") == "cbf29ce484222325");  // FNV-1a's published values
    CHECK(openapi::hash_of("foobar") == "85944171f73967e8");
    auto const r = mapped(document_of(R"("/a":{"get":{"operationId":")" + long_id + R"("},"put":{"operationId":")" +
                                      long_id + R"(y"}})"));
    CHECK(r.capabilities[0].id.size() == 255);
    CHECK(r.capabilities[0].id != r.capabilities[1].id);
    CHECK(r.capabilities[0].name.size() == 255);
    CHECK_THAT(refusal(document_of(R"("/a":{"get":{"operationId":"o"}},"/b":{"put":{"operationId":"o"}})")),
               ContainsSubstring("(/paths/~1b/put): the operationId \"o\" belongs to GET /a already"));
}

TEST_CASE("openapi: parts of wrong kinds are refused by their place", "[openapi]") {
    for (auto const& [paths, place] :
         {std::pair{R"("/a":[])", "(/paths/~1a)"},
          {R"("a":{})", "(/paths/a)"},
          {R"("/a":{"get":1})", "(/paths/~1a/get)"},
          {R"("/a":{"get":{"operationId":1}})", "(/paths/~1a/get/operationId)"},
          {R"("/a":{"get":{"parameters":{}}})", "(/paths/~1a/get/parameters)"},
          {R"("/a":{"get":{"parameters":[{"in":"query"}]}})", "(/paths/~1a/get/parameters/0)"},
          {R"("/a":{"get":{"tags":[1]}})", "(/paths/~1a/get/tags/0)"},
          {R"("/a":{"get":{"responses":[]}})", "(/paths/~1a/get/responses)"},
          {R"("/a":{"get":{"security":{}}})", "(/paths/~1a/get/security)"}}) {
        INFO(paths);
        CHECK_THAT(refusal(document_of(paths)), ContainsSubstring(place));
    }
}

TEST_CASE("openapi: a large document stays within its bounds", "[openapi]") {
    auto const peak = [] {
        rusage used{};
        getrusage(RUSAGE_SELF, &used);
        return static_cast<std::size_t>(used.ru_maxrss) * 1024;
    };
    std::string const text = large_document(fields_of_large_document());
    std::size_t const size = text.size();
    REQUIRE(size > 2'000'000);
    [[maybe_unused]] std::size_t const before = peak();
    auto const r = openapi::map_document(openapi::check_document("large.json", text));
    [[maybe_unused]] std::size_t const after = peak();
    CHECK(r.capabilities.size() == 1000);
    CHECK(bytes_of(r) < 1'048'576 + 4 * size);
    // Every operation needs all definitions: they are stored once, beside the resource.
    CHECK(named(r, "op1").output_schema == json{R"({"$ref":"urn:sark:openapi:large#/$defs/S3"})"});
    CHECK(sark::parse_json(r.resource.metadata_.text()).find("$defs")->members().size() == 1000);
    CHECK(dangling(r).empty());
#if !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SARK_TEST_UNDER_SANITIZER
#endif
#endif
#ifndef SARK_TEST_UNDER_SANITIZER
    CHECK(after - before < 20 * size);
#endif
#endif
}

TEST_CASE("openapi: something large that very many operations repeat is refused", "[openapi]") {
    std::string paths;
    for (int i = 0; i < 1000; ++i)
        paths += (i == 0 ? "" : ",") + ("\"/" + std::to_string(i)) + R"(":{"$ref":"#/components/pathItems/p"})";
    std::string const text = document_of(paths, R"("components":{"pathItems":{"p":{"get":{"description":")" +
                                                    std::string(100'000, 'x') + "\"}}}}");
    CHECK_THAT(refusal(text), ContainsSubstring("more than eight times the document"));
}
