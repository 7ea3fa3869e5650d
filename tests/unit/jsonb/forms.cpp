// SPDX-License-Identifier: MIT
//
// What a struct can hold of a document: exact values, three states, strangers, alternatives and versions.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sark/jsonb/document.hpp>
#include <sark/types/numeric.hpp>

#include "catch.hpp"
#include "unit/codec/allocations.hpp"

using sark::from_json, sark::json, sark::to_json;

namespace document_forms {

struct exact {
    sark::numeric<38, 10> amount{};
    std::int64_t big{};
    std::uint64_t huge{};
    sark::timestamp at{};
    sark::date day{};
    sark::uuid id{};
    sark::varchar<3> code{};
    std::array<int, 2> pair{};
    std::set<std::string> names{};
    json raw{};
};

struct patch {
    sark::maybe<std::string> owner{};
    sark::maybe<std::vector<int>> list{};
    std::optional<int> plain{};
};

struct open_box {
    std::int32_t known{};
    sark::other_members rest_{};
};

struct closed_box {
    std::int32_t known{};
    std::optional<open_box> inside{};
};

struct circle {
    double radius{};
};
struct square {
    std::int32_t side{};
    sark::other_members more{};
};
using shape = std::variant<circle, square>;
using any_shape = std::variant<sark::unknown_document, circle, square>;
struct drawing {
    std::vector<shape> shapes{};
    std::optional<any_shape> last{};
};

struct node {
    std::string name{};
    std::vector<node> children{};
};

struct config_1 {
    std::int32_t port{};
};
struct config_2 {
    std::int32_t port{};
    std::int32_t tls_port{};
};
struct config {
    std::array<std::int32_t, 2> ports{};
    std::optional<bool> strict{};
};
constexpr config_2 upcast(config_1 old) { return {old.port, old.port + 363}; }
constexpr config upcast(config_2 old) { return {{old.port, old.tls_port}, true}; }

}  // namespace document_forms

template <>
inline constexpr auto sark::unknown_members_of<document_forms::closed_box> = sark::unknown_members::reject;
template <>
inline constexpr std::string_view sark::tag_of<document_forms::circle> = "circle";
template <>
inline constexpr std::string_view sark::tag_of<document_forms::square> = "square";
template <>
inline constexpr std::string_view sark::tag_key_of<document_forms::any_shape> = "kind";
template <>
inline constexpr auto sark::versions_of<document_forms::config> =
    sark::versions<document_forms::config_1, document_forms::config_2, document_forms::config>{"v"};

using namespace document_forms;

namespace {

template <class T>
std::string reading(std::string_view text) {
    try {
        (void)from_json<T>(json{text});
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

template <class T>
std::string round(std::string_view text) {
    return to_json(from_json<T>(json{text})).text();
}

// The chain of versions is a constant expression where the structs allow it.
static_assert(sark::detail::raise_version<config, 0>(config_1{80}).ports[1] == 443);

}  // namespace

TEST_CASE("values that other parsers round come back exactly") {
    constexpr std::string_view text =
        R"({"amount":1234567890123456789012345678.0123456789,"big":-9223372036854775808,"huge":18446744073709551615,)"
        R"("at":"2026-02-28T23:59:59.000001Z","day":"2024-02-29","id":"00112233-4455-6677-8899-aabbccddeeff",)"
        R"("code":"äöü","pair":[1,2],"names":["a","b"],"raw":{"deep":[1e400,0.10,123456789012345678901234567890]}})";
    CHECK(round<exact>(text) == text);
    auto const value = from_json<exact>(json{text});
    CHECK(value.amount.to_string() == "1234567890123456789012345678.0123456789");
    CHECK(value.raw.text() == R"({"deep":[1e400,0.10,123456789012345678901234567890]})");
    CHECK(value.at.unix_micros() == 1'772'323'199'000'001);
}

TEST_CASE("numbers are read by value, and none is rounded") {
    using cents = sark::numeric<6, 2>;
    for (std::string_view text : {"12.5", "12.50", "12.500", "1.25e1", "1250e-2", "0.125E+2"})
        CHECK(from_json<cents>(json{text}).to_string() == "12.50");
    CHECK(from_json<cents>(json{"-0"}).to_string() == "0.00");
    CHECK(from_json<cents>(json{"-1e-2"}).to_string() == "-0.01");
    for (std::string_view text : {"0.001", "10000", "1e400", "1e-400", "99999999999999999999999999"})
        CHECK_THAT(reading<cents>(text), ContainsSubstring("a decimal that its member holds exactly at $."));
    CHECK_THAT(reading<cents>("\"1\""), ContainsSubstring("a number at $."));
    for (std::string_view text : {"100", "100.0", "1e2", "1.00E2", "10000e-2"})
        CHECK(from_json<int>(json{text}) == 100);
    for (std::string_view text : {"1.5", "1e-1", "2147483648", "1e10", "1e400", "-2147483649"})
        CHECK_THAT(reading<std::int32_t>(text), ContainsSubstring("an integer that its member holds at $."));
    CHECK(from_json<double>(json{"1e-400"}) == 0.0);
    CHECK(from_json<double>(json{"5e-324"}) == 5e-324);
    CHECK_THAT(reading<double>("1e309"), ContainsSubstring("a number that its member holds at $."));
    CHECK_THAT(reading<float>("1e39"), ContainsSubstring("a number that its member holds at $."));
}

TEST_CASE("instants, days and uuids have one spelling, and sensible ones are read") {
    auto const micros = [](std::string_view text) {
        return from_json<sark::timestamp>(json{"\"" + std::string{text} + "\""}).unix_micros();
    };
    CHECK(micros("1970-01-01T00:00:00Z") == 0);
    CHECK(micros("1970-01-01 00:00:00+00:00") == 0);
    CHECK(micros("1970-01-01T02:00:00.5+02:00") == 500'000);
    CHECK(micros("1969-12-31T20:30:00-03:30") == 0);
    CHECK(micros("0001-01-01T00:00:00Z") == -62'135'596'800'000'000);
    CHECK(to_json(sark::timestamp::from_unix_micros(-1)).text() == "\"1969-12-31T23:59:59.999999Z\"");
    for (std::string_view text : {"infinity", "-infinity"}) {
        CHECK(round<sark::timestamp>("\"" + std::string{text} + "\"") == "\"" + std::string{text} + "\"");
        CHECK(round<sark::date>("\"" + std::string{text} + "\"") == "\"" + std::string{text} + "\"");
    }
    for (std::string_view text :
         {"\"\"", "\"1970-01-01\"", "\"1970-01-01T00:00:00\"", "\"1970-02-29T00:00:00Z\"", "\"1970-01-01T24:00:00Z\"",
          "\"1970-01-01T00:00:60Z\"", "\"1970-01-01T00:00:00.1234567Z\"", "\"1970-01-01T00:00:00.Z\"",
          "\"0000-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00+16:00\"", "\"1970-01-01T00:00:00Z \"", "\"now\""})
        CHECK_THAT(reading<sark::timestamp>(text), ContainsSubstring("an instant as 2026-12-31T23:59:59Z at $."));
    CHECK(reading<sark::date>("\"2000-02-29\"") == "was taken");
    for (std::string_view text :
         {"\"1900-02-29\"", "\"2026-04-31\"", "\"2026-4-3\"", "\"0000-01-01\"", "\"2026-00-10\""})
        CHECK_THAT(reading<sark::date>(text), ContainsSubstring("a date as 2026-12-31 at $."));
    CHECK_THAT(reading<sark::uuid>("\"00112233-4455-6677-8899-AABBCCDDEEFF\""),
               ContainsSubstring("a uuid in lower case"));
    CHECK_THROWS_WITH(to_json(exact{}),
                      ContainsSubstring("at $.at of a document, a timestamp") && ContainsSubstring("was not set"));
    CHECK_THROWS_WITH(to_json(sark::timestamp::from_unix_micros(std::numeric_limits<std::int64_t>::max() - 1)),
                      ContainsSubstring("years 1 to 9999"));
}

TEST_CASE("a member is absent, null or a value, and stays what it is") {
    for (std::string_view text : {R"({})", R"({"owner":null})", R"({"owner":"x","list":null})", R"({"list":[]})"})
        CHECK(round<patch>(text) == text);
    auto value = from_json<patch>(json{R"({"owner":null,"plain":null})"});
    CHECK(value.owner.is_null());
    CHECK(value.list.is_absent());
    CHECK_FALSE(value.plain.has_value());
    CHECK(to_json(value).text() == R"({"owner":null})");  // a plain optional reads null and leaves it out
    value.owner = "z";
    value.list = sark::json_null;
    CHECK(to_json(value).text() == R"({"owner":"z","list":null})");
    value.owner.reset();
    CHECK(to_json(value).text() == R"({"list":null})");
    CHECK_THAT(reading<patch>(R"({"owner":1})"), ContainsSubstring("text at $.owner."));
}

TEST_CASE("members of others are kept, ignored or refused, as the struct says") {
    // Kept as they are spelled, behind the struct's own.
    CHECK(round<open_box>(R"({"a b" : [1.50, 1e400], "known":1,"":{}, "rest":"r" })") ==
          R"({"known":1,"a b":[1.50, 1e400],"":{},"rest":"r"})");
    auto box = from_json<open_box>(json{R"({"known":1,"x":1,"x":2,"\u0079":3})"});
    CHECK(box.rest_.size() == 2);
    CHECK(box.rest_.find("x")->text() == "2");
    box.rest_.set("x", json{"[]"});
    CHECK(box.rest_.erase("y"));
    CHECK_FALSE(box.rest_.erase("y"));
    CHECK(to_json(box).text() == R"({"known":1,"x":[]})");
    box.rest_.set("x", json{"{broken"});
    CHECK_THROWS_WITH(to_json(box), ContainsSubstring("to be put at $.x is not JSON") && !ContainsSubstring("broken"));
    box.rest_.set("known", json{"2"});
    CHECK_THROWS_WITH(to_json(box), ContainsSubstring("its struct has itself, $.known") || ContainsSubstring("$.x"));
    // Ignored where nothing is said: `circle` inside of a list, below. Refused by name:
    CHECK_THAT(reading<closed_box>(R"({"known":1,"other":"secret"})"),
               ContainsSubstring("a member that its struct has at $.other") && !ContainsSubstring("secret"));
    CHECK(round<closed_box>(R"({"known":1,"inside":{"known":2,"n":null}})") ==
          R"({"known":1,"inside":{"known":2,"n":null}})");
}

TEST_CASE("an alternative is found by its tag, wherever that stands") {
    constexpr std::string_view text =
        R"({"shapes":[{"type":"circle","radius":0.5},{"type":"square","side":2,"color":"red"}],)"
        R"("last":{"kind":"hexagon","sides":[6.00]}})";
    CHECK(round<drawing>(text) == text);
    auto const value = from_json<drawing>(
        json{R"({"shapes":[{"radius":1,"extra":0,"type":"circle"}],"last":{"side":1,"kind":"\u0073quare"}})"});
    CHECK(std::get<circle>(value.shapes.at(0)).radius == 1);
    CHECK(std::get<square>(*value.last).side == 1);
    CHECK(std::get<square>(*value.last).more.empty());
    CHECK_THAT(reading<drawing>(R"({"shapes":[{"type":"hexagon"}]})"),
               ContainsSubstring("the tag of one of its alternatives at $.shapes[0].type"));
    CHECK_THAT(reading<drawing>(R"({"shapes":[{"side":1}]})"), ContainsSubstring("at $.shapes[0].type"));
    CHECK_THAT(reading<drawing>(R"({"shapes":[[]]})"), ContainsSubstring("an object at $.shapes[0]."));
    CHECK_THAT(reading<drawing>(R"({"shapes":[],"last":{"kind":"square","side":"x"}})"),
               ContainsSubstring("a number at $.last.side."));
    CHECK(std::holds_alternative<sark::unknown_document>(
        *from_json<drawing>(json{R"({"shapes":[],"last":{"kind":7}})"}).last));
}

TEST_CASE("a struct may hold itself, and paths show no more than a name") {
    using named = std::map<std::string, int>;
    constexpr std::string_view text =
        R"({"name":"a","children":[{"name":"b","children":[{"name":"c","children":[]}]}]})";
    CHECK(round<node>(text) == text);
    CHECK_THAT(reading<node>(R"({"name":"a","children":[{"name":"b","children":[{"name":"c"}]}]})"),
               ContainsSubstring("a value at $.children[0].children[0].children."));
    CHECK_THAT(reading<named>("{\"a\\u0007 b\":true}"), ContainsSubstring("a number at $[\"a? b\"]."));
    CHECK_THAT(reading<named>("{\"" + std::string(500, 'k') + "\":true}"),
               ContainsSubstring("kkk...\"]") && !ContainsSubstring(std::string(65, 'k')));
}

TEST_CASE("any version of a document is read, and the newest written") {
    CHECK(round<config>(R"({"port":80})") == R"({"v":3,"ports":[80,443],"strict":true})");
    CHECK(round<config>(R"({"v":1,"port":80})") == R"({"v":3,"ports":[80,443],"strict":true})");
    CHECK(round<config>(R"({"port":80,"tls_port":444,"v":2})") == R"({"v":3,"ports":[80,444],"strict":true})");
    CHECK(round<config>(R"({"v":3,"ports":[1,2]})") == R"({"v":3,"ports":[1,2]})");
    CHECK(reading<config>(R"({"v":4,"ports":[1,2]})") ==
          "sark: the document at $ is of a newer version than this program knows, which is 3. Update the program.");
    CHECK_THAT(reading<config>(R"({"v":0})"), ContainsSubstring("a version number at $.v"));
    CHECK_THAT(reading<config>(R"({"v":"1"})"), ContainsSubstring("a number at $.v"));
    CHECK_THAT(reading<config>(R"({"v":2,"port":80})"), ContainsSubstring("a value at $.tls_port"));
    CHECK_THAT(reading<config>("[]"), ContainsSubstring("an object at $."));
    CHECK(round<std::vector<config>>(R"([{"port":1}])") == R"([{"v":3,"ports":[1,364],"strict":true}])");
}

TEST_CASE("members are found in any order of keys, however they are spelled and however many there are") {
    struct names {
        std::int32_t zz{};
        std::int32_t b{};
        std::int32_t type_{};
        std::int32_t a_long_one{};
        std::optional<std::int32_t> aa{};
        std::int32_t a{};
    };
    std::vector<std::string> keys{"\"a\":1", "\"\\u0062\":2", "\"aa\":3", "\"zz\":4", "\"type\":5", "\"a_long_one\":6"};
    std::string strangers;
    for (int i = 0; i < 200; ++i) strangers += ",\"k" + std::to_string(i) + "\":[{\"a\":[9,{}]},\"b\"]";
    std::sort(keys.begin(), keys.end());
    std::size_t wrong = 0;
    do {
        std::string text{"{"};
        for (std::string const& key : keys) text += (text.size() == 1 ? "" : ",") + key;
        auto const read = from_json<names>(json{text + strangers + "}"});
        wrong += read.a == 1 && read.b == 2 && read.aa == 3 && read.zz == 4 && read.type_ == 5 && read.a_long_one == 6
                     ? 0
                     : 1;
    } while (std::next_permutation(keys.begin(), keys.end()));
    CHECK(wrong == 0);
    CHECK(from_json<names>(json{R"({"a":1,"b":2,"zz":4,"type":5,"a_long_one":6,"b":7})"}).b == 7);
    CHECK_THROWS_WITH(from_json<names>(json{R"({"a":1,"b":2,"zz":4,"aa":3,"a_long_one":6})"}),
                      ContainsSubstring("a value at $.type."));
}

TEST_CASE("reading a document allocates for long texts and for lists, once each") {
    struct part {
        std::int64_t rps{};
        std::int64_t burst{};
    };
    struct whole {
        std::string team{};
        std::string contact{};
        bool active{};
        std::vector<std::string> tags{};
        std::optional<part> limits{};
    };
    json const document{R"({"team": "short", "contact": "somebody with a long name@example.org", "active": true,
                           "tags": ["a", "b", "c", "d", "e"], "limits": {"rps": 100, "burst": 200}, "more": [[], {}]})"};
    std::size_t const before = sark::test::allocations();
    auto const read = from_json<whole>(document);
    CHECK(sark::test::allocations() == before + 2);
    CHECK(read.contact == "somebody with a long name@example.org");
    CHECK(read.tags.size() == 5);
    CHECK(read.limits->burst == 200);
}

TEST_CASE("strings of every length are read, wherever something in them needs a look") {
    for (std::size_t length = 0; length < 40; ++length) {
        std::string const plain(length, 'x');
        for (std::string_view const special : {"\\n", "\\u00e4", "\xC3\xA4", "\xF0\x9F\x98\x80", "\x7F", "\\\"", ""}) {
            std::string const spelled = plain + std::string{special} + plain;
            auto const meant = from_json<std::string>(json{"\"" + spelled + "\""});
            std::string const written = to_json(meant).text();
            CHECK(from_json<std::string>(json{written}) == meant);
            CHECK(meant.starts_with(plain));
            CHECK(meant.ends_with(plain));
            CHECK_THROWS_AS(from_json<std::string>(json{"\"" + plain + "\x1F" + plain + "\""}), sark::error);
            CHECK_THROWS_AS(from_json<std::string>(json{"\"" + plain + "\xFF" + plain + "\""}), sark::error);
        }
    }
}

TEST_CASE("arrays of a fixed length have that length") {
    using three = std::array<int, 3>;
    CHECK(round<three>("[1,2,3]") == "[1,2,3]");
    for (std::string_view text : {"[]", "[1,2]", "[1,2,3,4]"})
        CHECK_THAT(reading<three>(text), ContainsSubstring("an array of as many elements as its member at $."));
    CHECK(round<std::set<int>>("[3,1,3,2]") == "[1,2,3]");
}
