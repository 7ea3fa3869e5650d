// SPDX-License-Identifier: MIT
//
// Values to and from the server's text form, at their edges.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/mman.h>

#include <sark/codec.hpp>

#include "catch.hpp"

namespace {

constexpr sark::field_place place{"tools", "size"};

template <class T>
T decoded(std::string_view text) {
    std::string const owned{text};
    return sark::codec<T>::decode({owned.c_str(), owned.size(), false}, place);
}

/// Gives the text a value travels as; "(null)" for NULL.
template <class T>
std::string encoded(T const& value) {
    sark::parameters out;
    sark::codec<T>::encode(out, value);
    REQUIRE(out.size() == 1);
    return out.values()[0] == nullptr ? "(null)" : out.values()[0];
}

template <class T>
void both_ways(T const& value, std::string_view text) {
    CHECK(encoded(value) == text);
    CHECK(decoded<T>(text) == value);
}

template <class T>
void refused(std::string_view text) {
    INFO(text);
    try {
        (void)decoded<T>(text);
        FAIL_CHECK("was taken");
    } catch (sark::error const& failed) {
        CHECK_THAT(failed.what(), ContainsSubstring("sark: column tools.size "));
        CHECK(failed.table() == "tools");
        CHECK(failed.column() == "size");
        if (text.size() > 3) CHECK_THAT(failed.what(), !ContainsSubstring(std::string{text}));
    }
}

enum class level { low, high };

}  // namespace

TEST_CASE("booleans") {
    both_ways(true, "t");
    both_ways(false, "f");
    for (std::string_view text : {"true", "", "yes", "no", "1", "0", "of", "T", "t "}) refused<bool>(text);
}

TEST_CASE("integers up to their limits") {
    both_ways(std::numeric_limits<std::int16_t>::min(), "-32768");
    both_ways(std::numeric_limits<std::int16_t>::max(), "32767");
    both_ways(std::numeric_limits<std::int32_t>::min(), "-2147483648");
    both_ways(std::numeric_limits<std::int32_t>::max(), "2147483647");
    both_ways(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
    both_ways(std::numeric_limits<std::int64_t>::max(), "9223372036854775807");
    both_ways(std::int64_t{0}, "0");
    refused<std::int16_t>("32768");
    refused<std::int32_t>("-2147483649");
    refused<std::int64_t>("9223372036854775808");
    for (std::string_view text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "NaN"}) refused<std::int64_t>(text);
}

TEST_CASE("floating-point numbers travel in the shortest exact form") {
    both_ways(0.1, "0.1");
    both_ways(0.1F, "0.1");
    both_ways(-0.0, "-0");
    CHECK(std::signbit(decoded<double>("-0")));
    both_ways(1e22, "1e+22");
    both_ways(std::numeric_limits<double>::max(), "1.7976931348623157e+308");
    both_ways(std::numeric_limits<double>::min(), "2.2250738585072014e-308");
    both_ways(std::numeric_limits<double>::denorm_min(), "5e-324");
    both_ways(std::numeric_limits<float>::max(), "3.4028235e+38");
    both_ways(std::numeric_limits<float>::denorm_min(), "1e-45");
    both_ways(std::numeric_limits<double>::infinity(), "Infinity");
    both_ways(-std::numeric_limits<float>::infinity(), "-Infinity");
    CHECK(encoded(std::numeric_limits<double>::quiet_NaN()) == "NaN");
    CHECK(encoded(-std::numeric_limits<double>::quiet_NaN()) == "NaN");
    CHECK(std::isnan(decoded<float>("NaN")));
    refused<double>("1e400");
    refused<double>("1e-400");
    refused<float>("1e39");
    for (std::string_view text : {"", "1,5", "1.5x", "0x1p3", "infinity?", "--1"}) refused<double>(text);
}

TEST_CASE("decimals travel with all their digits") {
    using money = sark::numeric<20, 8>;
    both_ways(money{"0.00000001"}, "0.00000001");
    both_ways(money{"-999999999999.99999999"}, "-999999999999.99999999");
    both_ways(money{}, "0.00000000");
    std::string const nines(38, '9');
    both_ways(sark::numeric<38, 0>{nines}, nines);
    CHECK(decoded<money>("5") == money{5});
    for (std::string_view text : {"NaN", "Infinity", "-Infinity", "0.000000001", "1000000000000", "1e3", ""})
        refused<money>(text);
}

TEST_CASE("timestamps travel in UTC, from 4713 BC on") {
    using sark::timestamp;
    using namespace std::chrono_literals;
    auto const at = [](std::chrono::year_month_day day, std::chrono::microseconds time = 0us) {
        return timestamp{std::chrono::sys_days{day} + time};
    };
    both_ways(timestamp::from_unix_micros(0), "1970-01-01 00:00:00.000000+00");
    both_ways(timestamp::from_unix_micros(-1), "1969-12-31 23:59:59.999999+00");
    both_ways(at(2024y / 2 / 29, 86'399'999'999us), "2024-02-29 23:59:59.999999+00");
    both_ways(at(1y / 1 / 1), "0001-01-01 00:00:00.000000+00");
    both_ways(at(0y / 12 / 31), "0001-12-31 00:00:00.000000+00 BC");
    both_ways(at(-4712y / 1 / 1), "4713-01-01 00:00:00.000000+00 BC");
    both_ways(at(10000y / 1 / 1), "10000-01-01 00:00:00.000000+00");
    both_ways(timestamp::infinity(), "infinity");
    both_ways(timestamp::minus_infinity(), "-infinity");
    CHECK(encoded(timestamp{}) == "(null)");
}

TEST_CASE("timestamps are read at any offset and precision") {
    using sark::timestamp;
    auto const noon = timestamp::from_unix_micros(1'704'110'400'000'000);
    CHECK(decoded<timestamp>("2024-01-01 12:00:00+00") == noon);
    CHECK(decoded<timestamp>("2024-01-01 14:00:00+02") == noon);
    CHECK(decoded<timestamp>("2024-01-01 06:30:00-05:30") == noon);
    CHECK(decoded<timestamp>("2024-01-01 12:53:28+00:53:28") == noon);
    CHECK(decoded<timestamp>("2024-01-01 12:00:00.5+00").unix_micros() == noon.unix_micros() + 500'000);
    CHECK(decoded<timestamp>("2024-01-01 12:00:00.000001+00").unix_micros() == noon.unix_micros() + 1);
    CHECK(decoded<timestamp>("2024-01-01 12:00:00.01+00").unix_micros() == noon.unix_micros() + 10'000);
    for (std::string_view text : {"",
                                  "2024-01-01",
                                  "2024-01-01 12:00:00",
                                  "2024-01-01T12:00:00+00",
                                  "2024-13-01 12:00:00+00",
                                  "2024-00-01 12:00:00+00",
                                  "2024-01-32 12:00:00+00",
                                  "01/02/2024 12:00:00+00",
                                  "2024-01-01 12:00:00.+00",
                                  "2024-01-01 12:00:00.1234567+00",
                                  "2024-01-01 12:00:00+00 AD",
                                  "2024-01-01 12:00:00+00x",
                                  "now",
                                  "2024-01-01 24:00:01+00",
                                  "2024-01-01 12:60:00+00",
                                  "2024-01-01 12:00:60+00",
                                  "2024-01-01 24:00:00+00",
                                  "2024-02-30 12:00:00+00",
                                  "2023-02-29 12:00:00+00",
                                  "1900-02-29 12:00:00+00",
                                  "2024-04-31 12:00:00+00",
                                  "2024-01-01 12:00:00+16",
                                  "2024-01-01 12:00:00-16:00",
                                  "2024-01-01 12:00:00+05:60",
                                  "2024-01-01 12:00:00+05:30:60",
                                  "2024-01-01 12:00:00+100000000"})
        refused<timestamp>(text);
    CHECK(decoded<timestamp>("2024-01-02 03:59:59+15:59:59") == noon);
    CHECK(decoded<timestamp>("2000-02-29 00:00:00+00").is_finite());
}

TEST_CASE("a timestamp beyond 64 bits of microseconds is refused, not wrapped") {
    using sark::timestamp;
    // The server counts from 2000 and so reaches thirty years farther than a count from 1970.
    CHECK(decoded<timestamp>("294247-01-10 04:00:54.775806+00").unix_micros() ==
          std::numeric_limits<std::int64_t>::max() - 1);
    refused<timestamp>("294247-01-10 04:00:54.775807+00");  // the number that stands for infinity
    refused<timestamp>("294276-12-31 23:59:59.999999+00");
    refused<timestamp>("99999999-01-01 00:00:00+00");
}

TEST_CASE("dates") {
    using sark::date;
    using namespace std::chrono_literals;
    both_ways(date{1970y / 1 / 1}, "1970-01-01");
    both_ways(date{2000y / 2 / 29}, "2000-02-29");
    both_ways(date{0y / 3 / 1}, "0001-03-01 BC");
    both_ways(date{-4712y / 1 / 1}, "4713-01-01 BC");
    both_ways(date{32767y / 12 / 31}, "32767-12-31");
    both_ways(date::infinity(), "infinity");
    both_ways(date::minus_infinity(), "-infinity");
    CHECK(encoded(date{}) == "(null)");
    CHECK(encoded(decoded<date>("5874897-12-31")) == "5874897-12-31");
    for (std::string_view text : {"", "2024-1", "2024-01-01 00:00:00", "20240101", "2024-01-00", "x", "2024-02-30",
                                  "2023-02-29", "1900-02-29", "2024-11-31"})
        refused<date>(text);
    CHECK(encoded(decoded<date>("0001-02-29 BC")) == "0001-02-29 BC");
}

TEST_CASE("uuids") {
    std::string const text = "00112233-4455-6677-8899-aabbccddeeff";
    CHECK(encoded(decoded<sark::uuid>(text)) == text);
    refused<sark::uuid>("00112233-4455-6677-8899-aabbccddeef");
    refused<sark::uuid>("");
}

TEST_CASE("enums travel by label") {
    both_ways(level::high, "high");
    refused<level>("higher");
    refused<level>("");
    sark::parameters out;
    CHECK_THROWS_WITH(sark::codec<level>::encode(out, static_cast<level>(9)), ContainsSubstring("has no label"));
}

TEST_CASE("bytes travel in hexadecimal") {
    std::vector<std::byte> all;
    for (int b = 0; b < 256; ++b) all.push_back(static_cast<std::byte>(b));
    CHECK(decoded<std::vector<std::byte>>(encoded(all)) == all);
    both_ways(std::vector<std::byte>{}, "\\x");
    both_ways(std::vector<std::byte>{std::byte{0}, std::byte{255}}, "\\x00ff");
    CHECK(decoded<std::vector<std::byte>>("\\xFF") == std::vector<std::byte>{std::byte{255}});
    for (std::string_view bad : {"", "00ff", "\\x0", "\\xgg", "\\000"}) refused<std::vector<std::byte>>(bad);
}

TEST_CASE("a bounded text is checked when it is read") {
    both_ways(sark::varchar<3>{"äöü"}, "äöü");
    refused<sark::varchar<3>>("abcd");
}

TEST_CASE("arrays quote every element") {
    using texts = std::vector<std::string>;
    using maybe = std::vector<std::optional<std::string>>;
    CHECK(encoded(texts{}) == "{}");
    CHECK(encoded(texts{"a"}) == R"({"a"})");
    CHECK(encoded(texts{"", "a,b", "\"", "\\", "{}", "NULL", " x "}) == R"({"","a,b","\"","\\","{}","NULL"," x "})");
    CHECK(encoded(maybe{"a", std::nullopt, "NULL"}) == R"({"a",NULL,"NULL"})");
    CHECK(encoded(std::vector<std::int64_t>{1, -2}) == R"({"1","-2"})");
    CHECK(encoded(std::vector<bool>{true, false}) == R"({"t","f"})");
    CHECK(encoded(std::vector<level>{level::low}) == R"({"low"})");
    CHECK(encoded(std::vector<std::vector<std::byte>>{{std::byte{1}}, {}}) == R"({"\\x01","\\x"})");
}

TEST_CASE("arrays are read as the server writes them") {
    using texts = std::vector<std::string>;
    using maybe = std::vector<std::optional<std::string>>;
    CHECK(decoded<texts>("{}").empty());
    CHECK(decoded<texts>(R"({a,"b c","\"\\",""})") == texts{"a", "b c", "\"\\", ""});
    CHECK(decoded<texts>(R"({"NULL",x})") == texts{"NULL", "x"});
    CHECK(decoded<maybe>(R"({NULL,"NULL"})") == maybe{std::nullopt, "NULL"});
    CHECK(decoded<texts>("[0:1]={a,b}") == texts{"a", "b"});
    CHECK(decoded<texts>("[-3:-3]={a}") == texts{"a"});
    CHECK(decoded<std::vector<std::int64_t>>("{1,-2,9223372036854775807}") ==
          std::vector<std::int64_t>{1, -2, std::numeric_limits<std::int64_t>::max()});
    CHECK(decoded<std::vector<bool>>("{t,f}") == std::vector<bool>{true, false});
    CHECK(decoded<std::vector<std::vector<std::byte>>>(R"({"\\x01","\\x"})") ==
          std::vector<std::vector<std::byte>>{{std::byte{1}}, {}});
    refused<texts>("{NULL}");
    for (std::string_view bad : {"", "{", "}", "a", "{a", "a}", R"({"a})", R"({"a"b})", "{{a}}", "{{a},{b}}",
                                 "[0:1]{a}", "{a,}", "{,a}", R"({a\)", "[1:1]"})
        refused<texts>(bad);
    refused<std::vector<std::int64_t>>("{1,x}");
}

TEST_CASE("arrays come back as they went, whatever is in them") {
    std::string everything;
    for (int c = 1; c < 128; ++c) everything += static_cast<char>(c);
    std::vector<std::string> const values{everything, "", "NULL", "null", "名前", "{\"a\":[1,2]}", "\\\\\"\""};
    CHECK(decoded<std::vector<std::string>>(encoded(values)) == values);
}

TEST_CASE("a NULL is refused where its member is not optional") {
    sark::field const null{nullptr, 0, true};
    CHECK_FALSE(sark::detail::decode_value<std::optional<std::string>>(null, place).has_value());
    CHECK_THROWS_WITH(sark::detail::decode_value<std::string>(null, place),
                      ContainsSubstring("column tools.size is NULL") && ContainsSubstring("std::optional"));
}

TEST_CASE("plain text is told from what needs a look, wherever that stands") {
    using sark::detail::is_plain_ascii;
    std::size_t wrong = 0;
    for (std::size_t length = 0; length < 40; ++length) {
        for (char const plain : {'\x01', '\x7F'}) {
            std::string text(length, plain);
            wrong += is_plain_ascii(text) ? 0 : 1;
            for (char& c : text) {
                for (char const special : {'\0', '\x80', '\xFF'}) {
                    c = special;
                    wrong += is_plain_ascii(text) ? 1 : 0;
                }
                c = plain;
            }
        }
    }
    CHECK(wrong == 0);
    CHECK_THROWS_WITH(encoded(std::string(30, 'x') + '\0'), ContainsSubstring("NUL byte at offset 30"));
    CHECK_THROWS_WITH(encoded(std::string(30, 'x') + '\x80'), ContainsSubstring("not UTF-8 at byte 30"));
    CHECK_NOTHROW(encoded(std::string(30, 'x') + "\xC3\xA4"));
}

TEST_CASE("text passes one gate: UTF-8 and no NUL") {
    using sark::detail::utf8_prefix;
    for (std::string_view good : {"", "abc", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                  "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(utf8_prefix(good) == good.size());
    struct row {
        std::string_view text;
        std::size_t prefix;
    };
    for (row bad :
         {row{"\x80", 0},                       // continues nothing
          row{"a\xBF", 1}, row{"\xC0\x80", 0},  // overlong
          row{"\xC1\xBF", 0}, row{"\xE0\x9F\xBF", 0}, row{"\xF0\x8F\xBF\xBF", 0}, row{"\xED\xA0\x80", 0},  // surrogates
          row{"\xED\xBF\xBF", 0}, row{"\xF4\x90\x80\x80", 0},                            // above U+10FFFF
          row{"\xF5\x80\x80\x80", 0}, row{"\xFE", 0}, row{"\xFF", 0}, row{"ab\xC3", 2},  // cut short
          row{"ab\xE2\x82", 2}, row{"ab\xF0\x9F\x98", 2}, row{"\xC3z", 0}, row{"\xE2\x82z", 0},
          row{"\xF0\x9F\x98z", 0}}) {
        CHECK(utf8_prefix(bad.text) == bad.prefix);
        CHECK_THROWS_WITH(encoded(std::string{bad.text}),
                          ContainsSubstring("not UTF-8 at byte " + std::to_string(bad.prefix)));
        CHECK_THROWS_AS(encoded(bad.text), sark::error);
        CHECK_THROWS_AS(encoded(sark::json{bad.text}), sark::error);
        CHECK_THROWS_AS(encoded(std::vector<std::string>{std::string{bad.text}}), sark::error);
    }
    using namespace std::string_literals;
    CHECK_THROWS_WITH(encoded("ab\0c"s), ContainsSubstring("NUL byte at offset 2"));
    CHECK_THROWS_WITH(encoded(sark::varchar<9>{"\0"s}), ContainsSubstring("NUL byte at offset 0"));
    CHECK_THROWS_AS(encoded(std::vector<std::string>{"\0"s}), sark::error);
}

TEST_CASE("a text longer than a field is refused before it is read") {
    std::size_t const size = sark::max_text_bytes + 1;
    // Pages that nobody touches take no memory, and cannot be read at all.
    void* const pages = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(pages != MAP_FAILED);
    std::string_view const text{static_cast<char const*>(pages), size};
    sark::parameters out;
    CHECK_THROWS_WITH(out.add_text(text), ContainsSubstring("has 1073741824 bytes, more than a field"));
    CHECK(out.size() == 0);
    munmap(pages, size);
}
