// SPDX-License-Identifier: MIT
//
// The exact text of a struct's CHECK and of its JSON Schema.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sark/jsonb/document_check.hpp>
#include <sark/jsonb/json_schema.hpp>

#include "catch.hpp"

namespace document_texts {

enum class Mode { fast, safe };

struct Small {
    std::int16_t n{};
    std::optional<Mode> mode_{};
    sark::other_members others{};
};
struct Strict {
    sark::maybe<sark::numeric<4, 2>> amount{};
};
struct Old {
    bool on{};
};
struct Newer {
    std::array<sark::varchar<300>, 2> names{};
};
inline Newer upcast(Old) { return {}; }
using Choice = std::variant<Strict, sark::unknown_document>;

}  // namespace document_texts

using namespace document_texts;

template <>
inline constexpr auto sark::unknown_members_of<Strict> = sark::unknown_members::reject;
template <>
inline constexpr std::string_view sark::tag_of<Strict> = "it's";
template <>
inline constexpr auto sark::versions_of<Newer> = sark::versions<Old, Newer>{"v"};
template <>
inline constexpr std::string_view sark::protocol_of<Small> = "small";

TEST_CASE("the CHECK of a struct is one path of SQL/JSON") {
    CHECK(sark::document_check<Small, "doc"> ==
          R"(jsonb_path_match("doc", 'strict ($.type() == "object")"
          R"( && ($.keyvalue().key == "n" && ($."n".type() == "number" && $."n" >= -32768 && $."n" <= 32767)"
          R"( && ($."n").floor() == $."n")))"
          R"( && (!($.keyvalue().key == "mode") || $."mode".type() == "null" || ($."mode".type() == "string")"
          R"( && ($."mode" == "fast" || $."mode" == "safe"))))') IS TRUE)");
    CHECK(sark::document_check<Choice, "doc"> ==
          R"(jsonb_path_match("doc", 'strict ($.type() == "object" && (!($.keyvalue().key == "type"))"
          R"( || !($."type".type() == "string") || (($."type" != "it''s" || $.type() == "object")"
          R"( && (!($.keyvalue().key == "amount") || $."amount".type() == "null")"
          R"( || ($."amount".type() == "number" && $."amount" > -100 && $."amount" < 100)"
          R"( && ($."amount" * 100).floor() == $."amount" * 100)))"
          R"( && !exists($.keyvalue() ? (!(@.key == "amount" || @.key == "type")))))))') IS TRUE)");
    CHECK(sark::protocol_document_check<Small, "protocol", "metadata">.starts_with(
        R"("protocol" IS DISTINCT FROM 'small' OR jsonb_path_match("metadata", 'strict )"));
}

TEST_CASE("the JSON Schema of a struct") {
    CHECK(sark::json_schema<Small> ==
          R"({"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[{"type":"object","properties":{)"
          R"("n":{"type":"integer","minimum":-32768,"maximum":32767},)"
          R"("mode":{"anyOf":[{"enum":["fast","safe"]},{"type":"null"}]}},"required":["n"]}]})");
    CHECK(sark::json_schema<Choice> ==
          R"({"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[{"oneOf":[)"
          R"({"type":"object","properties":{"type":{"const":"it's"},"amount":{"anyOf":[{"type":"number",)"
          R"("exclusiveMinimum":-100,"exclusiveMaximum":100,"multipleOf":1e-2},{"type":"null"}]}},)"
          R"("required":["type"],"additionalProperties":false},)"
          R"({"type":"object","not":{"properties":{"type":{"enum":["it's"]}},"required":["type"]}}]}]})");
    CHECK(sark::json_schema<Newer> ==
          R"({"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[{"oneOf":[)"
          R"({"type":"object","properties":{"v":{"const":1},"on":{"type":"boolean"}},"required":["on"]},)"
          R"({"type":"object","properties":{"v":{"const":2},"names":{"type":"array","items":{"type":"string",)"
          R"("maxLength":300},"minItems":2,"maxItems":2}},"required":["v","names"]}]}]})");
    CHECK(sark::json_schema<std::map<std::string, std::vector<sark::json>>>.ends_with(
        R"([{"type":"object","additionalProperties":{"type":"array","items":true}}]})"));
}
