// SPDX-License-Identifier: MIT
//
// Values of nlohmann/json: all of a document is in the value and all of a value in the document, or there is an error
// that says where.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <sark/jsonb/document.hpp>
#include <sark/nlohmann.hpp>

#include "catch.hpp"

using sark::from_nlohmann, sark::json, sark::to_nlohmann;

namespace {

static_assert(sark::nlohmann_value<nlohmann::json> && sark::nlohmann_value<nlohmann::ordered_json>);
static_assert(!sark::nlohmann_value<sark::json> && !sark::nlohmann_value<std::string>);

template <class F>
std::string refusal(F const& f) {
    try {
        f();
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

std::string refused_text(char const* text, sark::json_limits const& limits = {}) {
    return refusal([&] { (void)to_nlohmann(json{text}, limits); });
}
std::string refused_value(nlohmann::json const& value, sark::json_limits const& limits = sark::sending_limits) {
    return refusal([&] { (void)from_nlohmann(value, limits); });
}

}  // namespace

TEST_CASE("nlohmann: documents become what its own parser makes of them") {
    for (char const* text : {"null",
                             "true",
                             "false",
                             "0",
                             "-0",
                             "5",
                             "-5",
                             "18446744073709551615",
                             "-9223372036854775808",
                             "5.0",
                             "0.1",
                             "9.90",
                             "1e3",
                             "-2.5E-3",
                             R"("")",
                             R"("a\"\\\né\ud83d\ude00\u0001")",
                             "[]",
                             "{}",
                             "[[[]],{}]",
                             R"({"b":[1,2.5,null,{"c":"d"}],"a":{"":true},"b c":[]})",
                             R"({"k":1,"k":2})",
                             "100000000000000000000",
                             "5e-324",
                             "1.7976931348623157e308"}) {
        CAPTURE(text);
        auto const value = to_nlohmann(json{text});
        CHECK(value == nlohmann::json::parse(text));
        CHECK(value.type() == nlohmann::json::parse(text).type());
    }
}

TEST_CASE("nlohmann: numbers that it has no exact form for are refused by path") {
    for (char const* number : {"18446744073709551617", "-9223372036854775809", "123456789012345678901234567890",
                               "1e400", "1e-400", "0.12345678901234567890", "1234567890.123456789"}) {
        CAPTURE(number);
        std::string const said = refused_text((R"({"a":[0,{"b":)" + std::string{number} + "}]}").c_str());
        CHECK(said.find("at $.a[1].b.") != std::string::npos);
        CHECK(said.find("parse_json") != std::string::npos);
        CHECK(said.find(number) == std::string::npos);
    }
    CHECK(refused_text("[0.1, 0.10, 1e22, 18446744073709551616]") == "was taken");
}

TEST_CASE("nlohmann: the guard stands before it") {
    std::string deep(129, '[');
    deep.append(129, ']');
    CHECK(refused_text(deep.c_str()).find("nested more than 128 levels") != std::string::npos);
    CHECK(refused_text(deep.c_str(), {.depth = 129}) == "was taken");
    CHECK(refused_text("[1,]").find("is not JSON") != std::string::npos);
    CHECK(refused_text(R"({"k":1,"k":2})", {.refuse_repeated_keys = true}) != "was taken");
}

TEST_CASE("nlohmann: the order of keys stays where its type keeps it") {
    json const document{R"({"z":1,"a":{"y":2,"b":3}})"};
    auto const ordered = to_nlohmann<nlohmann::ordered_json>(document);
    CHECK(ordered.dump() == document.text());
    CHECK(from_nlohmann(ordered).text() == document.text());
}

TEST_CASE("nlohmann: values come back as they were") {
    nlohmann::json value;
    value["text"] = "a\"\\\n\x01\xC3\xA9";
    value["list"] = {1, -2, 2.5, 1.0, true, nullptr, nlohmann::json::object(), nlohmann::json::array()};
    value["big"] = std::numeric_limits<std::uint64_t>::max();
    value["small"] = std::numeric_limits<std::int64_t>::min();
    value["third"] = 1.0 / 3;
    value["least"] = std::numeric_limits<double>::denorm_min();
    json const document = from_nlohmann(value);
    CHECK(nlohmann::json::parse(document.text()) == value);
    CHECK(to_nlohmann(document) == value);
}

TEST_CASE("nlohmann: values of a program become structs") {
    struct settings {
        std::string name{};
        std::vector<std::int32_t> ports{};
    };
    nlohmann::json const value = {{"name", "a"}, {"ports", {80, 443}}};
    auto const read = sark::from_json<settings>(from_nlohmann(value));
    CHECK(read.name == "a");
    CHECK(read.ports == std::vector<std::int32_t>{80, 443});
    CHECK(to_nlohmann(sark::to_json(read)) == value);
}

TEST_CASE("nlohmann: what JSON or jsonb cannot hold is refused by path") {
    auto const in_list = [](nlohmann::json bad) { return nlohmann::json{{"a", nlohmann::json::array({1, bad})}}; };
    for (double const bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()})
        CHECK(refused_value(in_list(bad)).find("there is one at $.a[1]") != std::string::npos);
    CHECK(refused_value(in_list(nlohmann::json::binary({1, 2}))).find("at $.a[1]: bytes") != std::string::npos);
    CHECK(refused_value(nlohmann::json::parse("[", nullptr, false)).find("could not be parsed") != std::string::npos);
    CHECK(refused_value(in_list(std::string("a\0b", 3))).find("$.a[1]") != std::string::npos);
    CHECK(refused_value(in_list("\xFF")).find("$.a[1]") != std::string::npos);
    CHECK(refused_value({{"\xFF", 1}}).find("a name in the object at $ ") != std::string::npos);

    nlohmann::json deep = 1;
    for (int i = 0; i < 129; ++i) deep = nlohmann::json::array({deep});
    CHECK(refused_value(deep).find("nested") != std::string::npos);
    CHECK(refused_value(deep, {.depth = 129}) == "was taken");
    CHECK(refused_value(nlohmann::json(std::vector<int>(11)), {.values = 11}).find("more values") != std::string::npos);
}
