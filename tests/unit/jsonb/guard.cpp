// SPDX-License-Identifier: MIT
//
// The guard: what it lets through, what it refuses and where it says so. Each case names the row of the list of bad
// inputs that it answers (B2, 19 to 50). All of them:
//
//   row    input                                     here   elsewhere in tests
//   19-21  NUL as an escape, escapes cut as text     x      db/jsonb/guard.cpp
//   22     half of a surrogate pair                  x      db/jsonb/guard.cpp
//   23     repeated keys                             x
//   24-25  integers of more digits than doubles      x      unit/jsonb/forms.cpp "numbers are read by value…"
//   26     1e400                                     x      db/jsonb/guard.cpp
//   27-28  few characters, 131,072 digits            x      db/jsonb/guard.cpp, at both ends of numeric
//   29     spellings of one number                   x      unit/jsonb/document.cpp, db/jsonb/traps.cpp "1.0 is 1…"
//   30-31  NaN, infinity, bytes that are not UTF-8   x
//   32     depth                                     x      db/jsonb/guard.cpp
//   33-35  size                                      x
//   36-37  what is not JSON                          x      db/jsonb/guard.cpp
//   38     null, missing, NULL                       x      db/jsonb/traps.cpp, unit/jsonb/forms.cpp "a member is…"
//   39     set with NULL                                    db/jsonb/traps.cpp, db/jsonb/edits.cpp
//   40     set below a missing parent                       db/jsonb/traps.cpp, db/jsonb/edits.cpp
//   41     index past the end, word for an index            db/jsonb/traps.cpp
//   42     brace, comma, quote in a key                     db/jsonb/traps.cpp, sql/jsonb/paths.cpp
//   43     the key "0" and the index 0                      db/jsonb/traps.cpp
//   44     text pasted into a JSON path                     db/jsonb/traps.cpp
//   45     a variable that nobody gives                     db/jsonb/traps.cpp, rejects/a_json_path_has_its_variables
//   46     strict path without key                          db/jsonb/traps.cpp
//   47     JSON path of 100,000 brackets                    db/jsonb/traps.cpp
//   48-49  another kind, fractions                   x      db/jsonb/traps.cpp, unit/jsonb/forms.cpp
//   50     unknown, missing and null members         x      unit/jsonb/forms.cpp "members of others…"

#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <sark/codec/text.hpp>
#include <sark/jsonb/document.hpp>

#include "catch.hpp"

using sark::checked, sark::json;

namespace {

/// Binds a document as a statement would.
std::string binding(json const& document) {
    sark::parameters out;
    try {
        sark::codec<json>::encode(out, document);
    } catch (sark::error const& failed) { return failed.what(); }
    return out.values()[0] == document.text() ? "was sent" : "was changed";
}
std::string binding(std::string_view text) { return binding(json{text}); }

std::string parsing(std::string_view text, sark::json_limits const& limits = {}) {
    try {
        (void)sark::parse_json(text, limits);
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

struct one {
    std::optional<int> n{};
    std::optional<double> d{};
    std::optional<std::string> s{};
};

struct required {
    int n{};
};

template <class T>
std::string reading(std::string_view text) {
    try {
        (void)sark::from_json<T>(json{text});
    } catch (sark::error const& failed) { return failed.what(); }
    return "was taken";
}

}  // namespace

TEST_CASE("guard: rows 19 to 21, a NUL has no escape either, and nothing is edited as text") {
    CHECK(binding(R"({"a":["x","\u0000"]})") == "sark: the text of parameter $1 has the escape \\u0000, which jsonb "
                                                "cannot hold, at $.a[1] (line 1, column 12). "
                                                "Correct it.");
    CHECK_THAT(binding(R"({"\u0000":1})"), ContainsSubstring("the escape \\u0000"));
    CHECK_THAT(binding(std::string{"\"a\0b\"", 5}), ContainsSubstring("a control character"));
    CHECK(binding(R"({"a":"\\u0000"})") == "was sent");
    CHECK(sark::parse_json(R"("\\u0000")").text() == "\\u0000");
    // Documents of `json` columns may have it: reading says so before anything else is made of them.
    CHECK_THAT(parsing(R"(["\u0000"])"), ContainsSubstring("the escape \\u0000"));
}

TEST_CASE("guard: row 22, half a character is none") {
    for (std::string_view bad : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud83d\u0041")", R"("\ud83d\ud83d")",
                                 R"("\ud83d\)", R"("\ud8)"})
        CHECK_THAT(binding(bad), ContainsSubstring("is not JSON at line 1, column "));
    CHECK(binding(R"("\ud83d\ude00")") == "was sent");
}

TEST_CASE("guard: row 23, repeated keys are refused before they are sent, and the last one is read") {
    CHECK_THAT(binding(R"({"a":1,"b":{"x":1,"y":2,"x":3}})"), ContainsSubstring("has a key twice, at $.b.x "));
    CHECK_THAT(binding(R"({"a":1,"\u0061":2})"), ContainsSubstring("has a key twice, at $.a "));
    CHECK(binding(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})") == "was sent");
    CHECK(parsing(R"({"a":1,"a":2})") == "was taken");
    CHECK(sark::from_json<one>(json{R"({"n":1,"n":2})"}).n == 2);
    // Many keys, and hostile ones: never more than a sort.
    std::string many{"{"};
    for (int i = 0; i < 100'000; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i % 99'999) + "\":0";
    CHECK_THAT(binding(many + "}"), ContainsSubstring("has a key twice, at $.k0 "));
    std::string nests;
    for (int i = 0; i < 100; ++i) nests += R"({"a":1,"b":2,"c":3,"d":)";
    CHECK(binding(nests + "0" + std::string(100, '}')) == "was sent");
}

TEST_CASE("guard: rows 24 and 25, integers keep every digit or are refused") {
    for (std::string_view text : {"12345678901234567890123", "9007199254740993", "18446744073709551615",
                                  "18446744073709551616", "-9223372036854775809"}) {
        CHECK(sark::parse_json(text).to_string() == text);
        CHECK(binding(text) == "was sent");
    }
    CHECK(sark::from_json<std::uint64_t>(json{"18446744073709551615"}) == 18'446'744'073'709'551'615U);
    CHECK(sark::from_json<std::int64_t>(json{"9007199254740993"}) == 9'007'199'254'740'993);
    CHECK_THAT(reading<std::uint64_t>("18446744073709551616"), ContainsSubstring("an integer that its member holds"));
    CHECK_THAT(reading<std::int64_t>("-9223372036854775809"), ContainsSubstring("an integer that its member holds"));
}

TEST_CASE("guard: row 26, a number beyond doubles is carried, and refused by the member that is one") {
    CHECK(binding("[1e400]") == "was sent");
    CHECK(sark::parse_json("[1e400]").to_string() == "[1e400]");
    CHECK(sark::from_json<one>(json{R"({"other":1e400,"n":1})"}).n == 1);
    CHECK_THAT(reading<one>(R"({"n":1,"d":1e400})"), ContainsSubstring("a number that its member holds at $.d."));
}

TEST_CASE("guard: rows 27 and 28, eight characters are not 131,072 digits") {
    std::string many{"["};
    for (int i = 0; i < 2'000; ++i) many += i == 0 ? "1e131071" : ",1e131071";
    CHECK_THAT(binding(many + "]"), ContainsSubstring("more digits than the 1000 that are allowed, at $[0]"));
    CHECK(parsing(many + "]") == "was taken");  // the server may have it, and gave it as it is
    CHECK(binding(checked(json{many + "]"}, {})) == "was sent");
    CHECK_THAT(binding("1e131072"), ContainsSubstring("more digits than the 131072 that jsonb holds"));
    CHECK_THAT(parsing("1e131072"), ContainsSubstring("more digits than the 131072 that jsonb holds"));
    CHECK_THAT(parsing("[-1.5e99999999999999999999]"), ContainsSubstring("more digits"));
    CHECK_THAT(parsing("1e-16384"), ContainsSubstring("more decimals than the 16383 that jsonb holds"));
    CHECK(parsing("[0e99999999999999999999,0.0e131072,1e-16383,0.001e131074]") == "was taken");
    CHECK_THAT(parsing("0.001e131075"), ContainsSubstring("more digits"));
}

TEST_CASE("guard: row 29, spellings of one number are equal, and -0 is 0") {
    CHECK(json{"[1.10,1E2,-0,1.0]"} == json{"[1.1,100,0,1.00]"});
    CHECK_FALSE(json{"1.10"} == json{"1.11"});
}

TEST_CASE("guard: rows 30 and 31, what JSON has no form for is refused where it stands") {
    CHECK_THROWS_WITH(sark::to_json(one{.d = std::numeric_limits<double>::quiet_NaN()}),
                      ContainsSubstring("at $.d of a document, JSON has no NaN"));
    CHECK_THROWS_WITH(sark::to_json(one{.d = -std::numeric_limits<double>::infinity()}), ContainsSubstring("at $.d"));
    CHECK_THROWS_WITH(sark::to_json(std::vector<one>{{}, {.s = "a\xFF"}}),
                      ContainsSubstring("at $[1].s of a document, a text value is not UTF-8 at byte 1"));
    CHECK_THAT(binding("{\"a\":\"x\xC3\x28\"}"), ContainsSubstring("bytes that are not UTF-8"));
    for (std::string_view bad :
         {"\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"", "\"\xF8\""})
        CHECK_THAT(binding(bad), ContainsSubstring("bytes that are not UTF-8"));
    CHECK(binding("\"\xF4\x8F\xBF\xBF\xE2\x82\xAC\xC3\xA4\"") == "was sent");
}

TEST_CASE("guard: row 32, depth") {
    CHECK(binding(nested(128)) == "was sent");
    for (std::size_t depth : {std::size_t{129}, std::size_t{1'000}, std::size_t{14'600}, std::size_t{100'000}}) {
        CHECK_THAT(binding(nested(depth)), ContainsSubstring("is nested more than 128 levels deep, at $[0]"));
        CHECK_THAT(parsing(nested(depth)), ContainsSubstring("is nested more than 128 levels deep"));
        CHECK_THAT(parsing(std::string(depth, '[')), ContainsSubstring("is nested more than 128 levels deep"));
    }
    CHECK(parsing(nested(1'000), {.depth = 1'000}) == "was taken");
    CHECK_THAT(parsing(nested(1'001), {.depth = 1'000'000}), ContainsSubstring("is nested more than 1000 levels deep"));
    CHECK(binding(checked(json{nested(1'000)}, {.depth = 1'000})) == "was sent");
}

TEST_CASE("guard: rows 33 to 35, size") {
    std::string many{"{\"0\":0"};
    for (int i = 1; i < 1'000'000; ++i) many += ",\"" + std::to_string(i) + "\":0";
    CHECK_THAT(binding(many + "}"), ContainsSubstring("has more values than the 1000000 that are allowed"));
    CHECK_THAT(binding("{\"" + std::string(1'000'000, 'k') + "\":0}"),
               ContainsSubstring("a key of more bytes than the 65536 that are allowed") && !ContainsSubstring("kkk"));
    CHECK_THAT(binding("\"" + std::string(16 * 1024 * 1024, 'x') + "\""),
               ContainsSubstring("has more bytes than the 16777216 that are allowed. Correct it, or allow more"));
    CHECK(parsing("\"" + std::string(16 * 1024 * 1024 - 2, 'x') + "\"") == "was taken");
    CHECK_THAT(parsing("[1,2]", {.values = 2}), ContainsSubstring("more values than the 2 "));
    CHECK(parsing("[1]", {.values = 2}) == "was taken");
}

TEST_CASE("guard: rows 36 and 37, what looks like JSON and is not") {
    for (std::string_view bad : {"",
                                 " ",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\" 1}",
                                 "{\"a\":}",
                                 "{a:1}",
                                 "{1:2}",
                                 "// c\n1",
                                 "/* */1",
                                 "'a'",
                                 "0x1",
                                 "01",
                                 "-01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "-",
                                 "1e",
                                 "1e+",
                                 "{} {}",
                                 "1 2",
                                 "[1]]",
                                 "\"\t\"",
                                 "\"\n\"",
                                 "\"a",
                                 "\"\\",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "nul",
                                 "True",
                                 "NaN",
                                 "Infinity",
                                 "-Infinity",
                                 "[",
                                 "{",
                                 "{\"a\"",
                                 "{\"a\":",
                                 "[1",
                                 "]",
                                 "}",
                                 ":",
                                 ",",
                                 "\xEF\xBB\xBF{}",
                                 "\xFF",
                                 "1\xC2\xA0"}) {
        INFO(bad);
        CHECK_THAT(binding(bad), ContainsSubstring(" is not JSON at line 1, column "));
        CHECK_THAT(parsing(bad), ContainsSubstring(" is not JSON at line "));
    }
    for (std::string_view good : {"null", " true ", "-0", "0.5", "1E+2", "[]", "{}", "[ ]", "{ }", "\r\n\t[ 1 , 2 ]\n",
                                  "\"\"", "\"\x7F\"", "\"\\/\""})
        CHECK(binding(good) == "was sent");
}

TEST_CASE("guard: rows 38, 48, 49 and 50, what is missing, null, strange or of another kind") {
    CHECK_FALSE(sark::from_json<one>(json{R"({"n":null})"}).n.has_value());
    CHECK_FALSE(sark::from_json<one>(json{"{}"}).n.has_value());
    CHECK_THAT(reading<required>("{}"), ContainsSubstring("a value at $.n."));
    CHECK_THAT(reading<required>(R"({"n":null})"), ContainsSubstring("a number at $.n."));
    CHECK_THAT(reading<one>(R"({"n":"secret"})"),
               ContainsSubstring("a number at $.n.") && !ContainsSubstring("secret"));
    CHECK_THAT(reading<one>(R"({"n":1.5})"), ContainsSubstring("an integer"));
    CHECK_THAT(reading<one>(R"({"n":2.5})"), ContainsSubstring("an integer"));
    CHECK(sark::from_json<required>(json{R"({"n":3,"extra":[]})"}).n == 3);
}

TEST_CASE("guard: what passed once is not read again, and what the server sent goes back") {
    CHECK(binding(checked(json{R"({"a":1,"a":2})"}, {})) == "was sent");
    CHECK_THROWS_WITH(checked(json{"[1,]"}), ContainsSubstring("sark: the document is not JSON"));
    std::string const sent{"not even JSON"};
    json const received = sark::codec<json>::decode({sent.data(), sent.size()}, {"t", "c"});
    CHECK(binding(received) == "was sent");
    CHECK_THROWS_AS(sark::from_json<one>(received), sark::error);
    json replaced = received;
    replaced = json{"{"};
    CHECK_THAT(binding(replaced), ContainsSubstring("is not JSON"));
}

TEST_CASE("guard: the same texts are JSON to another parser") {
    std::mt19937 random{20'261};
    constexpr std::string_view pieces[] = {"{",  "}",   "[",     "]",     ":",    ",",  "\"a\"",   "\"\\n\"", "1",
                                           "-0", "0.5", "1e2",   "true",  "null", " ",  "\"",      "\\",      "e",
                                           ".",  "-",   "false", "\"b\"", "0",    "\n", "\xC3\xA4"};
    auto const pick = [&](std::size_t n) { return random() % n; };
    std::size_t good = 0;
    std::size_t different = 0;
    // Half of them are made to be good and then damaged once or not at all.
    std::function<std::string(int)> make = [&](int depth) -> std::string {
        switch (pick(depth > 0 ? 7 : 5)) {
            case 0: return "null";
            case 1: return std::to_string(static_cast<int>(random()));
            case 2: return "\"x\\u00e4\"";
            case 3: return "-1.50e-3";
            case 4: return "false";
            case 5: {
                std::string list{"["};
                for (std::size_t i = pick(4); i > 0; --i) list += make(depth - 1) + (i > 1 ? ", " : "");
                return list + "]";
            }
            default: {
                std::string object{"{"};
                for (std::size_t i = pick(4); i > 0; --i)
                    object += "\"" + std::to_string(i) + "\":" + make(depth - 1) + (i > 1 ? "," : "");
                return object + "}";
            }
        }
    };
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        if (i % 2 == 0) {
            for (std::size_t n = 1 + pick(8); n > 0; --n) text += pieces[pick(std::size(pieces))];
        } else {
            text = make(4);
            if (pick(3) != 0) text.replace(pick(text.size() + 1), pick(2), pieces[pick(std::size(pieces))]);
        }
        std::string const answer = parsing(text);
        // A number may be JSON and yet none of PostgreSQL's.
        bool const ours = answer.find("is not JSON") == std::string::npos;
        bool theirs = false;
        try {
            auto const value = nlohmann::json::parse(text);
            theirs = true;
            if (answer == "was taken" && nlohmann::json::parse(sark::parse_json(text).to_string()) != value)
                ++different;
        } catch (nlohmann::json::out_of_range const&) {
            theirs = true;  // JSON, of which it makes doubles
        } catch (nlohmann::json::parse_error const&) {}
        good += ours ? 1 : 0;
        if (ours != theirs) {
            ++different;
            UNSCOPED_INFO(text);
        }
    }
    CHECK(different == 0);
    CHECK(good > 4'000);
}
