// SPDX-License-Identifier: MIT
//
// The value types at run time: text forms, and what is refused with a sentence.

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sark/types.hpp>

#include "catch.hpp"

using sark::numeric;

TEST_CASE("a decimal is written with all its decimals") {
    CHECK(numeric<10, 2>{}.to_string() == "0.00");
    CHECK(numeric<10, 2>{5}.to_string() == "5.00");
    CHECK(numeric<10, 2>{"-0.05"}.to_string() == "-0.05");
    CHECK(numeric<10, 2>{"99999999.99"}.to_string() == "99999999.99");
    CHECK(numeric<5, 0>{-12345}.to_string() == "-12345");
    CHECK(numeric<5, 0>{}.to_string() == "0");
    CHECK(numeric<3, 3>{"-.999"}.to_string() == "-0.999");
    std::string const nines(38, '9');
    CHECK(numeric<38, 0>{nines}.to_string() == nines);
    CHECK(numeric<38, 0>{"-" + nines}.to_string() == "-" + nines);
    CHECK(numeric<38, 38>{"0." + nines}.to_string() == "0." + nines);
    CHECK(numeric<38, 8>{std::numeric_limits<std::int64_t>::min()}.to_string() == "-9223372036854775808.00000000");
    CHECK(numeric<38, 8>{std::numeric_limits<std::uint64_t>::max()}.to_string() == "18446744073709551615.00000000");
}

TEST_CASE("a decimal refuses what it cannot hold exactly") {
    using two = numeric<4, 2>;
    for (std::string_view text : {"", "-", "+", ".", "-.", "a", "1a", "1.2.3", "1e3", " 1", "1 ", "--1", "0x1", "1,5",
                                  "0.001", "12.345", "NaN", "Infinity", "\xD9\xA1"})
        CHECK_THROWS_AS(two{text}, std::invalid_argument);
    for (std::string_view text : {"100", "-100", "100.00", "99999999999999999999999999999999999999999999"})
        CHECK_THROWS_AS(two{text}, std::out_of_range);
    CHECK(two{"0000000000000000000000000000000000000000000000000000000000001.50"}.to_string() == "1.50");
    CHECK_THROWS_AS(two{100}, std::out_of_range);
    CHECK_THROWS_AS(two{-100}, std::out_of_range);
    CHECK_THROWS_AS(two{std::numeric_limits<std::int64_t>::min()}, std::out_of_range);
    CHECK_THROWS_AS(two{std::numeric_limits<std::uint64_t>::max()}, std::out_of_range);
    CHECK_THROWS_AS(two{"99.99"} + two{"0.01"}, std::out_of_range);
    CHECK_THROWS_AS(two{"-99.99"} - two{"0.01"}, std::out_of_range);
    CHECK_THROWS_AS(two::from_units(10'000), std::out_of_range);
    std::string const nines(38, '9');
    using most = numeric<38, 0>;
    CHECK_THROWS_AS(most{nines} + most{nines}, std::out_of_range);
    CHECK_THROWS_AS(-most{nines} - most{nines}, std::out_of_range);
    CHECK_THROWS_AS(most{nines + "9"}, std::out_of_range);
    CHECK_THROWS_WITH(two{"100"}, ContainsSubstring("numeric(4,2)"));
}

TEST_CASE("a decimal rounds halves away from zero when it is asked to") {
    using two = numeric<4, 2>;
    CHECK(two::rounded("1.005").to_string() == "1.01");
    CHECK(two::rounded("-1.005").to_string() == "-1.01");
    CHECK(two::rounded("1.0049999999999999999999999999999999999").to_string() == "1.00");
    CHECK(two::rounded("0.994999").to_string() == "0.99");
    CHECK(two::rounded("-0.004").to_string() == "0.00");
    CHECK_THROWS_AS(two::rounded("99.995"), std::out_of_range);
    CHECK_THROWS_AS(two::rounded("1.00x"), std::invalid_argument);
    CHECK_THROWS_AS(two::rounded(""), std::invalid_argument);
}

TEST_CASE("a bounded text counts characters and is compared like text") {
    CHECK(sark::varchar<3>{"äöü"}.text() == "äöü");
    CHECK_THROWS_AS(sark::varchar<3>{"abcd"}, std::length_error);
    CHECK_THROWS_WITH(sark::varchar<3>{"geheim"}, ContainsSubstring("varchar(3)") && !ContainsSubstring("geheim"));
    sark::varchar<5> const text{"abc"};
    CHECK(text == "abc");
    CHECK("abc" == text);
    CHECK(text == std::string{"abc"});
    CHECK(text == std::string_view{"abc"});
    CHECK(text != "abd");
    CHECK(text == sark::varchar<5>{"abc"});
    CHECK(text != sark::varchar<5>{"abd"});
    CHECK(text < sark::varchar<5>{"abd"});
    CHECK(std::string_view{text} == "abc");
    CHECK(sark::varchar<5>{}.text().empty());
}

TEST_CASE("a uuid is read from its canonical text only") {
    std::string const text = "00112233-4455-6677-8899-aabbccddeeff";
    auto const value = sark::parse_uuid(text);
    REQUIRE(value.has_value());
    CHECK(sark::to_string(*value) == text);
    CHECK(sark::parse_uuid("00112233-4455-6677-8899-AABBCCDDEEFF") == value);
    CHECK(sark::to_string(sark::uuid{}) == "00000000-0000-0000-0000-000000000000");
    for (std::string_view bad : {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
                                 "00112233445566778899aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff}",
                                 "0011223-34455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
                                 "00112233-4455-6677-8899_aabbccddeeff", "001122334455-6677-8899-aabb-ccddeeff",
                                 "0011223\xC3\xA4-4455-6677-8899-aabbccddee"})
        CHECK_FALSE(sark::parse_uuid(bad).has_value());
}

TEST_CASE("a JSON document keeps its text") {
    CHECK(sark::json{}.text() == "{}");
    CHECK(sark::json{R"( {"a" : 1.000} )"}.text() == R"( {"a" : 1.000} )");
    CHECK(sark::json{std::string{"[1]"}}.text() == "[1]");
    CHECK(sark::json{std::string_view{"[1]"}}.text() == "[1]");
}
