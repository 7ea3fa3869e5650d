// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "unit/openapi_support.hpp"

#include <string>

#include "openapi/value.hpp"

namespace {

std::string refused(std::string const& text) {
    try {
        openapi::json_text const parsed{"a.json", text};
    } catch (openapi::bad_input const& e) { return e.what(); }
    return "accepted";
}

}  // namespace

TEST_CASE("openapi: values say their keys, their texts and where they stand", "[openapi]") {
    openapi::json_text const text{"a.json",
                                  R"( {"n": [1.50, 1e300, 123456789012345678901234567890], "a\u00e4\ud83d\ude00\n":
        {"deep": {"x/y~": null}}, "t": true, "e": {}, "l": []} )"};
    openapi::value const root = text.root();
    std::string numbers;
    openapi::value const list = *root.find("n");
    for (openapi::value const n : list) numbers += n.raw() + " ";
    CHECK(numbers == "1.50 1e300 123456789012345678901234567890 ");
    auto const escaped = root.find("a\xC3\xA4\xF0\x9F\x98\x80\n");
    REQUIRE(escaped);
    CHECK(escaped->key() == "a\xC3\xA4\xF0\x9F\x98\x80\n");
    CHECK(escaped->find("deep")->find("x/y~")->pointer() == "/a\xC3\xA4\xF0\x9F\x98\x80\n/deep/x~1y~0");
    CHECK(root.find("t")->is_true());
    CHECK(root.find("e")->is_empty());
    CHECK(root.find("l")->is_empty());
    CHECK_FALSE(root.find("nothing"));
    CHECK_FALSE(root.find("t")->find("t"));
}

TEST_CASE("openapi: what is not JSON is refused with file and place", "[openapi]") {
    CHECK(refused("") == "a.json: the file is empty. Give an OpenAPI document as JSON.");
    CHECK(refused("{\n  \"a\": 1,\n}") ==
          "a.json: the document is not JSON at line 3, column 1: a name in double quotes is missing. Correct it.");
    CHECK_THAT(refused("{\"a\":1"), ContainsSubstring("at line 1, column 7: the text ends early"));
    CHECK_THAT(refused("{} {}"), ContainsSubstring("at line 1, column 4: something follows the end"));
    CHECK_THAT(refused("\xEF\xBB\xBF{}"), ContainsSubstring("byte order mark"));
    CHECK_THAT(refused(std::string{"\xFF\xFE{\0", 4}), ContainsSubstring("UTF-16"));
}

TEST_CASE("openapi: what PostgreSQL would refuse or change is refused before it gets there", "[openapi]") {
    CHECK_THAT(refused(R"({"a":["b\u0000"]})"),
               ContainsSubstring("the escape \\u0000, which jsonb cannot hold, at $.a[0] "));
    CHECK_THAT(refused(R"(["\ud800"])"), ContainsSubstring("surrogate"));
    CHECK_THAT(refused("{\"a\":\n\"\xFF\"}"), ContainsSubstring("line 2, column 2: bytes that are not UTF-8"));
    CHECK(refused("[1.7976931348623157e+308, 1e-400, -1e400, 1e131071, 0.10, 1E+5, 0e0, -1.5e-3]") == "accepted");
    for (char const* number : {"1e131072", "-1e131072", "1e999999999999999999999"})
        CHECK_THAT(refused("[0,\n" + std::string{number} + "]"),
                   ContainsSubstring("more digits than the 131072 that jsonb holds, at $[1]"));
    CHECK_THAT(refused("[1e-16384]"), ContainsSubstring("more decimals than the 16383 that jsonb holds"));
}

TEST_CASE("openapi: repeated keys are refused, however they are spelled", "[openapi]") {
    CHECK(refused("{\"a\":1,\n\"b\":2, \"a\":3}") ==
          "a.json: the document has a key twice, at $.a (line 2, column 13). Correct it.");
    CHECK_THAT(refused(R"({"x":[{"a":1,"\u0061":2}]})"), ContainsSubstring("has a key twice, at $.x[0].a "));
    CHECK(refused(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})") == "accepted");
}

TEST_CASE("openapi: depth is bounded", "[openapi]") {
    CHECK(refused(std::string(128, '[') + std::string(128, ']')) == "accepted");
    CHECK_THAT(refused(std::string(129, '[') + std::string(129, ']')), ContainsSubstring("nested more than 128"));
    CHECK_THAT(refused(std::string(100'000, '[')), ContainsSubstring("nested more than 128"));
}

TEST_CASE("openapi: JSON that is no OpenAPI document is refused by what it is", "[openapi]") {
    using openapi_test::refusal;
    CHECK_THAT(refusal(R"({"swagger":"2.0","info":{}})"), ContainsSubstring("(/swagger): this is Swagger 2.0"));
    CHECK_THAT(refusal("openapi: 3.0.0\ninfo:\n  title: x\n"), ContainsSubstring("this is YAML. Convert"));
    CHECK_THAT(refusal("---\nopenapi: 3.0.0\n"), ContainsSubstring("this is YAML. Convert"));
    CHECK_THAT(refusal(R"({"name":"x"})"), ContainsSubstring("not an OpenAPI document"));
    CHECK_THAT(refusal("[1]"), ContainsSubstring("has to be an object"));
    CHECK_THAT(refusal(R"({"openapi":3})"), ContainsSubstring("(/openapi): this is a number and has to be a string."));
    CHECK_THAT(refusal(R"({"openapi":"3.2.0"})"), ContainsSubstring("OpenAPI 3.2.0 is not understood"));
    CHECK_THAT(refusal(R"({"openapi":"3.0.0","paths":{}})"), ContainsSubstring("\"info\" is missing"));
    CHECK_THAT(refusal(R"({"openapi":"3.1.0","info":{"title":"x","version":"1"}})"),
               ContainsSubstring("\"paths\" is missing"));
    CHECK_THAT(refusal(R"({"openapi":"3.1.0","info":{"version":"1"},"paths":{}})"),
               ContainsSubstring("(/info): \"title\" is missing"));
    CHECK_THAT(refusal(R"({"openapi":"3.1.0","info":{"title":" ","version":"1"},"paths":{}})"),
               ContainsSubstring("title is empty"));
    CHECK_THAT(refusal(R"({"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":[]})"),
               ContainsSubstring("(/paths): this is an array and has to be an object"));
}

TEST_CASE("openapi: messages steer no terminal", "[openapi]") {
    CHECK(openapi::printable("a\x1b[31m\x07\x7f\xC2\x9B") == "a\\x1b[31m\\x07\\x7f\\x9b");
    CHECK(openapi::printable("\xC3\xA4\xE2\x82\xAC") == "\xC3\xA4\xE2\x82\xAC");
    CHECK(openapi::printable(std::string(200, 'a')) == std::string(160, 'a') + "...");
    CHECK(openapi::printable("\xE2\x82\xAC\xE2\x82\xAC", 4) == "\xE2\x82\xAC...");
}
