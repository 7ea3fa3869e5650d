// SPDX-License-Identifier: MIT
//
// The guard and the server, asked about the same texts: what the guard lets through with the server's own limits is what
// jsonb takes (rows 19 to 37 of the list of bad inputs, B2). The other rows are in tests/unit/jsonb/guard.cpp.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sark/codec/json_guard.hpp>
#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>

#include "catch.hpp"
#include "database.hpp"

TEST_CASE("the guard refuses what jsonb refuses") {
    sark::test::database const database;
    sark::connection db{database.url()};
    db.execute(
        "CREATE FUNCTION takes(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM t::jsonb; RETURN true; "
        "EXCEPTION WHEN others THEN RETURN false; END $$");
    std::vector<std::string> texts{R"("\u0000")",
                                   R"({"\u0000":1})",
                                   R"("\\u0000")",
                                   R"("\ud800")",
                                   R"("\udc00")",
                                   R"("\ud83d\ude00")",
                                   R"("\ud83d\u0041")",
                                   R"({"a":1,"a":2})",
                                   "12345678901234567890123",
                                   "1e400",
                                   "",
                                   " ",
                                   "[1,]",
                                   "{\"a\":1,}",
                                   "// c\n1",
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
                                   "[1 2]",
                                   "\"\t\"",
                                   "\"\\x\"",
                                   "nul",
                                   "NaN",
                                   "Infinity",
                                   "\xEF\xBB\xBF{}",
                                   "\xC2\xA0",
                                   "-0",
                                   "1E+2",
                                   " [ ] ",
                                   "\"\x7F\"",
                                   "true",
                                   "null"};
    // Around both ends of numeric, with digits on either side of the point.
    for (std::string_view const mantissa : {"1", "-9", "10", "0", "0.0", "0.001", "12.5", "123456.7890", "0.10"})
        for (long long const exponent :
             {0, 131'066, 131'067, 131'069, 131'070, 131'071, 131'072, 131'073, 131'074, 131'075, 200'000})
            for (std::string const sign : {"", "-"})
                texts.push_back(std::string{mantissa} + "e" + sign +
                                std::to_string(sign.empty() ? exponent : exponent % 100 + 16'305));
    for (std::size_t const depth : {std::size_t{128}, std::size_t{1'000}})
        texts.push_back(std::string(depth, '[') + std::string(depth, ']'));

    std::size_t taken = 0;
    for (std::string const& text : texts) {
        bool const theirs = db.query_text("SELECT takes($1)", {text}).at(0).at(0) == "t";
        bool ours = true;
        try {
            (void)sark::checked(sark::json{text}, {.depth = 1'000});
        } catch (sark::error const&) { ours = false; }
        INFO(text.substr(0, 60));
        CHECK(ours == theirs);
        taken += theirs ? 1 : 0;
    }
    CHECK(taken > texts.size() / 4);
    CHECK(taken < texts.size());
}
