// SPDX-License-Identifier: MIT
//
// What a server can be told and can answer at the edges: settings of roles, numbers, times, arrays, sizes, names. Each
// comes back exactly, or is refused with the name of the thing.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::col, sark::from;

namespace inputs {

enum class Mood { calm, wild };

struct Note {
    std::int64_t id{};
    std::string text{};
    double ratio{};
    sark::timestamp at{};
    std::vector<std::byte> bytes{};
    std::vector<std::optional<std::string>> texts{};
    std::int32_t number{};
    sark::numeric<10, 2> amount{};
    std::optional<Mood> mood{};
    sark::json document{};

    bool operator==(Note const&) const = default;
};

/// Has names that are legal in quotes only: of a reserved word, of mixed case, of a table with everything.
struct Odd {
    std::int64_t id{};
    std::string select{};
    std::string User{};

    bool operator==(Odd const&) const = default;
};

/// Reads one value of a text given at run time, by the codec of its type.
template <class T>
struct value_of {
    using row = T;
    std::string sql;

    void bind(sark::parameters&) const {}
    template <class Fields>
    static T decode(Fields const& fields) {
        return sark::detail::decode_value<T>(fields(0), {"t", "c"});
    }
};

}  // namespace inputs

using namespace inputs;

template <>
inline constexpr std::string_view sark::enum_type_of<Mood> = "mood";
template <>
inline constexpr auto sark::table_of<Note> = sark::table("note", sark::column<&Note::text>{.fallback = R"('a\b')"});
template <>
inline constexpr auto sark::table_of<Odd> = sark::table(
    "or\"der; DROP TABLE note; --\n%s $1 \xC3\x84 . /* */ 'x' \x01");

namespace {

template <class F>
sark::error failure(F&& action) {
    try {
        std::forward<F>(action)();
    } catch (sark::error const& failed) {
        CHECK(std::string_view{failed.what()}.starts_with("sark: "));
        CHECK(std::string_view{failed.what()}.find('\n') == std::string_view::npos);
        return failed;
    }
    FAIL("nothing failed");
    throw 0;
}

struct tables {
    sark::test::database database;
    sark::connection db{database.url()};

    tables() {
        for (std::string_view statement : sark::create_statements<Note, Odd>) db.execute(statement);
    }

    /// Gives the code that the server refuses a text with; the message has neither the text nor the server's words.
    std::string refused(std::string const& sql, std::string const& value) {
        auto const failed = failure([&] { (void)db.query_text(sql, {value}); });
        CHECK_THAT(failed.what(), ContainsSubstring(" (" + failed.sqlstate() + ")") && !ContainsSubstring(value));
        CHECK_FALSE(sark::advice_for(failed.sqlstate()).condition.empty());
        return failed.sqlstate();
    }

    /// Reads a value four times, so in text and, where its type has one that is read, in binary.
    template <class T>
    void reads(std::string const& sql, T const& expected) {
        INFO(sql);
        for (int run = 0; run < 4; ++run) CHECK((db.one(value_of<T>{sql}) == expected));
    }
    template <class T>
    void refuses(std::string const& sql) {
        INFO(sql);
        for (int run = 0; run < 4; ++run) CHECK(failure([&] { (void)db.one(value_of<T>{sql}); }).column() == "c");
    }
};

Note const sample{.id = 1,
                  .text = "\xC3\xA9 \xE5\x90\x8D \\ ' \xF0\x9F\x98\x80",
                  .ratio = 0.1 + 0.2,
                  .at = sark::timestamp::from_unix_micros(1'709'510'400'123'456),  // 4 March 2024: 04/03 and 03/04
                  .bytes = {std::byte{0}, std::byte{'\\'}, std::byte{255}},
                  .texts = {"NULL", std::nullopt, "", "{,}\"\\"},
                  .number = 7,
                  .amount = sark::numeric<10, 2>{"12.34"},
                  .mood = Mood::wild,
                  .document = sark::json{R"({"a": "b"})"}};

}  // namespace

TEST_CASE("whatever a role, a database or an address sets, values come back as they went") {
    tables t;
    for (char const* setting :
         {"client_encoding TO 'LATIN1'", "DateStyle TO 'German'", "IntervalStyle TO 'sql_standard'",
          "TimeZone TO 'America/St_Johns'", "extra_float_digits TO 0", "bytea_output TO 'escape'",
          "standard_conforming_strings TO off", "array_nulls TO off", "transform_null_equals TO on"})
        t.database.execute("ALTER DATABASE \"" + t.database.name() + "\" SET " + setting);
    std::string const address = t.database.url() + (t.database.url().find("://") == std::string::npos
                                                        ? " client_encoding=SJIS options='-c DateStyle=SQL,DMY'"
                                                        : "");
    for (std::string const& at : {t.database.url(), address}) {
        sark::connection db{at};
        db.execute("DELETE FROM note");
        db.insert(sample);
        for (int run = 0; run < 3; ++run) CHECK(db.one(from<Note>()) == sample);
        CHECK(db.one(from<Note>().where(col<&Note::text> == sample.text, col<&Note::at> == sample.at)) == sample);
        CHECK(db.query_text(R"(SELECT 'a\b')")[0][0] == R"(a\b)");
        auto copied = sample;
        copied.id = 2;
        CHECK(db.copy_in(std::vector{copied}) == 1);
        CHECK(db.insert_many(std::vector{
                  Note{.id = 3, .at = sample.at, .texts = sample.texts, .document = sample.document}}) == 1);
        CHECK(db.find<Note>(2) == copied);
        // A borrowed connection is cleaned, and the settings of the role would be back.
        REQUIRE(db.clean());
        CHECK(db.find<Note>(2) == copied);
    }
    // The backslash of a literal in DDL is one.
    t.database.execute("INSERT INTO note (id, ratio, at, bytes, texts, number, amount, document) "
                       "SELECT 9, ratio, at, bytes, texts, number, amount, document FROM note WHERE id = 1");
    CHECK(t.db.find<Note>(9).value().text == R"(a\b)");
}

TEST_CASE("numbers that do not fit are refused by the server or by their member, never changed") {
    tables t;
    t.db.insert(sample);
    CHECK(t.refused("SELECT $1::numeric(10,2)", "100000000") == "22003");
    CHECK(t.refused("SELECT $1::int", "2147483648") == "22003");
    CHECK(t.refused("SELECT $1::float8", "1e-400") == "22003");
    CHECK(t.refused("SELECT $1::float8", "1e400") == "22003");
    CHECK(t.refused("SELECT $1::int", "12x") == "22P02");
    auto const most = std::numeric_limits<std::int32_t>::max();
    CHECK(failure([&] { (void)t.db.one(from<Note>().select(col<&Note::number> + most)); }).sqlstate() == "22003");
    // A minus before a value is no comment, for the value is no text of the statement.
    CHECK(t.db.one(from<Note>().select(col<&Note::number> - -5)) == 12);
    CHECK(t.db.one(from<Note>().select(col<&Note::amount>)) == sample.amount);
    t.db.execute("ALTER TABLE note ALTER amount TYPE numeric");
    for (char const* amount : {"NaN", "Infinity", "0.001", "100000000"}) {
        INFO(amount);
        t.db.execute("UPDATE note SET amount = '" + std::string{amount} + "'");
        for (int run = 0; run < 3; ++run) CHECK(failure([&] { (void)t.db.one(from<Note>()); }).column() == "amount");
    }
    t.reads<double>("SELECT '-0'::float8", -0.0);
    t.reads<double>("SELECT '5e-324'::float8", 5e-324);
    t.reads<double>("SELECT '-Infinity'::float8", -std::numeric_limits<double>::infinity());
    t.refuses<std::int64_t>("SELECT 1.5::numeric");
    t.refuses<std::int16_t>("SELECT 40000::int");
}

TEST_CASE("money of the entities is a number that is not negative, whoever writes it") {
    sark::test::database const database;
    sark::connection db{database.url()};
    for (std::string_view statement :
         sark::create_statements<sark::Resource, sark::Capability, sark::CostTracking, sark::PrincipalBudget>)
        db.execute(statement);
    db.insert(sark::PrincipalBudget{.principal_id = "p"});
    for (char const* column : {"daily_budget", "monthly_budget", "daily_spent", "monthly_spent"})
        for (auto const& [amount, state] :
             {std::pair{"-100", "23514"}, std::pair{"-0.01", "23514"}, std::pair{"NaN", "23514"},
              std::pair{"Infinity", "22003"}, std::pair{"1e30", "22003"}}) {
            INFO(column << " " << amount);
            auto const failed = failure([&] {
                (void)db.query_text(std::string{"UPDATE principal_budgets SET "} + column + " = $1", {amount});
            });
            CHECK(failed.sqlstate() == state);
            if (failed.sqlstate() == "23514")
                CHECK(failed.constraint() == std::string{"ck_principal_budgets_"} + column);
        }
    for (char const* column : {"daily_spent", "monthly_spent"})
        CHECK(failure([&] {
                  db.execute(std::string{"UPDATE principal_budgets SET "} + column + " = NULL");
              }).sqlstate() == "23502");
    auto broken = db.find<sark::PrincipalBudget>("p").value();
    broken.daily_spent = -broken.daily_spent;  // of zero
    CHECK(db.update(broken));
    broken.daily_spent = sark::money{-1};
    CHECK(failure([&] { db.update(broken); }).constraint() == "ck_principal_budgets_daily_spent");
    sark::CostTracking cost{.principal_id = "p", .resource_id = "r", .capability_id = "c"};
    cost.actual_cost = sark::money{"-100"};
    CHECK(failure([&] { db.insert(cost); }).constraint() == "ck_cost_tracking_actual_cost");
    CHECK(failure([&] { db.insert_many(std::vector{cost}); }).constraint() == "ck_cost_tracking_actual_cost");
    CHECK(failure([&] { db.copy_in(std::vector{cost}); }).constraint() == "ck_cost_tracking_actual_cost");
    CHECK(database.ask("SELECT daily_spent = 0 FROM principal_budgets") == "t");
}

TEST_CASE("times are instants: infinite, before Christ and of hours that come twice") {
    tables t;
    using sark::timestamp;
    using namespace std::chrono_literals;
    CHECK(t.refused("SELECT $1::timestamptz", "294277-01-01 00:00:00+00") == "22008");
    CHECK(t.refused("SELECT $1::timestamptz", "2024-02-30 00:00:00+00") == "22008");
    CHECK(t.refused("SELECT $1::timestamptz", "2024-01-01 00:00:00+16") == "22009");
    t.reads("SELECT 'infinity'::timestamptz", timestamp::infinity());
    t.reads("SELECT '-infinity'::date", sark::date::minus_infinity());
    t.reads("SELECT '4713-01-01 00:00:00+00 BC'::timestamptz", timestamp{std::chrono::sys_days{-4712y / 1 / 1}});
    t.reads("SELECT '0001-02-29 BC'::date", sark::date{0y / 2 / 29});
    t.reads("SELECT '10000-01-01 00:00:00+00'::timestamptz", timestamp{std::chrono::sys_days{10000y / 1 / 1}});
    t.reads("SELECT '5874897-12-31'::date - '5874897-12-30'::date", std::int32_t{1});
    t.refuses<timestamp>("SELECT '294276-12-31 23:59:59.999999+00'::timestamptz");
    // 24:00:00 and a second 60 are the server's: it writes what they mean.
    t.reads("SELECT '2024-01-01 24:00:00+00'::timestamptz", timestamp{std::chrono::sys_days{2024y / 1 / 2}});
    t.reads("SELECT '2024-01-01 12:00:60+00'::timestamptz",
            timestamp{std::chrono::sys_days{2024y / 1 / 1} + 12h + 1min});
    // Around both changes of the clock each quarter of an hour is one instant, whatever the session's zone.
    t.db.execute("SET TimeZone TO 'Europe/Berlin'");
    for (auto day : {2024y / 3 / 31, 2024y / 10 / 27})
        for (auto after = 0min; after < 4h; after += 15min) {
            auto row = sample;
            row.at = timestamp{std::chrono::sys_days{day} + after};
            t.db.upsert(row);
            for (int run = 0; run < 2; ++run) CHECK(t.db.find<Note>(1).value().at == row.at);
        }
}

TEST_CASE("arrays, labels and documents that have another shape are refused by name") {
    tables t;
    using numbers = std::vector<std::int64_t>;
    t.reads("SELECT '[5:6]={1,2}'::bigint[]", numbers{1, 2});
    t.reads("SELECT '{}'::bigint[]", numbers{});
    t.refuses<numbers>("SELECT '{{1,2},{3,4}}'::bigint[]");
    t.refuses<numbers>("SELECT '{1,NULL}'::bigint[]");
    CHECK(t.refused("SELECT $1::int[]", "{{1},{2,3}}") == "22P02");
    CHECK(t.refused("SELECT $1::inet", "10.0.0.1/33") == "22P02");
    CHECK(t.refused("SELECT $1::uuid", "00112233-4455") == "22P02");
    auto const key = sark::parse_uuid("00112233-4455-6677-8899-aabbccddeeff").value();
    t.reads("SELECT '{00112233445566778899AABBCCDDEEFF}'::uuid", key);

    CHECK(t.refused("SELECT $1::mood", "furious") == "22P02");
    t.db.insert(sample);
    t.db.execute("ALTER TYPE mood ADD VALUE 'furious'");
    t.db.execute("UPDATE note SET mood = 'furious'");
    for (int run = 0; run < 3; ++run) {
        auto const unknown = failure([&] { (void)t.db.one(from<Note>()); });
        CHECK(unknown.column() == "mood");
        CHECK_THAT(unknown.what(), !ContainsSubstring("furious"));
    }
    auto const early = failure([&] {
        t.db.transaction([](sark::transaction& tx) {
            tx.execute("ALTER TYPE mood ADD VALUE 'sad'");
            tx.execute("UPDATE note SET mood = 'sad'");
        });
    });
    CHECK(early.sqlstate() == "55P04");
    CHECK_THAT(early.what(), ContainsSubstring("before it is committed"));

    auto row = sample;
    for (char const* broken : {"\xEF\xBB\xBF{}", "", "{'a': 1}", "[1,]", "{} {}", "\"\t\"", "01", "\"\\ud800\""}) {
        row.document = sark::json{broken};
        // The guard answers: nothing is sent, and a transaction would go on.
        auto const refused = failure([&] { t.db.update(row); });
        CHECK(refused.sqlstate().empty());
        CHECK(refused.column() == "document");
        CHECK_THAT(refused.what(), ContainsSubstring("is not JSON at line 1, column "));
    }
    row.document = sark::json{R"("\u0000")"};
    CHECK_THAT(failure([&] { t.db.update(row); }).what(), ContainsSubstring("the escape \\u0000"));
}

TEST_CASE("limits of the server are named, and lists have none of their own") {
    tables t;
    std::vector<Note> rows;
    for (int i = 0; i < 7'000; ++i)
        rows.push_back({.id = i, .text = "t", .at = sample.at, .document = sample.document});
    CHECK(t.db.run(sark::insert_into<Note>().rows(rows)) == 7'000);  // 70,000 values, and the protocol counts to 65,535
    std::vector<std::int64_t> keys(70'000);
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::int64_t>(i);
    CHECK(t.db.count(from<Note>().where(col<&Note::id>.in(keys))) == 7'000);
    keys.clear();
    CHECK(t.db.count(from<Note>().where(col<&Note::id>.in(keys))) == 0);
    CHECK(t.db.count(from<Note>().where(!col<&Note::id>.in(keys))) == 7'000);
    CHECK_THAT(failure([&] { (void)t.db.query_text("SELECT 1", sark::text_row(65'536, "secret")); }).what(),
               ContainsSubstring("65535"));
    CHECK(t.db.count(from<Note>()) == 7'000);

    std::mt19937_64 random{7};
    std::string large;
    while (large.size() < 40'000) large += std::to_string(random());
    t.db.execute("CREATE INDEX ON note (text)");
    auto row = sample;
    row.text = large;
    auto const refused = failure([&] { t.db.update(row); });
    CHECK(refused.sqlstate() == "54000");
    CHECK_THAT(refused.what(), ContainsSubstring("too large for its index"));
    std::string columns;
    for (int i = 0; i < 1'100; ++i) columns += (i == 0 ? "c" : ", c") + std::to_string(i) + " bigint DEFAULT 1";
    t.db.execute("CREATE TABLE wide (" + columns + ")");
    CHECK(failure([&] { t.db.execute("INSERT INTO wide DEFAULT VALUES"); }).sqlstate() == "54000");
    for (int i = 1'100; i < 1'601; ++i) columns += ", c" + std::to_string(i) + " int";
    CHECK_THAT(failure([&] { t.db.execute("CREATE TABLE wider (" + columns + ")"); }).what(),
               ContainsSubstring("more than 1600 columns"));
}

TEST_CASE("names are names, whatever is in them, and forge no line of a message") {
    tables t;
    Odd row{.id = 1, .select = "s", .User = "o"};
    t.db.insert(row);
    for (int run = 0; run < 3; ++run)
        CHECK(t.db.one(from<Odd>().where(col<&Odd::User> == "o").order_by(col<&Odd::select>)) == row);
    row.User = "p";
    CHECK(t.db.upsert(row) == sark::upserted::updated);
    row.select = "q";
    CHECK(t.db.update(row));
    CHECK(t.db.insert_many(std::vector{Odd{.id = 2}}) == 1);
    CHECK(t.db.copy_in(std::vector{Odd{.id = 3}}) == 1);
    std::size_t streamed = 0;
    for (Odd const& o : t.db.stream(from<Odd>().where(col<&Odd::select> == "q"))) streamed += o == row ? 1 : 0;
    CHECK(streamed == 1);
    t.db.execute("ALTER TABLE note ADD CONSTRAINT \"a\nERROR: forged \x1B[31m\" CHECK (number < 100)");
    auto wrong = sample;
    wrong.number = 100;
    auto const failed = failure([&] { t.db.insert(wrong); });
    CHECK(failed.constraint() == "a\nERROR: forged \x1B[31m");
    CHECK_THAT(failed.what(), ContainsSubstring("constraint a?ERROR: forged ?[31m"));
    auto const missing = failure([&] { (void)t.db.insert(Odd{.id = 1}); });
    CHECK_THAT(missing.what(), ContainsSubstring("or\"der; DROP TABLE note; --?%s $1 \xC3\x84 . /* */ 'x' ?"));
    CHECK(t.db.query_text("SELECT count(*) FROM note")[0][0] == "0");
}
