// SPDX-License-Identifier: MIT
//
// A struct's CHECK accepts what from_json reads and refuses what it refuses: the server is asked about random
// documents, good ones and damaged ones.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/jsonb/document_check.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using sark::from_json, sark::json;

namespace document_check_test {

enum class Mode { fast, safe, delete_ };

struct Circle {
    double radius{};
};
struct Square {
    std::int16_t side{};
    sark::other_members more{};
};
struct Closed {
    std::optional<bool> flag{};
};
using Shape = std::variant<Circle, Square>;
using AnyShape = std::variant<Circle, Closed, sark::unknown_document>;

struct First {
    std::int32_t port{};
};
struct Versioned {
    std::vector<std::int32_t> ports{};
};
inline Versioned upcast(First old) { return {{old.port}}; }

struct Everything {
    bool flag{};
    std::int32_t number{};
    std::optional<std::uint64_t> big{};
    sark::maybe<float> ratio{};
    std::optional<sark::numeric<6, 2>> amount{};
    std::string text{};
    std::optional<sark::varchar<3>> code{};
    std::optional<sark::varchar<300>> title{};
    Mode mode{};
    std::optional<sark::timestamp> at{};
    std::optional<sark::date> day{};
    std::optional<sark::uuid> id{};
    std::optional<json> raw{};
    std::vector<std::vector<std::int32_t>> grid{};
    std::array<std::string, 2> pair{};
    std::set<Mode> modes{};
    std::map<std::string, std::optional<std::int32_t>> named{};
    std::vector<Shape> shapes{};
    std::optional<AnyShape> any{};
    std::optional<Versioned> versioned{};
    std::optional<Closed> odd_{};
};

struct Holder {
    std::int64_t id{};
    json settings{};
};

}  // namespace document_check_test

using namespace document_check_test;

template <>
inline constexpr std::string_view sark::tag_of<Circle> = "circle";
template <>
inline constexpr std::string_view sark::tag_of<Square> = "it's";
template <>
inline constexpr std::string_view sark::tag_of<Closed> = "closed";
template <>
inline constexpr auto sark::unknown_members_of<Closed> = sark::unknown_members::reject;
template <>
inline constexpr auto sark::versions_of<Versioned> = sark::versions<First, Versioned>{"v"};
template <>
inline constexpr auto sark::table_of<Holder> = sark::table(
    "holders", sark::check{"ck_holders_settings", sark::document_check<Everything, "settings">});

namespace {

constexpr std::string_view good_document =
    R"({"flag":true,"number":-5,"big":18446744073709551615,"ratio":0.5,"amount":12.50,"text":"t","code":"äöü",)"
    R"("title":"a\nb","mode":"safe","at":"2024-02-29T12:00:00.5+02:00","day":"2026-12-31",)"
    R"("id":"00112233-4455-6677-8899-aabbccddeeff","raw":{"x":[1e400]},"grid":[[1,2],[],[3]],"pair":["a","b"],)"
    R"("modes":["fast","delete"],"named":{"a":1,"b":null},"shapes":[{"type":"circle","radius":1},)"
    R"({"type":"it's","side":2,"color":"red"}],"any":{"type":"hexagon","n":6},"versioned":{"v":2,"ports":[1]},)"
    R"("odd":{"flag":null}})";

constexpr std::string_view scraps[] = {"null",
                                       "true",
                                       "0",
                                       "1",
                                       "2",
                                       "-1",
                                       "1.5",
                                       "2147483648",
                                       "1e2",
                                       "100.0",
                                       "12.505",
                                       "9999.99",
                                       "10000",
                                       "1e39",
                                       "1e400",
                                       "18446744073709551616",
                                       "-0",
                                       "\"\"",
                                       "\"fast\"",
                                       "\"delete\"",
                                       "\"delete_\"",
                                       "\"abcd\"",
                                       "\"circle\"",
                                       "\"closed\"",
                                       "\"it's\"",
                                       "\"2026-02-29\"",
                                       "\"2000-02-29T00:00:00Z\"",
                                       "\"2026-01-01T00:00:00\"",
                                       "\"infinity\"",
                                       "\"00112233-4455-6677-8899-AABBCCDDEEFF\"",
                                       "[]",
                                       "[1]",
                                       "[[1]]",
                                       "[\"a\",\"b\"]",
                                       "[null]",
                                       "{}",
                                       "{\"a\":1.5}",
                                       "{\"type\":\"circle\",\"radius\":2}",
                                       "{\"type\":\"closed\"}",
                                       "{\"type\":\"closed\",\"x\":1}",
                                       "{\"type\":[\"circle\"]}",
                                       "{\"type\":\"it's\",\"side\":40000}",
                                       "{\"port\":7}",
                                       "{\"v\":1,\"port\":7}",
                                       "{\"v\":1.0,\"port\":7}",
                                       "{\"v\":3,\"port\":7}",
                                       "{\"v\":\"2\",\"ports\":[]}",
                                       "{\"v\":2,\"port\":7}",
                                       "[{\"type\":\"circle\",\"radius\":2}]",
                                       "{\"flag\":true,\"x\":1}"};

struct damager {
    std::mt19937 random{20'271};

    std::size_t pick(std::size_t n) { return random() % n; }

    void damage(sark::json_tree& tree) {
        // Downwards for a while, then something happens.
        if (pick(3) != 0) {
            if (!tree.items().empty()) return damage(tree.items()[pick(tree.items().size())]);
            if (!tree.members().empty()) return damage(tree.members()[pick(tree.members().size())].second);
        }
        switch (pick(4)) {
            case 0:
                if (!tree.members().empty()) {
                    tree.members().erase(tree.members().begin() +
                                         static_cast<std::ptrdiff_t>(pick(tree.members().size())));
                    return;
                }
                break;
            case 1:
                if (tree.is(sark::json_kind::object)) {
                    tree.set(pick(2) == 0 ? "strange" : "flag", scrap());
                    return;
                }
                break;
            case 2:
                if (tree.is(sark::json_kind::array)) {
                    tree.items().push_back(scrap());
                    return;
                }
                break;
            default: break;
        }
        tree = scrap();
    }
    sark::json_tree scrap() { return sark::parse_json(scraps[pick(std::size(scraps))]); }
};

bool is_read(std::string const& text) {
    try {
        (void)from_json<Everything>(json{text});
        return true;
    } catch (sark::error const&) { return false; }
}

}  // namespace

TEST_CASE("a CHECK accepts what from_json reads") {
    sark::test::database const database;
    sark::connection db{database.url()};

    SECTION("of random documents, good and damaged") {
        auto const count = sark::test::sized<std::size_t>(3'000, 20'000);
        damager random;
        sark::json_tree const good = sark::parse_json(good_document);
        std::vector<std::string> documents{std::string{good_document}};
        for (std::string_view const scrap : scraps) documents.emplace_back(scrap);
        while (documents.size() < count) {
            sark::json_tree tree = good;
            for (std::size_t n = random.pick(3); n > 0; --n) random.damage(tree);
            documents.push_back(tree.to_string());
        }
        std::string all{"["};
        for (std::string const& document : documents) all.append(all.size() == 1 ? "" : ",").append(document);
        std::string const question =
            "SELECT (" + std::string{sark::document_check<Everything, "doc">} +
            ")::text FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS d(doc, n) ORDER BY n";
        auto const answers = db.query_text(question, {all + "]"});
        REQUIRE(answers.size() == documents.size());
        std::size_t accepted = 0;
        std::size_t different = 0;
        for (std::size_t i = 0; i < documents.size(); ++i) {
            bool const ours = is_read(documents[i]);
            accepted += ours ? 1 : 0;
            if (answers[i].at(0).value() != (ours ? "true" : "false")) {
                ++different;
                UNSCOPED_INFO(documents[i]);
            }
        }
        CHECK(different == 0);
        CHECK(accepted > documents.size() / 4);
        CHECK(accepted < documents.size() * 3 / 4);
    }

    SECTION("as a constraint of a table that is declared") {
        for (std::string_view const statement : sark::create_statements<Holder>) db.execute(statement);
        db.insert(Holder{.id = 1, .settings = json{good_document}});
        try {
            db.insert(Holder{.id = 2, .settings = json{R"({"flag":"secret"})"}});
            FAIL("was taken");
        } catch (sark::error const& refused) {
            CHECK(refused.sqlstate() == "23514");
            CHECK(refused.constraint() == "ck_holders_settings");
        }
    }
}
