// SPDX-License-Identifier: MIT
//
// The binary forms at their edges, what decoding a row allocates, and the seeds of the fuzz target.

#include <algorithm>
#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <sark/codec.hpp>
#include <sark/db/detail/statement_cache.hpp>
#include <sark/db/observer.hpp>
#include <sark/meta/made_in_place.hpp>
#include <sark/models/resource.hpp>
#include <sark/query.hpp>

#include "catch.hpp"
#include "fuzz/decoders.hpp"
#include "unit/codec/allocations.hpp"

namespace {

template <class T>
T decode(std::string_view bytes) {
    return sark::codec<T>::decode({.data = bytes.data(), .size = bytes.size(), .is_null = false, .is_binary = true},
                                  {"t", "c"});
}
template <class T>
std::string written(T const& value) {
    std::string out;
    sark::detail::binary_form<T>::write(out, value);
    return out;
}
template <class... Digits>
std::string decimal(int weight, unsigned sign, Digits... digits) {
    std::string out;
    using sark::detail::append_network;
    append_network(out, static_cast<std::int16_t>(sizeof...(digits)));
    append_network(out, static_cast<std::int16_t>(weight));
    append_network(out, static_cast<std::uint16_t>(sign));
    append_network(out, std::int16_t{0});
    (append_network(out, static_cast<std::int16_t>(digits)), ...);
    return out;
}
std::string eight(std::int64_t value) {
    std::string out;
    sark::detail::append_network(out, value);
    return out;
}

}  // namespace

TEST_CASE("a binary number is read by its size, and only while its member holds it") {
    using namespace std::string_view_literals;
    CHECK(decode<std::int16_t>("\x80\x00"sv) == std::numeric_limits<std::int16_t>::min());
    CHECK(decode<std::int64_t>("\xFF\xFF\xFF\xFE"sv) == -2);
    CHECK(decode<std::int16_t>(eight(-32768)) == -32768);
    CHECK_THROWS_AS(decode<std::int16_t>(eight(32768)), sark::error);
    for (std::size_t size : {0U, 1U, 3U, 5U, 7U, 9U})
        CHECK_THROWS_AS(decode<std::int64_t>(std::string(size, '\0')), sark::error);
    CHECK(decode<bool>("\x01"sv));
    CHECK_FALSE(decode<bool>("\0"sv));
    CHECK_THROWS_AS(decode<bool>(""sv), sark::error);
    CHECK_THROWS_AS(decode<double>("\0\0\0\0"sv), sark::error);
    CHECK_THROWS_AS(decode<float>(std::string(8, '\0')), sark::error);
}

TEST_CASE("a binary decimal is exact or refused") {
    using ten = sark::numeric<10, 4>;
    using most = sark::numeric<38, 8>;
    CHECK(decode<ten>(decimal(0, 0)) == ten{0});
    CHECK(decode<ten>(decimal(1, 0x4000, 12, 3456, 7890)) == ten{"-123456.7890"});
    CHECK(decode<ten>(decimal(1, 0, 99, 9999, 9999)) == ten{"999999.9999"});
    CHECK_THROWS_AS(decode<ten>(decimal(1, 0, 100)), sark::error);    // seven digits before the point
    CHECK_THROWS_AS(decode<ten>(decimal(-2, 0, 1)), sark::error);     // 10^-8
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0xC000)), sark::error);    // NaN
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0xD000)), sark::error);    // infinity
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0, 10000)), sark::error);  // no digit of base 10000
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0, -1)), sark::error);
    CHECK_THROWS_AS(decode<ten>(decimal(32767, 0, 1)), sark::error);
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0, 1).substr(0, 9)), sark::error);
    CHECK_THROWS_AS(decode<ten>(decimal(0, 0, 1) + "x"), sark::error);
    CHECK_THROWS_AS(decode<ten>(""), sark::error);
    // Two decimals: half of a digit of base 10000 counts, the other half has to be zero.
    CHECK(decode<sark::numeric<10, 2>>(decimal(-1, 0, 1200)) == sark::numeric<10, 2>{"0.12"});
    CHECK_THROWS_AS((decode<sark::numeric<10, 2>>(decimal(-1, 0, 1230))), sark::error);
    // The server drops zeros at the end, also those before the point.
    CHECK(decode<ten>(decimal(1, 0, 5)) == ten{50000});
    CHECK(decode<most>(decimal(7, 0, 99, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999)) ==
          most{std::string(30, '9') + ".99999999"});
    CHECK_THROWS_AS(decode<most>(decimal(7, 0, 100)), sark::error);
    for (char const* text : {"0", "0.0001", "-0.0001", "1", "10000", "-999999.9999", "9999", "123.4"})
        CHECK(decode<ten>(written(ten{text})) == ten{text});
    for (unsigned n = 0; n < 38; ++n) {
        auto const value = most::from_units(sark::detail::power_of_ten<most::units_type>(n));
        CHECK(decode<most>(written(value)) == value);
        CHECK(decode<most>(written(-value)) == -value);
    }
    // Of every length, with zeros at either end and at every place of the point.
    std::size_t wrong = 0;
    auto const same = [&]<class N>(N) {
        std::uint64_t random = 7;
        for (int i = 0; i < 2'000; ++i) {
            random = random * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
            constexpr auto end = sark::detail::power_of_ten<typename N::units_type>(N::precision);
            auto const length = static_cast<unsigned>(random >> 40U) % (N::precision + 1);
            auto const zeros = static_cast<unsigned>(random >> 50U) % (length + 1);
            auto const tail = sark::detail::power_of_ten<typename N::units_type>(zeros);
            auto units = static_cast<typename N::units_type>(random % 1'000'000'007U) * 998'244'353;
            units = units % sark::detail::power_of_ten<typename N::units_type>(length) / tail * tail % end;
            N const value = N::from_units((random & 1U) == 0 ? units : -units);
            wrong += decode<N>(written(value)) == value ? 0 : 1;
            // A text goes the other way.
            wrong += N{std::string_view{value.to_string()}} == value ? 0 : 1;
        }
    };
    same(sark::numeric<20, 8>{});
    same(sark::numeric<18, 0>{});
    same(sark::numeric<18, 18>{});
    same(sark::numeric<38, 3>{});
    same(sark::numeric<5, 2>{});
    CHECK(wrong == 0);
    // One digit too many, or too far behind the point, in few digits and in many.
    CHECK_THROWS_AS((decode<sark::numeric<5, 2>>(decimal(0, 0, 1000))), sark::error);
    CHECK_THROWS_AS((decode<sark::numeric<5, 2>>(decimal(-1, 0, 1))), sark::error);
    CHECK_THROWS_AS((decode<sark::numeric<5, 2>>(decimal(-32768, 0, 1000))), sark::error);
    CHECK_THROWS_AS((decode<sark::numeric<20, 8>>(decimal(-1, 0, 1, 2, 3))), sark::error);
    CHECK(decode<sark::numeric<5, 2>>(decimal(-32768, 0, 0)) == sark::numeric<5, 2>{});
    CHECK(decode<sark::numeric<5, 2>>(decimal(0, 0, 999, 9900)) == sark::numeric<5, 2>{"999.99"});
    using fraction = sark::numeric<38, 38>;
    CHECK(decode<fraction>(written(fraction{"0.1"})) == fraction{"0.1"});
}

TEST_CASE("binary times have their edges where the server has them") {
    using sark::timestamp;
    CHECK(decode<timestamp>(eight(0)) == timestamp::from_unix_micros(946'684'800'000'000));
    CHECK(decode<timestamp>(eight(std::numeric_limits<std::int64_t>::max())).is_infinity());
    CHECK(decode<timestamp>(eight(std::numeric_limits<std::int64_t>::min())).is_minus_infinity());
    CHECK_THROWS_AS(decode<timestamp>(eight(std::numeric_limits<std::int64_t>::max() - 1)), sark::error);
    auto const last = timestamp::from_unix_micros(std::numeric_limits<std::int64_t>::max() - 1);
    for (auto const& at : {last, timestamp::infinity(), timestamp::minus_infinity(), timestamp::from_unix_micros(-1)})
        CHECK(decode<timestamp>(written(at)) == at);
    // Earlier than the server has: what is sent must not wrap around to an instant that it does have.
    CHECK(sark::detail::read_network<std::int64_t>(
              written(timestamp::from_unix_micros(std::numeric_limits<std::int64_t>::min() + 2)).data()) ==
          std::numeric_limits<std::int64_t>::min() + 1);
    for (auto const& day : {sark::date::infinity(), sark::date::minus_infinity(), sark::date{std::chrono::sys_days{}}})
        CHECK(decode<sark::date>(written(day)) == day);
    CHECK_THROWS_AS(decode<sark::date>("\x7F\xFF\xFF\xFE"), sark::error);
}

TEST_CASE("a decoded row allocates for long texts only, in both forms") {
    using sark::Resource;
    std::string const long_text(100, 'x');
    for (bool binary : {false, true}) {
        auto const count = [&](std::string_view text) {
            std::string const at = binary ? eight(5) : std::string{"2024-02-29 00:00:00+00"};
            auto const fields = [&](std::size_t c) {
                std::string_view const value = c < 4    ? text
                                               : c == 4 ? std::string_view{"medium"}
                                               : c == 5 ? std::string_view{"{}"}
                                                        : std::string_view{at};
                return sark::field{.data = value.data(), .size = value.size(), .is_null = false, .is_binary = binary};
            };
            std::size_t const before = sark::test::allocations();
            Resource const row = sark::row_traits<Resource>::decode(fields);
            std::size_t const after = sark::test::allocations();
            CHECK(row.id == text);
            return after - before;
        };
        CHECK(count("short") == 0);
        CHECK(count(long_text) == 4);
    }
}

TEST_CASE("a row is made where it stays, and one whose type takes anything is moved there") {
    static int moves = 0;
    struct counting {
        counting() = default;
        counting(counting&&) noexcept { ++moves; }
    };
    struct row {
        std::string text{};
        counting counted{};
    };
    std::vector<row> rows;
    rows.reserve(2);
    auto const make = [] { return row{"made", {}}; };
    static_assert(sark::detail::can_be_made_in_place<row> &&
                  sark::detail::can_be_made_in_place<std::tuple<std::any, int>>);
    static_assert(!sark::detail::can_be_made_in_place<std::tuple<std::any>> &&
                  !sark::detail::can_be_made_in_place<std::any> && !sark::detail::can_be_made_in_place<std::string>);
    rows.emplace_back(sark::detail::made_in_place<row, decltype(make)>{make});
    std::optional<row> one;
    one.emplace(sark::detail::made_in_place<row, decltype(make)>{make});
    CHECK(moves == 0);
    CHECK(rows.front().text + one->text == "mademade");
    rows.push_back(make());
    CHECK(moves == 1);
}

TEST_CASE("every value of every kind is bound without an allocation") {
    sark::numeric<38, 8> const amount{"123456789012345678901234567890.12345678"};
    auto const at = sark::timestamp::from_unix_micros(1'700'000'000'123'456);
    std::string const text(200, 'x');
    std::size_t const before = sark::test::allocations();
    sark::parameters out;
    sark::codec<bool>::encode(out, true);
    sark::codec<std::int64_t>::encode(out, -1);
    sark::codec<double>::encode(out, 0.1);
    sark::codec<sark::numeric<38, 8>>::encode(out, amount);
    sark::codec<sark::timestamp>::encode(out, at);
    sark::codec<sark::date>::encode(out, sark::date::infinity());
    sark::codec<sark::uuid>::encode(out, sark::uuid{});
    sark::codec<std::string>::encode(out, text);
    CHECK(sark::test::allocations() == before);
    CHECK(out.size() == 8);
}

TEST_CASE("a statement is found without an allocation, by its address or by its text") {
    sark::detail::statement_cache cache{4};
    static constexpr std::string_view constant = "SELECT 1";
    std::string const changing = "SELECT 1, and a text that no short string holds";
    cache.add({constant, true});
    cache.add({changing, false});
    std::string const same = changing;
    std::size_t const before = sark::test::allocations();
    auto const* const by_address = cache.find({constant, true});
    auto const* const by_text = cache.find({same, false});
    CHECK(sark::test::allocations() == before);
    REQUIRE(by_address != nullptr);
    REQUIRE(by_text != nullptr);
    CHECK(by_text->text == changing);
    // The same address with another text is another statement.
    char reused[] = "SELECT 2";
    cache.add({reused, true});
    REQUIRE(cache.find({reused, true}) != nullptr);
    reused[7] = '3';
    CHECK(cache.find({reused, true}) == nullptr);
}

TEST_CASE("the cache gives up what was used least recently, whatever the order") {
    sark::detail::statement_cache cache{8};
    std::vector<int> order;  // newest last
    std::uint32_t random = 7;
    for (int step = 0; step < 20'000; ++step) {
        random = random * 1'664'525U + 1'013'904'223U;
        int const n = static_cast<int>(random >> 24U) % 12;
        std::string const text = "statement " + std::to_string(n);
        auto const known = std::find(order.begin(), order.end(), n);
        bool const expected = known != order.end();
        if ((cache.find({text, false}) != nullptr) != expected) FAIL("step " << step);
        if (expected) {
            order.erase(known);
        } else {
            auto const* const victim = cache.next_victim();
            if ((victim != nullptr) != (order.size() == 8)) FAIL("step " << step);
            if (victim != nullptr) {
                if (victim->text != "statement " + std::to_string(order.front())) FAIL("step " << step);
                order.erase(order.begin());
            }
            cache.add({text, false});
        }
        order.push_back(n);
    }
    CHECK(cache.size() == 8);
}

TEST_CASE("the seeds of the fuzz target are decoded or refused") {
    namespace files = std::filesystem;
    std::size_t decoded = 0;
    std::size_t refused = 0;
    for (auto const& entry : files::directory_iterator{files::path{__FILE__}.parent_path() / "../../fuzz/seeds"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        std::string const bytes{std::istreambuf_iterator<char>{in}, {}};
        INFO(entry.path().filename());
        ++(sark::fuzz::decode_any(bytes) ? decoded : refused);
    }
    CHECK(decoded == 64);
    CHECK(refused == 47);
}
