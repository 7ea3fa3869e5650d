// SPDX-License-Identifier: MIT
//
// The text of operators and paths, what conditions merge into, and that an index and a query spell a path the same.

#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb/typed_path.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/query.hpp>
#include <sark/schema/table.hpp>

#include "catch.hpp"
#include "json_settings.hpp"
#include "sql_is.hpp"

using namespace json_settings;
using sark::col, sark::each, sark::from, sark::json, sark::meta, sark::path, sark::unindexed, sark::var;
using sark::test::values_of;
using values = std::vector<std::string>;

namespace {

constexpr auto& body = col<&Note::body>;
constexpr auto& owner = meta<&Settings::owner>;
constexpr auto& per_hour = meta<&Settings::limits, &Limits::per_hour>;
constexpr auto& burst = meta<&Settings::limits, &Limits::burst>;

/// Gives what stands after WHERE.
template <class... Conditions>
std::string where(Conditions... conditions) {
    std::string_view const sql = from<Note>().where(conditions...).sql;
    return std::string{sql.substr(sql.find(" WHERE ") + 7)};
}
/// Gives what is selected.
template <class E>
std::string chosen(E expression) {
    std::string_view const sql = from<Note>().select(expression).sql;
    return std::string{sql.substr(7, sql.rfind(" FROM ") - 7)};
}
/// Gives the documents that are sent.
template <class... Conditions>
values sent(Conditions... conditions) {
    return values_of(from<Note>().where(conditions...));
}

constexpr std::string_view contains = R"(("notes"."protocol" = 'http' AND "notes"."body" @> $1::jsonb))";

}  // namespace

TEST_CASE("operators of jsonb") {
    CHECK(where(body.contains(json{})) == R"("notes"."body" @> $1::jsonb)");
    CHECK(where(unindexed(col<&Note::extra>.contains_value(body))) == R"("notes"."extra" @> "notes"."body")");
    CHECK(where(unindexed(body.contained_in(json{}))) == R"("notes"."body" <@ $1::jsonb)");
    CHECK(where(body.has_key("k")) == R"("notes"."body" ? $1::text)");
    CHECK(where(body.has_any_key({"a", "b\""})) == R"("notes"."body" ?| $1::text[])");
    CHECK(sent(body.has_any_key({"a", "b\""})) == values{R"({"a","b\""})"});
    CHECK(where(body.has_all_keys({"a"})) == R"("notes"."body" ?& $1::text[])");
    CHECK(where(body.path_exists<"$.a ? (@ == \"it's\")">()) ==
          R"("notes"."body" @? '$.a ? (@ == "it''s")'::jsonpath)");
    CHECK(where(body.path_matches<"$.a == 1">()) == R"("notes"."body" @@ '$.a == 1'::jsonpath)");
    CHECK(
        where(unindexed(body.path_exists<"$.a ? (@ > $least && @ < $most)">(var<"least">(1), var<"most">(9)))) ==
        R"(jsonb_path_exists("notes"."body", '$.a ? (@ > $least && @ < $most)', jsonb_build_object('least', $1::integer, 'most', $2::integer), true))");
    CHECK(chosen(body.at<"a">()) == R"(("notes"."body" -> 'a'))");
    CHECK(chosen(body.at<"a">().at<-1>()) == R"(("notes"."body" -> 'a' -> -1))");
    CHECK(chosen(body.at("a").text()) == R"(("notes"."body" ->> $1::text))");
    CHECK(chosen(body.at<"it's">().text()) == R"(("notes"."body" ->> 'it''s'))");
    CHECK(chosen(body.at_path({"a", "0"})) == R"(("notes"."body" #> $1::text[]))");
    CHECK(chosen(body.text_at_path({"a", "0"})) == R"(("notes"."body" #>> $1::text[]))");
    CHECK(chosen(body.without<"a", "0">()) == R"(("notes"."body" #- ARRAY['a', '0']::text[]))");
    CHECK(chosen(body.without_path({"a"})) == R"(("notes"."body" #- $1::text[]))");
    CHECK(chosen(body.without("a")) == R"(("notes"."body" - $1::text))");
    CHECK(chosen(body.concat(json{})) == R"(("notes"."body" || $1::jsonb))");
}

TEST_CASE("a path is read as its member's type, and an error is not possible") {
    CHECK(chosen(owner) == R"(("notes"."body" ->> 'owner'))");
    CHECK(chosen(meta<&Settings::limits>) == R"(("notes"."body" -> 'limits'))");
    CHECK(
        chosen(per_hour) ==
        R"(jsonb_path_query_first("notes"."body" -> 'limits' -> 'per_hour', 'strict $ ? (@ >= -9223372036854775808 && @ <= 9223372036854775807 && @ % 1 == 0)')::bigint)");
    CHECK(chosen(meta<&Settings::active>) ==
          R"(jsonb_path_query_first("notes"."body" -> 'active', 'strict $ ? (@ == true || @ == false)')::boolean)");
    CHECK(chosen(meta<&Settings::labels>.at<"team">()) == R"(("notes"."body" -> 'labels' ->> 'team'))");
    CHECK(chosen(body.as<Settings>().at<"contacts">().at<0>().at<"kind">()) ==
          R"(("notes"."body" -> 'contacts' -> 0 ->> 'kind'))");
    CHECK(from<Note>().group_by(path<&Note::body, &Settings::owner>).select(path<&Note::body, &Settings::owner>).sql ==
          R"(SELECT ("notes"."body" ->> 'owner') FROM "notes" GROUP BY ("notes"."body" ->> 'owner'))");
    static_assert(std::is_same_v<decltype(from<Note>().select(per_hour))::row, std::optional<std::int64_t>>);
    static_assert(std::is_same_v<decltype(from<Note>().select(meta<&Settings::tier>))::row, std::optional<Tier>>);
    static_assert(std::is_same_v<decltype(from<Note>().select(meta<&Settings::tags>))::row, std::optional<json>>);
}

TEST_CASE("equality on a path is containment from the root") {
    CHECK(where(per_hour == 5) == contains);
    CHECK(sent(per_hour == 5) == values{R"({"limits":{"per_hour":5}})"});
    CHECK(sent(meta<&Settings::tags>[each] == "x") == values{R"({"tags":["x"]})"});
    CHECK(sent(meta<&Settings::tags>.contains({"x", "y"})) == values{R"({"tags":["x","y"]})"});
    CHECK(sent(meta<&Settings::labels>.at<"team">() == "core") == values{R"({"labels":{"team":"core"}})"});
    CHECK(sent(meta<&Settings::labels>.at("a\"b") == "core") == values{R"({"labels":{"a\"b":"core"}})"});
    CHECK(sent(meta<&Settings::contacts>[each].member<&Contact::kind>() == "mail") ==
          values{R"({"contacts":[{"kind":"mail"}]})"});
    CHECK(sent(owner.is_json_null()) == values{R"({"owner":null})"});
    CHECK(sent(meta<&Settings::tier> == Tier::gold) == values{R"({"tier":"gold"})"});
    CHECK(sent(body.at<"a">().at<"b">() == "x") == values{R"({"a":{"b":"x"}})"});
    CHECK(sent(body.at<"a">() == 5) == values{R"({"a":5})"});
    CHECK(where(owner.in({"a", "b"})) == R"(("notes"."protocol" = 'http' AND "notes"."body" @> ANY($1::jsonb[])))");
    CHECK(sent(owner.in({"a", "b"})) == values{R"({"{\"owner\":\"a\"}","{\"owner\":\"b\"}"})"});
    CHECK(where(owner.exists()) == R"(("notes"."protocol" = 'http' AND "notes"."body" ? 'owner'))");
    // A position in a list is no part of containment, which ignores order.
    CHECK(where(unindexed(meta<&Settings::tags>.at<0>() == "x")) ==
          R"(("notes"."protocol" = 'http' AND ("notes"."body" -> 'tags' ->> 0) = $1))");
    CHECK(where(unindexed(meta<&Settings::tags>[2] == "x")) ==
          R"(("notes"."protocol" = 'http' AND ("notes"."body" -> 'tags' ->> $1::integer) = $2))");
    CHECK(where(unindexed(meta<&Settings::tier> >= Tier::silver)) ==
          R"(("notes"."protocol" = 'http' AND ("notes"."body" ->> 'tier') = ANY($1)))");
}

TEST_CASE("conditions on one document become one") {
    CHECK(where(owner == "x", per_hour == 5) == contains);
    CHECK(where(owner == "x" && per_hour == 5 && burst == 0.5) == contains);
    CHECK(sent(owner == "x" && per_hour == 5 && burst == 0.5) ==
          values{R"({"owner":"x","limits":{"per_hour":5,"burst":0.5}})"});
    CHECK(sent(meta<&Settings::tags>[each] == "a", meta<&Settings::tags>[each] == "b") ==
          values{R"({"tags":["a","b"]})"});
    CHECK(sent(meta<&Settings::contacts>[each].member<&Contact::kind>() == "k",
               meta<&Settings::contacts>[each].member<&Contact::address>() == "a") ==
          values{R"({"contacts":[{"kind":"k"},{"address":"a"}]})"});
    CHECK(where(owner == "x" && col<&Note::id> == 1 && meta<&Settings::active> == true) ==
          R"((("notes"."protocol" = 'http' AND "notes"."body" @> $1::jsonb) AND "notes"."id" = $2))");
    CHECK(sent(owner == "x" && col<&Note::id> == 1 && meta<&Settings::active> == true) ==
          values{R"({"owner":"x","active":true})", "1"});
    CHECK(where(col<&Note::id> == 1, owner == "x", meta<&Settings::active> == true) ==
          R"("notes"."id" = $1 AND ("notes"."protocol" = 'http' AND "notes"."body" @> $2::jsonb))");
}

TEST_CASE("conditions that could be in each other's way stay apart") {
    // One path with two values, a path and one inside of it, keys that are sent and may be one.
    CHECK(sent(owner == "x", owner == "y").size() == 2);
    CHECK(sent(meta<&Settings::limits>.contains({5, 1.0}), per_hour == 5).size() == 2);
    CHECK(sent(meta<&Settings::labels>.at("a") == "x", meta<&Settings::labels>.at("b") == "y").size() == 2);
    CHECK(sent(meta<&Settings::tags>.contains({"a"}), meta<&Settings::tags>[each] == "b").size() == 2);
    CHECK(sent(owner == "x" || per_hour == 5).size() == 2);
    CHECK(sent(unindexed(!(owner == "x" || per_hour == 5))).size() == 2);
    // A protocol's document and the plain column are two roots.
    CHECK(sent(owner == "x", body.at<"a">() == 1).size() == 2);
}

TEST_CASE("an index and a query spell a path the same") {
    auto const in_query = [](auto expression) {
        std::string text = std::string{from<Slim>().select(expression).sql};
        text = text.substr(7, text.rfind(" FROM ") - 7);
        // The query names the table, the index belongs to one.
        for (std::size_t at = 0; (at = text.find("\"slim\".", at)) != std::string::npos;) text.erase(at, 7);
        return text;
    };
    auto const in_index = [](std::string_view name) {
        for (sark::schema::index const& i : sark::definition_of<Slim>().indexes)
            if (i.name == name) return std::string{i.keys[0].expression};
        return std::string{};
    };
    CHECK(in_query(path<&Slim::body, &Settings::limits, &Limits::per_hour>) == in_index("ix_slim_per_hour"));
    CHECK(in_query(per_hour) == in_index("ix_slim_per_hour"));
    // Parentheses are an index's own.
    CHECK(in_query(path<&Slim::body, &Settings::owner>) == "(" + in_index("ix_slim_owner") + ")");
    CHECK(in_query(meta<&Settings::tier>) == "(" + in_index("ix_slim_tier") + ")");
    CHECK(in_query(meta<&Settings::limits>) == "(" + in_index("ix_slim_limits") + ")");
}

TEST_CASE("the class of a GIN index follows from what is asked") {
    using asked = sark::json_predicate;
    static_assert(sark::detail::smallest_class<asked::contains, asked::path_equals>() == "jsonb_path_ops");
    static_assert(sark::detail::smallest_class<asked::contains, asked::has_key>() == "");
    static_assert(sark::detail::smallest_class<asked::any_path_equals>() == "");
}

TEST_CASE("what an index serves needs no word") {
    // Each of these compiles because of an index, or of the key.
    CHECK(from<Slim>().where(per_hour > 5, owner.value() == "x", meta<&Settings::tier>.value() == Tier::gold).sql !=
          "");
    CHECK(from<Slim>().where(meta<&Settings::limits>.document().contains(json{"{}"})).sql != "");
    CHECK(from<Slim>().where(per_hour.value().in({1, 2}) || owner == "x" || col<&Slim::id> < 5).sql != "");
    CHECK(from<Slim>().where(owner.value().is_null()).sql != "");
    CHECK(from<Partial>().where(owner == "x").sql != "");
    // The row says the protocol that the partial index is for.
    CHECK(from<sark::typed_row<Partial, Settings>>()
              .where(col<&Partial::body>.contains(json{"{}"}))
              .sql.ends_with(R"( WHERE "partial"."protocol" = 'http' AND "partial"."body" @> $1::jsonb)"));
    CHECK(from<sark::typed_row<Partial, Settings>>().where(col<&Partial::body>.at<"a">() == 1).sql != "");
    CHECK(from<Bare>().where(owner == "x", col<&Bare::id> == 1).sql != "");
    CHECK(from<Bare>().where(col<&Bare::body> == json{}, col<&Bare::id>.in({1, 2})).sql != "");
    CHECK(from<Bare>().where(unindexed(owner == "x" || per_hour == 5)).sql != "");
    CHECK(from<Note>().where(body.path_exists<"$.*.b ? (@ == 1)">()).sql != "");
}
