// SPDX-License-Identifier: MIT
//
// Every mapped type goes to the server and comes back, and its text is the one the server itself writes.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

namespace round_trip {

enum class Stored { one, two_ };
enum class Letters { small, large };

struct Everything {
    std::int64_t id{};
    bool flag{};
    std::int16_t small{};
    std::int32_t middle{};
    std::int64_t large{};
    float narrow{};
    double wide{};
    sark::numeric<20, 8> amount{};
    sark::numeric<38, 0> most{};
    std::string text{};
    sark::varchar<10> bounded{};
    sark::json document{};
    sark::timestamp at{};
    sark::date day{};
    sark::uuid key{};
    std::vector<std::byte> bytes{};
    Stored stored{};
    Letters letters{};
    std::vector<std::string> texts{};
    std::vector<std::optional<std::int64_t>> numbers{};
    std::vector<Stored> labels{};
    std::vector<sark::json> documents{};
    std::vector<sark::timestamp> times{};
    std::optional<bool> maybe_flag{};
    std::optional<std::int64_t> maybe_large{};
    std::optional<double> maybe_wide{};
    std::optional<sark::numeric<10, 2>> maybe_amount{};
    std::optional<std::string> maybe_text{};
    std::optional<sark::json> maybe_document{};
    std::optional<sark::timestamp> maybe_at{};
    std::optional<sark::date> maybe_day{};
    std::optional<sark::uuid> maybe_key{};
    std::optional<std::vector<std::byte>> maybe_bytes{};
    std::optional<Stored> maybe_stored{};
    std::optional<std::vector<std::string>> maybe_texts{};
};

}  // namespace round_trip

template <>
inline constexpr std::string_view sark::enum_type_of<round_trip::Stored> = "stored";
template <>
inline constexpr auto sark::table_of<round_trip::Everything> = sark::table(
    "everything", sark::column<&round_trip::Everything::id>{.type = "bigserial"});

using namespace round_trip;

namespace {

bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

void check_equal(Everything const& a, Everything const& b) {
    CHECK(a.flag == b.flag);
    CHECK(a.small == b.small);
    CHECK(a.middle == b.middle);
    CHECK(a.large == b.large);
    CHECK(same(static_cast<double>(a.narrow), static_cast<double>(b.narrow)));
    CHECK(same(a.wide, b.wide));
    CHECK(a.amount == b.amount);
    CHECK(a.most == b.most);
    CHECK(a.text == b.text);
    CHECK(a.bounded == b.bounded);
    CHECK(a.document == b.document);
    CHECK(a.at == b.at);
    CHECK(a.day == b.day);
    CHECK(a.key == b.key);
    CHECK(a.bytes == b.bytes);
    CHECK(a.stored == b.stored);
    CHECK(a.letters == b.letters);
    CHECK(a.texts == b.texts);
    CHECK(a.numbers == b.numbers);
    CHECK(a.labels == b.labels);
    CHECK(a.documents == b.documents);
    CHECK(a.times == b.times);
    CHECK(a.maybe_flag == b.maybe_flag);
    CHECK(a.maybe_large == b.maybe_large);
    CHECK(a.maybe_wide == b.maybe_wide);
    CHECK(a.maybe_amount == b.maybe_amount);
    CHECK(a.maybe_text == b.maybe_text);
    CHECK(a.maybe_document.has_value() == b.maybe_document.has_value());
    CHECK(a.maybe_at == b.maybe_at);
    CHECK(a.maybe_day == b.maybe_day);
    CHECK(a.maybe_key == b.maybe_key);
    CHECK(a.maybe_bytes == b.maybe_bytes);
    CHECK(a.maybe_stored == b.maybe_stored);
    CHECK(a.maybe_texts == b.maybe_texts);
}

/// Returns the values of an array one by one, read by the codec of their type, and tells in which form they came.
template <class T>
struct unnested {
    using row = T;
    std::string sql;
    sark::parameters const& array;
    bool& came_in_binary;

    void bind(sark::parameters& out) const { out.add_text(array.values()[0]); }
    template <class Fields>
    T decode(Fields const& fields) const {
        came_in_binary = fields(0).is_binary;
        return sark::detail::decode_value<T>(fields(0), {});
    }
};

std::size_t differential_size() { return sark::test::sized<std::size_t>(2000, 10'000); }

/// Sends values as an array of parameters' texts and asks the server how it writes each of them.
template <class T, class Draw>
void differential(sark::connection& db, std::string_view type, Draw draw) {
    INFO(type);
    std::size_t const count = differential_size();
    std::vector<T> values;
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) values.push_back(draw());
    sark::parameters array;
    sark::codec<std::vector<T>>::encode(array, values);
    std::string const sql = "SELECT v FROM unnest($1::" + std::string{type} +
                            "[]) WITH ORDINALITY AS u (v, n) ORDER BY n";
    auto const rows = db.query_text(sql, {std::string{array.values()[0]}});
    REQUIRE(rows.size() == values.size());
    int wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::string const& text = rows[i][0].value();
        // What the server writes is read as the value that was sent, and is sent as what the server reads alike.
        T const back = sark::codec<T>::decode({text.c_str(), text.size(), false}, {});
        sark::parameters one;
        sark::codec<T>::encode(one, back);
        sark::parameters first;
        sark::codec<T>::encode(first, values[i]);
        if (std::string_view{one.values()[0]} != first.values()[0]) {
            ++wrong;
            UNSCOPED_INFO("server wrote " << text << ", we sent " << first.values()[0]);
        }
    }
    CHECK(wrong == 0);
    // In binary it is the same value: what it is written as says so for every bit of it.
    bool came_in_binary = false;
    unnested<T> const statement{"SELECT v FROM unnest($1::" + std::string{type} +
                                    "[]) WITH ORDINALITY AS u (v, n) ORDER BY n",
                                array, came_in_binary};
    auto text_of = [](T const& value) {
        sark::parameters one;
        sark::codec<T>::encode(one, value);
        return std::string{one.values()[0]};
    };
    std::vector<T> const from_text = db.all(statement);
    CHECK_FALSE(came_in_binary);
    (void)db.all(statement);
    std::vector<T> const from_binary = db.all(statement);
    CHECK(came_in_binary);
    REQUIRE(from_binary.size() == values.size());
    int other = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        // What the server rounds to its own precision is as the server has it, in both forms.
        other += text_of(from_binary[i]) == text_of(from_text[i]) ? 0 : 1;
        other += text_of(from_binary[i]) == text_of(values[i]) ? 0 : 1;
    }
    CHECK(other == 0);
    // Our binary form is the server's, too.
    if constexpr (sark::detail::has_binary_form<T>) {
        int unlike = 0;
        std::string bytes;
        for (std::size_t i = 0; i < values.size(); ++i) {
            bytes.clear();
            sark::detail::binary_form<T>::write(bytes, values[i]);
            sark::field const f{.data = bytes.data(), .size = bytes.size(), .is_null = false, .is_binary = true};
            unlike += text_of(sark::codec<T>::decode(f, {})) == text_of(values[i]) ? 0 : 1;
        }
        CHECK(unlike == 0);
    }
    // And one by one in the other direction: our text is the server's for the types with one form only.
    if (type != "timestamptz" && type != "double precision" && type != "real") {
        int different = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            sark::parameters first;
            sark::codec<T>::encode(first, values[i]);
            different += rows[i][0].value() == first.values()[0] ? 0 : 1;
        }
        CHECK(different == 0);
    }
}

}  // namespace

TEST_CASE("every mapped type comes back as it went") {
    sark::test::database const database;
    sark::connection db{database.url()};
    for (std::string_view statement : sark::create_statements<Everything>) db.execute(statement);
    using namespace std::chrono_literals;
    std::string ascii;
    for (int c = 1; c < 128; ++c) ascii += static_cast<char>(c);
    std::vector<std::byte> all_bytes;
    for (int b = 0; b < 256; ++b) all_bytes.push_back(static_cast<std::byte>(b));

    Everything least{.flag = false,
                     .small = std::numeric_limits<std::int16_t>::min(),
                     .middle = std::numeric_limits<std::int32_t>::min(),
                     .large = std::numeric_limits<std::int64_t>::min(),
                     .narrow = std::numeric_limits<float>::denorm_min(),
                     .wide = std::numeric_limits<double>::denorm_min(),
                     .amount = sark::numeric<20, 8>{"-999999999999.99999999"},
                     .most = sark::numeric<38, 0>{"-" + std::string(38, '9')},
                     .document = sark::json{"null"},
                     .at = sark::timestamp{std::chrono::sys_days{-4712y / 1 / 1}},
                     .day = sark::date::minus_infinity(),
                     .stored = Stored::one};
    Everything most{.flag = true,
                    .small = std::numeric_limits<std::int16_t>::max(),
                    .middle = std::numeric_limits<std::int32_t>::max(),
                    .large = std::numeric_limits<std::int64_t>::max(),
                    .narrow = -std::numeric_limits<float>::infinity(),
                    .wide = std::numeric_limits<double>::quiet_NaN(),
                    .amount = sark::numeric<20, 8>{"999999999999.99999999"},
                    .most = sark::numeric<38, 0>{std::string(38, '9')},
                    .text = ascii + "äöü名前\xF0\x9F\x98\x80",
                    .bounded = "äöüäöüäöü!",
                    .document = sark::json{R"({"a":[1.10,{"b":null}],"c":123456789012345678901234567890})"},
                    .at = sark::timestamp::from_unix_micros(std::numeric_limits<std::int64_t>::max() - 1),
                    .day = sark::date{32767y / 12 / 31},
                    .key = *sark::parse_uuid("00112233-4455-6677-8899-aabbccddeeff"),
                    .bytes = all_bytes,
                    .stored = Stored::two_,
                    .letters = Letters::large,
                    .texts = {"", ascii, "NULL", "{}", "a,b"},
                    .numbers = {1, std::nullopt, std::numeric_limits<std::int64_t>::min()},
                    .labels = {Stored::two_, Stored::one},
                    .documents = {sark::json{R"({"q":"\"\\,{}"})"}, sark::json{"[]"}},
                    .times = {sark::timestamp::infinity(), sark::timestamp::from_unix_micros(-1)},
                    .maybe_flag = false,
                    .maybe_large = 0,
                    .maybe_wide = -0.0,
                    .maybe_amount = sark::numeric<10, 2>{"-0.01"},
                    .maybe_text = "",
                    .maybe_document = sark::json{},
                    .maybe_at = sark::timestamp::infinity(),
                    .maybe_day = sark::date{0y / 2 / 29},
                    .maybe_key = sark::uuid{},
                    .maybe_bytes = std::vector<std::byte>{},
                    .maybe_stored = Stored::one,
                    .maybe_texts = std::vector<std::string>{}};
    CHECK(db.insert_returning(least).id == 1);
    Everything const returned = db.insert_returning(most);
    CHECK(returned.id == 2);
    check_equal(returned, most);

    auto const rows = db.all(sark::from<Everything>().order_by(sark::col<&Everything::id>));
    REQUIRE(rows.size() == 2);
    check_equal(rows[0], least);
    check_equal(rows[1], most);
    CHECK(std::signbit(rows[1].maybe_wide.value()));
    CHECK(database.ask("SELECT document->>'c' FROM everything WHERE id = 2") == "123456789012345678901234567890");
    CHECK(database.ask("SELECT at::text FROM everything WHERE id = 2").starts_with("294247-01-10 04:00:54.775806"));

    // An explicit number is taken, 0 asks for the next one.
    most.id = 77;
    CHECK(db.insert_returning(most).id == 77);
    most.id = 0;
    CHECK(db.insert_returning(most).id == 3);
}

TEST_CASE("thousands of random values of each type are read and written as the server does") {
    sark::test::database const database;
    sark::connection db{database.url()};
    std::mt19937_64 random{20240229};
    auto const bits = [&] { return random(); };
    auto const below = [&](std::uint64_t n) { return random() % n; };
    auto const text = [&] {
        std::string s;
        for (std::uint64_t n = below(20); n > 0; --n) {
            switch (below(6)) {
                case 0: s += "\"\\'{},"[below(6)]; break;
                case 1: s += "名"; break;
                case 2: s += "\xF0\x9F\x98\x80"; break;
                case 3: s += static_cast<char>(1 + below(31)); break;
                default: s += static_cast<char>(32 + below(95));
            }
        }
        return s;
    };

    differential<bool>(db, "boolean", [&] { return below(2) == 1; });
    differential<std::int16_t>(db, "smallint", [&] { return static_cast<std::int16_t>(bits()); });
    differential<std::int32_t>(db, "integer", [&] { return static_cast<std::int32_t>(bits()); });
    differential<std::int64_t>(db, "bigint", [&] { return static_cast<std::int64_t>(bits()); });
    differential<double>(db, "double precision", [&] {
        std::uint64_t const pattern = bits();
        double value = 0;
        std::memcpy(&value, &pattern, sizeof value);
        return std::isnan(value) ? 0.1 : value;
    });
    differential<float>(db, "real", [&] {
        auto const pattern = static_cast<std::uint32_t>(bits());
        float value = 0;
        std::memcpy(&value, &pattern, sizeof value);
        return std::isnan(value) ? 0.1F : value;
    });
    differential<sark::numeric<18, 4>>(db, "numeric(18,4)", [&] {
        return sark::numeric<18, 4>::from_units(static_cast<std::int64_t>(bits()) % 1'000'000'000'000'000'000);
    });
    differential<sark::numeric<38, 8>>(db, "numeric(38,8)", [&] {
        using wide = sark::numeric<38, 8>;
        return wide{std::to_string(bits()) + std::to_string(below(1'000'000'000))} +
               wide::from_units(static_cast<wide::units_type>(below(100'000'000)));
    });
    differential<std::string>(db, "text", text);
    differential<sark::uuid>(db, "uuid", [&] {
        sark::uuid key{};
        for (auto& byte : key) byte = static_cast<std::uint8_t>(bits());
        return key;
    });
    differential<sark::timestamp>(db, "timestamptz", [&] {
        // From 4713 BC to the end of the member's range, and often close to now.
        constexpr std::int64_t first = -210'866'803'200'000'000;
        constexpr std::int64_t last = 9'223'372'036'854'775'000;
        bool const close = below(2) == 0;
        std::uint64_t const span = close ? 4'000'000'000'000'000
                                         : static_cast<std::uint64_t>(last) + 210'866'803'200'000'000;
        // Unsigned: the span is wider than a signed number.
        std::uint64_t const micros = below(span) + (close ? 0 : static_cast<std::uint64_t>(first));
        return sark::timestamp::from_unix_micros(static_cast<std::int64_t>(micros));
    });
    differential<sark::date>(db, "date", [&] {
        return sark::date{std::chrono::sys_days{std::chrono::days{static_cast<int>(below(12'000'000)) - 2'000'000}}};
    });
    differential<Letters>(db, "varchar", [&] { return below(2) == 1 ? Letters::large : Letters::small; });
    db.execute("CREATE TYPE stored AS ENUM ('one', 'two')");
    differential<Stored>(db, "stored", [&] { return below(2) == 1 ? Stored::two_ : Stored::one; });
    differential<std::vector<std::byte>>(db, "bytea", [&] {
        std::vector<std::byte> bytes(below(40));
        for (auto& b : bytes) b = static_cast<std::byte>(bits());
        return bytes;
    });
    // jsonb has a form of its own; what comes back is equal by value.
    std::vector<std::string> documents;
    for (std::size_t i = 0; i < differential_size(); ++i)
        documents.push_back(sark::to_json(std::vector<std::string>{text(), text()}).text());
    sark::parameters array;
    sark::codec<std::vector<std::string>>::encode(array, documents);
    auto const rows = db.query_text("SELECT v FROM unnest($1::jsonb[]) WITH ORDINALITY AS u (v, n) ORDER BY n",
                                    {std::string{array.values()[0]}});
    int different = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        different += sark::json{rows[i][0].value()} == sark::json{documents[i]} ? 0 : 1;
    CHECK(rows.size() == documents.size());
    CHECK(different == 0);
}
