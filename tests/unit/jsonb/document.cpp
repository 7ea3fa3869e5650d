// SPDX-License-Identifier: MIT
//
// Documents as trees and as structs: exact numbers, bounded depth, messages that say where and never what.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/models/http_metadata.hpp>

#include "catch.hpp"

using sark::json, sark::json_kind, sark::parse_json;

namespace {

std::string round(std::string_view text) { return parse_json(text).to_string(); }

std::string refusal(std::string_view text, sark::json_limits const& limits = {}) {
    try {
        (void)parse_json(text, limits);
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

enum class auth { none, basic, delete_ };

struct point {
    std::int32_t x{};
    std::int32_t y{};
};

struct everything {
    bool flag{};
    std::int16_t small{};
    std::int64_t big{};
    std::uint64_t huge{};
    double number{};
    float narrow{};
    std::string text{};
    sark::varchar<3> bounded{};
    auth kind{};
    std::optional<std::string> maybe{};
    std::vector<std::string> list{};
    std::vector<bool> bits{};
    std::map<std::string, std::int32_t> named{};
    point where_{};
    std::vector<point> path{};
    std::optional<point> last{};
};

struct deep {
    struct level {
        std::vector<std::map<std::string, point>> items{};
    };
    level one{};
};

template <class T>
std::string reading(std::string_view text) {
    try {
        (void)sark::from_json<T>(json{text});
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

}  // namespace

TEST_CASE("a tree keeps numbers as they were written") {
    for (std::string_view text :
         {"0", "-1", "1.0", "1.10", "1e2", "1E+2", "-0.0", "123456789012345678901234567890",
          "0.1234567890123456789012345678901234567890", "9007199254740993", "18446744073709551615", "1e308"})
        CHECK(round(text) == text);
    CHECK(round(" [ 1 , 2.50 ] ") == "[1,2.50]");
}

TEST_CASE("a tree keeps the order of keys, and of equal keys the last") {
    CHECK(round(R"({"b":1,"a":2})") == R"({"b":1,"a":2})");
    CHECK(round(R"({"a":1,"b":2,"a":3})") == R"({"b":2,"a":3})");
    CHECK(round(R"({"a":{"a":1,"a":2},"a":[{"x":1,"x":2}]})") == R"({"a":[{"x":2}]})");
    CHECK(parse_json(R"({"a":1})").find("a")->text() == "1");
    CHECK(parse_json(R"({"a":1})").find("b") == nullptr);
    CHECK(parse_json("[1]").find("a") == nullptr);
}

TEST_CASE("a tree writes texts with their escapes") {
    CHECK(round(R"("\u00e4\n\t\r\"\\\/\b\f\u0001")") == "\"ä\\n\\t\\r\\\"\\\\/\\u0008\\u000c\\u0001\"");
    CHECK(round(R"("\ud83d\ude00")") == "\"\xF0\x9F\x98\x80\"");
    CHECK(round(R"({"\u0061":null,"b":true,"c":false})") == R"({"a":null,"b":true,"c":false})");
}

TEST_CASE("documents are equal by value") {
    auto const equal = [](std::string_view a, std::string_view b) { return json{a} == json{b}; };
    CHECK(equal(R"({"a":1,"b":2})", R"( {"b":2, "a":1} )"));
    CHECK(equal("1", "1.0"));
    CHECK(equal("100", "1e2"));
    CHECK(equal("0", "-0.0e7"));
    CHECK(equal("1200e-2", "12"));
    CHECK(equal(R"("\u0061")", R"("a")"));
    CHECK(equal(R"({"a":1,"a":2})", R"({"a":2})"));
    CHECK(equal("[]", " [ ] "));
    CHECK_FALSE(equal("[1,2]", "[2,1]"));
    CHECK_FALSE(equal("9007199254740992", "9007199254740993"));  // equal as doubles
    CHECK_FALSE(equal("0.1", "0.10000000000000001"));
    CHECK_FALSE(equal("-1", "1"));
    CHECK_FALSE(equal("1", "\"1\""));
    CHECK_FALSE(equal("null", "false"));
    CHECK_FALSE(equal(R"({"a":null})", "{}"));
    CHECK_FALSE(equal(R"({"a":1})", R"({"b":1})"));
    CHECK(json{"{}"} != json{"[]"});
}

TEST_CASE("ten thousand keys are compared quickly, in any order") {
    std::string forth{"{"};
    std::string back{"{"};
    for (int i = 0; i < 10'000; ++i) {
        forth += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(i);
        back += (i == 0 ? "\"" : ",\"") + std::to_string(9'999 - i) + "\":" + std::to_string(9'999 - i);
    }
    CHECK(json{forth + "}"} == json{back + "}"});
    CHECK_FALSE(json{forth + "}"} == json{back + ",\"10000\":1}"});
}

TEST_CASE("a refusal names line and column and repeats nothing") {
    CHECK(refusal("{") == "sark: the document is not JSON at line 1, column 2: the text ends early. Correct it.");
    CHECK_THAT(refusal("{\n  \"a\": x\n}"), ContainsSubstring("line 2, column 8"));
    CHECK_THAT(refusal("{\"password\": secret}"), !ContainsSubstring("secret") && !ContainsSubstring("password"));
    for (std::string_view bad : {"",
                                 " ",
                                 "nul",
                                 "{a:1}",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "'a'",
                                 "\"a",
                                 "[1 2]",
                                 "{} x",
                                 "NaN",
                                 "Infinity",
                                 "// c\n1",
                                 "\"\t\"",
                                 "\"\xFF\"",
                                 "\"\\x\"",
                                 "\"\\ud800\"",
                                 "\"\\ude00x\"",
                                 "\"\\ud83d\\u0041\""})
        CHECK_THAT(refusal(bad), ContainsSubstring("is not JSON at line "));
}

TEST_CASE("what jsonb cannot hold is refused") {
    CHECK_THAT(refusal(R"("\u0000")"), ContainsSubstring("the escape \\u0000"));
    CHECK_THAT(refusal(R"({"\u0000":1})"), ContainsSubstring("the escape \\u0000"));
}

TEST_CASE("depth and size are bounded") {
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(round(nested(128)) == nested(128));
    CHECK_THAT(refusal(nested(129)), ContainsSubstring("nested more than 128 levels deep"));
    CHECK_THAT(refusal(nested(100'000)), ContainsSubstring("nested more than 128 levels deep"));
    CHECK_THAT(refusal(std::string(100'000, '[')), ContainsSubstring("nested more than 128 levels deep"));
    CHECK(refusal("[[]]", {.depth = 2}) == "was taken");
    CHECK_THAT(refusal("[[[]]]", {.depth = 2}), ContainsSubstring("nested more than 2 levels"));
    CHECK(refusal("1", {.depth = 0}) == "was taken");
    CHECK_THAT(refusal("[1,2]", {.bytes = 4}), ContainsSubstring("has more bytes than the 4 that are allowed"));
}

TEST_CASE("a struct becomes a document and a struct again") {
    everything const value{.flag = true,
                           .small = -32768,
                           .big = std::numeric_limits<std::int64_t>::min(),
                           .huge = std::numeric_limits<std::uint64_t>::max(),
                           .number = 0.1,
                           .narrow = 0.1F,
                           .text = "ä\"\\\n",
                           .bounded = "äöü",
                           .kind = auth::delete_,
                           .maybe = std::nullopt,
                           .list = {"a", ""},
                           .bits = {true, false},
                           .named = {{"k\"1", 1}, {"k2", 2}},
                           .where_ = {1, 2},
                           .path = {{3, 4}, {5, 6}},
                           .last = point{7, 8}};
    json const document = sark::to_json(value);
    CHECK(document.text() ==
          R"({"flag":true,"small":-32768,"big":-9223372036854775808,"huge":18446744073709551615,"number":0.1,)"
          R"("narrow":0.1,"text":"ä\"\\\n","bounded":"äöü","kind":"delete","list":["a",""],"bits":[true,false],)"
          R"("named":{"k\"1":1,"k2":2},"where":{"x":1,"y":2},"path":[{"x":3,"y":4},{"x":5,"y":6}],)"
          R"("last":{"x":7,"y":8}})");
    auto const again = sark::from_json<everything>(document);
    CHECK(sark::to_json(again).text() == document.text());
    CHECK(again.big == value.big);
    CHECK(again.huge == value.huge);
    CHECK(again.narrow == value.narrow);
    CHECK_FALSE(again.maybe.has_value());
    CHECK(again.named == value.named);
}

TEST_CASE("absent, null and present are told apart where they can be") {
    using sark::from_json;
    CHECK_FALSE(from_json<sark::HttpMetadata>(json{"{}"}).auth_method.has_value());
    CHECK_FALSE(from_json<sark::HttpMetadata>(json{R"({"auth_method":null})"}).auth_method.has_value());
    CHECK(from_json<sark::HttpMetadata>(json{R"({"auth_method":""})"}).auth_method == "");
    CHECK(from_json<sark::HttpMetadata>(json{R"({"unknown":{"deep":[1]},"auth_method":"x"})"}).auth_method == "x");
    CHECK(sark::to_json(sark::HttpMetadata{}).text() == "{}");
    CHECK(sark::to_json(std::vector<std::optional<int>>{1, std::nullopt}).text() == "[1,null]");
}

TEST_CASE("a document that does not fit says where") {
    CHECK_THAT(reading<point>("[]"), ContainsSubstring("an object at $."));
    CHECK_THAT(reading<point>(R"({"x":1})"), ContainsSubstring("a value at $.y."));
    CHECK_THAT(reading<point>(R"({"x":1,"y":null})"), ContainsSubstring("a number at $.y."));
    CHECK_THAT(reading<point>(R"({"x":1,"y":"secret"})"),
               ContainsSubstring("a number at $.y.") && !ContainsSubstring("secret"));
    CHECK_THAT(reading<point>(R"({"x":2147483648,"y":1})"),
               ContainsSubstring("an integer that its member holds at $.x"));
    CHECK_THAT(reading<point>(R"({"x":1.5,"y":1})"), ContainsSubstring("an integer that its member holds at $.x"));
    CHECK_THAT(reading<deep>(R"({"one":{"items":[{},{"a":{"x":1,"y":2}},{"a":{"x":1,"y":2},"b":{"x":true}}]}})"),
               ContainsSubstring("a number at $.one.items[2].b.x."));
    CHECK_THAT(reading<std::vector<auth>>(R"(["none","other"])"), ContainsSubstring("a label of its enum at $[1]."));
    CHECK_THAT(reading<sark::varchar<2>>(R"("abc")"), ContainsSubstring("text that is short enough at $."));
    CHECK_THAT(reading<bool>("1"), ContainsSubstring("a boolean at $."));
    CHECK(reading<std::map<std::string, std::vector<int>>>(R"({"a":[1,2],"b":[]})") == "was taken");
}

TEST_CASE("a value without a JSON form is refused when it is written") {
    CHECK_THROWS_WITH(sark::to_json(std::numeric_limits<double>::infinity()), ContainsSubstring("no NaN"));
    CHECK_THROWS_WITH(sark::to_json(std::numeric_limits<double>::quiet_NaN()), ContainsSubstring("no NaN"));
    CHECK_THROWS_WITH(sark::to_json(std::string{"a\xFF"}), ContainsSubstring("not UTF-8 at byte 1"));
    using namespace std::string_literals;
    CHECK_THROWS_WITH(sark::to_json("a\0"s), ContainsSubstring("NUL"));
    CHECK_THROWS_WITH(sark::to_json(static_cast<auth>(9)), ContainsSubstring("no label"));
    CHECK_THROWS_AS(sark::to_json(std::map<std::string, int>{{"\xC0", 1}}), sark::error);
}
