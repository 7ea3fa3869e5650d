// SPDX-License-Identifier: MIT
//
// The traps of jsonb, one by one: what the server does where nobody looks, and what a typed operation does instead.
//
// Sections that answer a row of the list of bad inputs (B2) name it; tests/unit/jsonb/guard.cpp has the list of all. Two
// traps of definitions are elsewhere: a label of an enum that is used before it is committed in tests/db/db/inputs.cpp
// and tests/db/migrate_safety.cpp, and how our own view is refreshed beside its readers in tests/db/migrate_data.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/jsonb/json_edit.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/query.hpp>
#include <sark/schema/create.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "json_settings.hpp"

using namespace json_settings;
using sark::col, sark::each, sark::edit, sark::from, sark::json, sark::meta, sark::path, sark::unindexed, sark::update;

namespace {

constexpr auto& body = col<&Note::body>;
constexpr auto& extra = col<&Note::extra>;
constexpr auto& id = col<&Note::id>;
constexpr auto& per_hour = meta<&Settings::limits, &Limits::per_hour>;
constexpr auto& burst = meta<&Settings::limits, &Limits::burst>;
constexpr auto& owner = meta<&Settings::owner>;
constexpr auto& tags = meta<&Settings::tags>;
constexpr auto& labels = meta<&Settings::labels>;

sark::test::database const& database() {
    static sark::test::database const made;
    return made;
}
sark::connection& server() {
    static sark::connection db{database().url()};
    static bool const stocked = [] {
        for (std::string_view statement : sark::create_statements<Note>) db.execute(statement);
        return true;
    }();
    (void)stocked;
    return db;
}

/// Gives what the server itself makes of an expression; empty for NULL.
std::string raw(std::string const& expression) { return database().ask("SELECT " + expression); }

/// Gives the failure of a statement; its message never has what was sent.
template <class F>
sark::error failure(F const& action) {
    try {
        action();
    } catch (sark::error const& failed) {
        CHECK_THAT(failed.what(), !ContainsSubstring("secret"));
        return failed;
    }
    FAIL("nothing failed");
    throw 0;
}
/// Gives the code by which the server refuses an expression.
std::string refusal(std::string const& expression) {
    return failure([&] { (void)server().query_text("SELECT " + expression, {}); }).sqlstate();
}

void fill(std::string_view document) {
    server().execute(R"(TRUNCATE "notes")");
    server().insert(Note{.id = 1, .protocol = "http", .body = json{document}});
}
json stored() { return server().one(from<Note>().where(id == 1)).body; }

/// Gives what a document is after a change.
template <class MakeEdit>
json changed(std::string_view before, MakeEdit const& make) {
    fill(before);
    server().run(update<Note>().set(body, make(edit(body))).where(id == 1));
    return stored();
}
/// Gives the code by which a change is refused, which has left the document as it was.
template <class MakeEdit>
std::string refused(std::string_view before, MakeEdit const& make) {
    fill(before);
    auto const failed = failure([&] { server().run(update<Note>().set(body, make(edit(body))).where(id == 1)); });
    CHECK(stored() == json{before});
    CHECK_FALSE(sark::advice_for(failed.sqlstate()).condition.empty());
    return failed.sqlstate();
}

/// Fills the table with one document per row, numbered from 1.
template <class... Documents>
void fill_all(Documents... documents) {
    server().execute(R"(TRUNCATE "notes")");
    std::int64_t n = 0;
    (server().insert(Note{.id = ++n, .protocol = "http", .body = json{documents}}), ...);
}
/// Gives the numbers of the rows for which a condition holds.
template <class Condition>
std::string ids(Condition const& condition) {
    std::string found;
    for (auto n : server().all(from<Note>().where(unindexed(condition)).order_by(id).select(id)))
        found += std::to_string(n);
    return found;
}
template <class Expression>
auto read_by(Expression const& expression) {
    return server().one(from<Note>().where(id == 1).select(expression));
}

}  // namespace

TEST_CASE("traps: what is set") {
    SECTION("row 39, NULL makes the whole document NULL") {
        CHECK(raw(R"(jsonb_set('{"a":1,"b":2}', '{a}', NULL) IS NULL)") == "t");
        CHECK(changed(R"({"owner":"o","x":1})", [](auto e) { return e.set_null(owner); }) ==
              json{R"({"owner":null,"x":1})"});
        CHECK(changed(R"({"owner":"o","x":1})", [](auto e) {
                  return e.set(owner, body.template at<"none">().text());
              }) == json{R"({"owner":null,"x":1})"});
    }
    SECTION("setting on a NULL column leaves it NULL") {
        CHECK(raw(R"(jsonb_set(NULL, '{a}', '1') IS NULL)") == "t");
        fill("{}");
        server().run(
            update<Note>().set(extra, edit(extra).set(path<&Note::extra, &Settings::owner>, "o")).where(id == 1));
        CHECK(server().one(from<Note>()).extra == json{R"({"owner":"o"})"});
    }
    SECTION("row 40, a missing parent means that nothing is set") {
        CHECK(raw(R"(jsonb_set('{}', '{limits,per_hour}', '5', true))") == "{}");
        CHECK(changed("{}", [](auto e) { return e.set(per_hour, 5); }) == json{R"({"limits":{"per_hour":5}})"});
        CHECK(changed(R"({"limits":null})", [](auto e) { return e.set(per_hour, 5); }) ==
              json{R"({"limits":{"per_hour":5}})"});
        CHECK(changed("{}", [](auto e) { return e.append(labels.at("list").template as<std::vector<int>>(), 1); }) ==
              json{R"({"labels":{"list":[1]}})"});
        // What removes makes nothing.
        CHECK(changed(R"({"x":1})", [](auto e) { return e.remove(per_hour).remove_from(tags, "a"); }) ==
              json{R"({"x":1})"});
    }
    SECTION("row 41, an index past the end appends, and a word is no index") {
        CHECK(raw(R"(jsonb_set('["a"]', '{7}', '"x"'))") == R"(["a", "x"])");
        CHECK(changed(R"({"tags":["a"]})", [](auto e) { return e.set(tags.at<7>(), "x"); }) ==
              json{R"({"tags":["a","x"]})"});
        CHECK(changed(R"({"tags":["a","b"]})", [](auto e) { return e.set(tags[-1], "x"); }) ==
              json{R"({"tags":["a","x"]})"});
        CHECK(changed(R"({"tags":["a"]})", [](auto e) { return e.remove(tags.at<7>()); }) == json{R"({"tags":["a"]})"});
        CHECK(read_by(tags.at<7>()) == std::nullopt);
        CHECK(refusal(R"(jsonb_set('["a"]', '{word}', '1'))") == "22P02");
        // A member's type says that it is a list, so a word is refused when it is compiled (sark-J25). Where the document
        // is not what its struct says, the server refuses, by a code that has an advice, and nothing is changed.
        CHECK(refused(R"({"limits":["a"]})", [](auto e) { return e.set(per_hour, 5); }) == "22P02");
        CHECK(refused(R"({"labels":["a"]})", [](auto e) { return e.set(labels.at("secret"), "x"); }) == "22023");
        CHECK(refused(R"({"tags":["a"]})",
                      [](auto e) { return e.set(body.template at<"tags">().at("secret"), "x"); }) == "22023");
        CHECK(changed(R"({"limits":["a"]})", [](auto e) { return e.remove(per_hour); }) == json{R"({"limits":["a"]})"});
    }
    SECTION("row 42, a key in the text of a path is another path") {
        CHECK(raw(R"(jsonb_set('{}', '{a,b}', '1'))") == "{}");
        CHECK(refusal(R"(jsonb_set('{}', '{a}b}', '1'))") == "22P02");
        for (std::string const key :
             {"a,b", "{a}", "}", "\"", "'", "\\", "a b", " a ", "NULL", "null", "", "$.x", "\xC3\xA4", "0"}) {
            CAPTURE(key);
            fill("{}");
            auto const set = update<Note>().set(body,
                                                edit(body).set(labels.at(key), "v").set(labels.at(key + "2"), "w"));
            CHECK(server().run(set.where(id == 1)) == 1);
            CHECK(read_by(labels.at(key)) == "v");
            CHECK(read_by(body.text_at_path({"labels", key})) == "v");
            CHECK(ids(labels.at(key) == "v") == "1");
            CHECK(server().run(update<Note>().set(body, edit(body).remove(labels.at(key))).where(id == 1)) == 1);
            CHECK(read_by(labels.at(key)) == std::nullopt);
            CHECK(read_by(labels.at(key + "2")) == "w");
            CHECK(server().run(update<Note>().set(body, body.without_path({"labels", key + "2"})).where(id == 1)) == 1);
            CHECK(stored() == json{R"({"labels":{}})"});
        }
    }
    SECTION("row 43, the key \"0\" of an object and the index 0 of a list are one text in a path") {
        CHECK(raw(R"(jsonb_set('["a"]', '{0}', '1'))") == "[1]");
        CHECK(raw(R"(jsonb_set('{"0":"a"}', '{0}', '1'))") == R"({"0": 1})");
        CHECK(changed(R"({"labels":{"0":"a","1":"b"}})", [](auto e) { return e.set(labels.at("0"), "x"); }) ==
              json{R"({"labels":{"0":"x","1":"b"}})"});
        CHECK(changed(R"({"tags":["a","b"]})", [](auto e) { return e.set(tags.at<0>(), "x"); }) ==
              json{R"({"tags":["x","b"]})"});
        fill(R"({"labels":["a"],"tags":{"0":"a"}})");
        // A path says which it means: there is no key in a list and no position in an object.
        CHECK(read_by(labels.at("0")) == std::nullopt);
        CHECK(read_by(labels.at<"0">()) == std::nullopt);
        CHECK(read_by(tags.at<0>()) == std::nullopt);
        CHECK(read_by(tags[0]) == std::nullopt);
        CHECK(read_by(body.text_at_path({"tags", "0"})) == "a");  // nobody says what these are
        // Nor is any made, or lost.
        CHECK(refused(R"({"labels":["a"]})", [](auto e) { return e.set(labels.at("0"), "x"); }) == "22023");
        CHECK(refused(R"({"labels":["a"]})", [](auto e) { return e.set(labels.template at<"0">(), "x"); }) == "22023");
        CHECK(refused(R"({"tags":{"0":"a"}})", [](auto e) { return e.set(tags.template at<0>(), "x"); }) == "22023");
        CHECK(refused(R"({"tags":{"0":"a"}})", [](auto e) { return e.set(tags[0], "x"); }) == "22023");
        CHECK(changed(R"({"labels":["a"]})", [](auto e) { return e.remove(labels.at("0")); }) ==
              json{R"({"labels":["a"]})"});
        CHECK(changed(R"({"labels":["a"]})", [](auto e) { return e.remove(labels.template at<"0">()); }) ==
              json{R"({"labels":["a"]})"});
        CHECK(changed(R"({"labels":["a"]})", [](auto e) { return e.remove(labels.at("secret")); }) ==
              json{R"({"labels":["a"]})"});
        CHECK(changed(R"({"tags":{"0":"a"}})", [](auto e) { return e.remove(tags[0]); }) ==
              json{R"({"tags":{"0":"a"}})"});
    }
    SECTION("what is joined with a list becomes an element of one") {
        CHECK(raw(R"('{"a":1}'::jsonb || '["x"]')") == R"([{"a": 1}, "x"])");
        CHECK(raw(R"('5'::jsonb || '["x"]')") == R"([5, "x"])");
        CHECK(refused(R"({"tags":{"a":1}})", [](auto e) { return e.append(tags, "x"); }) == "22023");
        CHECK(refused(R"({"tags":5})", [](auto e) { return e.append(tags, "x"); }) == "22023");
        CHECK(changed(R"({"tags":[]})", [](auto e) { return e.append(tags, "x"); }) == json{R"({"tags":["x"]})"});
        CHECK(refused(R"({"limits":[1]})", [](auto e) {
                  return e.merge(meta<&Settings::limits>, Limits{3, {}});
              }) == "22023");
        CHECK(refused(R"([1])", [](auto e) { return e.merge(json{R"({"0":2})"}); }) == "22023");
    }
    SECTION("joining two documents is shallow") {
        CHECK(raw(R"('{"limits":{"per_hour":1,"burst":2}}'::jsonb || '{"limits":{"per_hour":9}}')") ==
              R"({"limits": {"per_hour": 9}})");
        CHECK(changed(R"({"limits":{"per_hour":1,"burst":2}})", [](auto e) {
                  return e.merge(json{R"({"limits":{"per_hour":9}})"});
              }) == json{R"({"limits":{"per_hour":9,"burst":2}})"});
    }
}

TEST_CASE("traps: what is asked") {
    SECTION("row 38, null, missing and NULL are three, and ->> makes two of them") {
        fill_all(R"({"owner":null})", "{}", R"({"owner":"null"})");
        CHECK(raw(R"('{"a":null}'::jsonb ->> 'a' IS NULL AND '{}'::jsonb ->> 'a' IS NULL)") == "t");
        CHECK(raw(R"('{"a":null}'::jsonb @> '{"a":null}' AND NOT '{}'::jsonb @> '{"a":null}')") == "t");
        CHECK(ids(owner.is_json_null()) == "1");
        CHECK(ids(owner.is_missing()) == "2");
        CHECK(ids(owner.exists()) == "13");
        CHECK(ids(owner.value().is_null()) == "12");
        CHECK(ids(owner == "null") == "3");
        server().run(update<Note>().set(extra, json{"null"}).where(id == 3));
        CHECK(ids(extra.is_null()) == "12");  // the column's own NULL is none of the document's
        CHECK(server().one(from<Note>().where(id == 3)).extra == json{"null"});
    }
    SECTION("an array contains a scalar at the top only, in any order and however often") {
        CHECK(raw(R"('["a"]'::jsonb @> '"a"')") == "t");
        CHECK(raw(R"('{"tags":["a"]}'::jsonb @> '{"tags":"a"}')") == "f");
        CHECK(raw(R"('["a","b"]'::jsonb @> '["b","a","a"]')") == "t");
        fill_all(R"({"tags":["a","b"]})", R"({"tags":"a"})", R"({"tags":["b"]})");
        CHECK(ids(tags[each] == "a") == "1");
        CHECK(ids(tags.contains({"b", "a", "a"})) == "1");
        CHECK(ids(tags.at<0>() == "b") == "3");
        CHECK(ids(tags.document() == json{R"(["a","b"])"}) == "1");
        CHECK(ids(tags.document() == json{R"(["b","a"])"}) == "");
    }
    SECTION("1.0 is 1, and its text is not") {
        CHECK(raw(R"('{"n":1.0}'::jsonb @> '{"n":1}')") == "t");
        CHECK(raw(R"('{"n":1.0}'::jsonb ->> 'n')") == "1.0");
        fill_all(R"({"limits":{"per_hour":1.0}})", R"({"limits":{"per_hour":1}})");
        CHECK(ids(per_hour == 1) == "12");
        CHECK(ids(per_hour.value() == 1) == "12");
        CHECK(ids(per_hour.text() == "1") == "2");
    }
    SECTION("thirty digits and the zeros behind them stay") {
        fill(R"({"limits":{"burst":123456789012345678901234567890.10}})");
        CHECK(read_by(burst.text()) == "123456789012345678901234567890.10");
        CHECK(stored().text() == R"({"limits": {"burst": 123456789012345678901234567890.10}})");
        // It comes back from a change of something else as it was.
        server().run(update<Note>().set(body, edit(body).set(owner, "o")).where(id == 1));
        CHECK(read_by(burst.text()) == "123456789012345678901234567890.10");
    }
    SECTION("a text is no operand of containment") {
        CHECK(failure([] { (void)server().query_text(R"(SELECT '{}'::jsonb @> $1::text)", {"{}"}); }).sqlstate() ==
              "42883");
        fill("{}");
        CHECK(ids(body.contains(json{"{}"})) == "1");
    }
    SECTION("rows 44 and 45, what is put into the text of a path is path") {
        fill_all(R"({"owner":"a"})", R"({"owner":"b"})");
        std::string const hostile = R"(x" || 1 == 1 || "" == ")";
        CHECK(database().ask(R"(SELECT count(*) FROM notes WHERE body @? '$.owner ? (@ == ")" + hostile + R"(")')") ==
              "2");
        CHECK(ids(body.path_exists<"$.owner ? (@ == $v)">(sark::var<"v">(hostile))) == "");
        CHECK(ids(body.path_exists<"$.owner ? (@ == $v)">(sark::var<"v">("a"))) == "1");
        CHECK(ids(body.path_matches<"$.owner == $v">(sark::var<"v">("b"))) == "2");
        // A path that names a variable which nobody gives does not compile (sark-J23); the server finds out when it runs.
        CHECK(refusal(R"(jsonb_path_exists('{"owner":"a"}', '$.owner ? (@ == $v)'))") == "42704");
    }
    SECTION("row 46, a strict path without its key is an error in a function") {
        fill_all("{}", R"({"n":7})");
        CHECK(refusal(R"(jsonb_path_exists('{}', 'strict $.n'))") == "2203A");
        CHECK(ids(body.path_exists<"strict $.n">()) == "2");
        CHECK(ids(body.path_exists<"strict $.n ? (@ > $least)">(sark::var<"least">(5))) == "2");
        CHECK(ids(body.path_matches<"strict $.n > $least">(sark::var<"least">(5))) == "2");
    }
    SECTION("row 47, no value is read as a path, however deep its brackets are") {
        fill(R"({"owner":"o"})");
        std::string const deep(100'000, '(');
        std::string const code = refusal("('$ ? " + deep + "')::jsonpath");
        CHECK((code == "42601" || code == "54001"));
        CHECK(ids(body.path_exists<"$.owner ? (@ == $v)">(sark::var<"v">(deep))) == "");
        CHECK(ids(body.at(deep) == "o") == "");
        CHECK(read_by(body.text_at_path({deep})) == std::nullopt);
    }
    SECTION("rows 48 and 49, a value of another kind is an error, and a fraction is rounded") {
        fill_all(R"({"limits":{"per_hour":"secret"}})", R"({"limits":{"per_hour":1.5}})",
                 R"({"limits":{"per_hour":2.5}})", R"({"limits":{"per_hour":2}})", R"({"limits":{"per_hour":1e30}})");
        CHECK(refusal(R"(('"secret"'::jsonb)::integer)") == "22023");
        CHECK(raw(R"(('1.5'::jsonb)::integer || ' ' || ('2.5'::jsonb)::integer)") == "2 3");
        CHECK(ids(per_hour.value() == 2) == "4");
        CHECK(ids(per_hour >= 0) == "4");
        CHECK(read_by(per_hour) == std::nullopt);
    }
}

TEST_CASE("traps: what is defined") {
    SECTION("a name of more than 63 bytes is cut, and nobody but a notice says so") {
        std::string const name(64, 'n');
        CHECK_FALSE(sark::sql::is_identifier(name));  // the compiler refuses it in a struct (sark-T…)
        database().execute("CREATE TABLE " + name + " ()");
        CHECK(raw("to_regclass('" + name.substr(1) + "') IS NOT NULL") == "t");
    }
    SECTION("a materialized view without a unique index is not refreshed beside its readers") {
        server().execute("CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM notes");
        auto const refresh = [] { server().execute("REFRESH MATERIALIZED VIEW CONCURRENTLY counted"); };
        CHECK(failure(refresh).sqlstate() == "55000");
        server().execute("CREATE UNIQUE INDEX ON counted (n)");
        refresh();
    }
}
