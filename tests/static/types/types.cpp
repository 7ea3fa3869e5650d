// SPDX-License-Identifier: MIT
//
// The value types at compile time: exact arithmetic, states, and what converts to what.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <sark/types.hpp>

#include "catch.hpp"

using sark::numeric;
using price = numeric<10, 2>;
using widest = numeric<38, 8>;

TEST_CASE("decimals are computed by the compiler, exactly") {
    STATIC_REQUIRE(price{"0.10"} + price{"0.20"} == price{"0.30"});
    STATIC_REQUIRE(price{"1.00"} - price{"2.50"} == price{"-1.50"});
    STATIC_REQUIRE(-price{"1.5"} == price{"-1.50"});
    STATIC_REQUIRE(price{3} == price{"3.00"});
    STATIC_REQUIRE(price{3}.units() == 300);
    STATIC_REQUIRE(price{"1"} < price{"1.01"});
    STATIC_REQUIRE(price{"-1"} < price{});
    STATIC_REQUIRE(price{} == price{0});
    STATIC_REQUIRE(price::rounded("0.005") == price{"0.01"});
    STATIC_REQUIRE(price::rounded("-0.005") == price{"-0.01"});
    STATIC_REQUIRE(price::rounded("0.00499999") == price{});
    STATIC_REQUIRE(price{"+7"} == price{7});
    STATIC_REQUIRE(price{".5"} == price{"0.50"});
    STATIC_REQUIRE(price{"5."} == price{5});
    STATIC_REQUIRE(price{"1.2300000"} == price{"1.23"});
    STATIC_REQUIRE(price{"-0"} == price{});
    STATIC_REQUIRE([] {
        price sum{};
        for (int i = 0; i < 1000; ++i) sum += price{"0.10"};
        sum -= price{"0.01"};
        return sum;
    }() == price{"99.99"});
}

TEST_CASE("decimals have as many bits as they need") {
    STATIC_REQUIRE(std::is_same_v<numeric<18, 4>::units_type, std::int64_t>);
    STATIC_REQUIRE(sizeof(numeric<19, 4>) == 16);
    STATIC_REQUIRE(numeric<18, 0>{999'999'999'999'999'999}.units() == 999'999'999'999'999'999);
    STATIC_REQUIRE(widest{"999999999999999999999999999999.99999999"} > widest{"1"});
    STATIC_REQUIRE(-widest{"999999999999999999999999999999.99999999"} < widest{});
    STATIC_REQUIRE(numeric<38, 38>{"0.1"} > numeric<38, 38>{});
    STATIC_REQUIRE(numeric<1, 0>{9} > numeric<1, 0>{-9});
    STATIC_REQUIRE(numeric<1, 1>{"0.9"}.units() == 9);
}

TEST_CASE("a decimal is made of integers and text, never by chance") {
    STATIC_REQUIRE(std::is_convertible_v<int, price>);
    STATIC_REQUIRE(std::is_convertible_v<std::uint64_t, price>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<bool, price>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<char const*, price>);
    STATIC_REQUIRE(std::is_constructible_v<price, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<numeric<10, 4>, price>);
}

TEST_CASE("a timestamp is unset, an instant, or an infinity") {
    using sark::timestamp;
    using namespace std::chrono_literals;
    STATIC_REQUIRE_FALSE(timestamp{}.is_set());
    STATIC_REQUIRE_FALSE(timestamp{}.is_finite());
    STATIC_REQUIRE(timestamp::infinity().is_set());
    STATIC_REQUIRE(timestamp::infinity().is_infinity());
    STATIC_REQUIRE_FALSE(timestamp::infinity().is_finite());
    STATIC_REQUIRE(timestamp::minus_infinity().is_minus_infinity());
    STATIC_REQUIRE(timestamp::minus_infinity() < timestamp::from_unix_micros(-1));
    STATIC_REQUIRE(timestamp::from_unix_micros(-1) < timestamp::from_unix_micros(0));
    STATIC_REQUIRE(timestamp::from_unix_micros(0) < timestamp::infinity());
    STATIC_REQUIRE(timestamp{std::chrono::sys_days{2024y / 2 / 29}}.unix_micros() == 1'709'164'800'000'000);
    STATIC_REQUIRE(timestamp::floor(std::chrono::sys_time<std::chrono::nanoseconds>{-1ns}).unix_micros() == -1);
    STATIC_REQUIRE(timestamp::from_unix_micros(5).to_sys().time_since_epoch() == 5us);
    // Nanoseconds would lose digits, so they need floor().
    STATIC_REQUIRE_FALSE(std::is_convertible_v<std::chrono::sys_time<std::chrono::nanoseconds>, timestamp>);
    STATIC_REQUIRE(std::is_convertible_v<std::chrono::sys_seconds, timestamp>);
}

TEST_CASE("a date is unset, a day, or an infinity") {
    using sark::date;
    using namespace std::chrono_literals;
    STATIC_REQUIRE_FALSE(date{}.is_set());
    STATIC_REQUIRE(date{2024y / 2 / 29}.is_finite());
    STATIC_REQUIRE(date{2024y / 2 / 29}.to_sys() == std::chrono::sys_days{2024y / 2 / 29});
    STATIC_REQUIRE(date::minus_infinity() < date{1970y / 1 / 1});
    STATIC_REQUIRE(date{1970y / 1 / 1} < date::infinity());
}

TEST_CASE("text and JSON are not made of a null pointer") {
    STATIC_REQUIRE_FALSE(std::is_constructible_v<sark::json, std::nullptr_t>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<sark::varchar<5>, std::nullptr_t>);
    STATIC_REQUIRE(std::is_constructible_v<sark::json, char const*>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<char const*, sark::json>);  // a document is not a text
    STATIC_REQUIRE(std::is_convertible_v<char const*, sark::varchar<5>>);
    STATIC_REQUIRE(sark::varchar<5>::max_characters == 5);
}

TEST_CASE("characters are counted, not bytes") {
    STATIC_REQUIRE(sark::detail::code_points("") == 0);
    STATIC_REQUIRE(sark::detail::code_points("abc") == 3);
    STATIC_REQUIRE(sark::detail::code_points("äöü") == 3);
    STATIC_REQUIRE(sark::detail::code_points("名前") == 2);
    STATIC_REQUIRE(sark::detail::code_points("\xF0\x9F\x98\x80") == 1);
}
