// SPDX-License-Identifier: MIT
//
// Changes to documents on the server: the traps of jsonb_set and ||, two writers at once, and random sequences of
// changes beside a model in memory.

#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/jsonb/json_edit.hpp>
#include <sark/query.hpp>
#include <sark/schema/create.hpp>

#include "catch.hpp"
#include "database.hpp"
#include "json_settings.hpp"
#include "test_size.hpp"

using namespace json_settings;
using sark::col, sark::edit, sark::from, sark::json, sark::meta, sark::path, sark::update;

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

/// Gives what a document is after a change.
template <class MakeEdit>
json changed(json before, MakeEdit const& make) {
    server().execute(R"(TRUNCATE "notes")");
    server().insert(Note{.id = 1, .protocol = "http", .body = std::move(before)});
    server().run(update<Note>().set(body, make(edit(body))).where(id == 1));
    return server().all(from<Note>())[0].body;
}

}  // namespace

TEST_CASE("changes to documents close the traps of jsonb") {
    SECTION("parents are made, and what nobody named stays") {
        CHECK(changed(json{R"({"kept":{"x":[1]}})"}, [](auto e) { return e.set(per_hour, 5); }) ==
              json{R"({"kept":{"x":[1]},"limits":{"per_hour":5}})"});
        CHECK(changed(json{R"({"limits":null})"}, [](auto e) { return e.set(per_hour, 5); }) ==
              json{R"({"limits":{"per_hour":5}})"});
        CHECK(changed(json{R"({"limits":{"burst":1.5,"else":2}})"}, [](auto e) { return e.set(per_hour, 5); }) ==
              json{R"({"limits":{"burst":1.5,"else":2,"per_hour":5}})"});
        CHECK(changed(json{"{}"}, [](auto e) { return e.set(labels.at("a\"b'"), "v"); }) ==
              json{R"({"labels":{"a\"b'":"v"}})"});
        CHECK(changed(json{R"({"contacts":[{"kind":"k"}]})"}, [](auto e) {
                  return e.set(meta<&Settings::contacts>.template at<0>().template at<"address">(), "a");
              }) == json{R"({"contacts":[{"kind":"k","address":"a"}]})"});
        CHECK(changed(json{"{}"}, [](auto e) {
                  return e.set(meta<&Settings::limits>, Limits{7, {}});
              }) == json{R"({"limits":{"per_hour":7}})"});
    }
    SECTION("no NULL makes a document NULL") {
        server().execute(R"(TRUNCATE "notes")");
        server().insert(Note{.id = 1, .protocol = "http", .body = json{"null"}, .extra = {}});
        auto const run = [](auto change) {
            CHECK(server().run(update<Note>().set(extra, change).where(id == 1)) == 1);
            return server().all(from<Note>())[0].extra;
        };
        CHECK(run(edit(extra).set(path<&Note::extra, &Settings::owner>, "o")) == json{R"({"owner":"o"})"});
        // An expression that is NULL becomes JSON's null at its place.
        CHECK(run(edit(extra).set(path<&Note::extra, &Settings::owner>, extra.at<"none">().text())) ==
              json{R"({"owner":null})"});
        CHECK(server().run(update<Note>().set(body, edit(body).set(owner, "o")).where(id == 1)) == 1);
        CHECK(server().all(from<Note>())[0].body == json{R"({"owner":"o"})"});
        CHECK(changed(json{R"({"owner":"o","x":1})"}, [](auto e) { return e.set_null(owner); }) ==
              json{R"({"owner":null,"x":1})"});
    }
    SECTION("removing makes nothing and breaks nothing") {
        CHECK(changed(json{R"({"x":1})"}, [](auto e) { return e.remove(per_hour); }) == json{R"({"x":1})"});
        CHECK(changed(json{R"({"limits":{"per_hour":1,"burst":2}})"}, [](auto e) { return e.remove(per_hour); }) ==
              json{R"({"limits":{"burst":2}})"});
        CHECK(changed(json{"null"}, [](auto e) { return e.remove(owner); }) == json{"null"});
    }
    SECTION("lists grow and shrink by their elements") {
        CHECK(changed(json{"{}"}, [](auto e) { return e.append(tags, "a").append(tags, "b"); }) ==
              json{R"({"tags":["a","b"]})"});
        CHECK(changed(json{R"({"tags":["a","b","a",1]})"}, [](auto e) { return e.remove_from(tags, "a"); }) ==
              json{R"({"tags":["b",1]})"});
        CHECK(changed(json{R"({"tags":["a"]})"}, [](auto e) { return e.remove_from(tags, "a"); }) ==
              json{R"({"tags":[]})"});
        CHECK(changed(json{R"({"x":1})"}, [](auto e) { return e.remove_from(tags, "a"); }) == json{R"({"x":1})"});
        CHECK(changed(json{R"({"tags":null})"}, [](auto e) { return e.append(tags, "a"); }) ==
              json{R"({"tags":["a"]})"});
    }
    SECTION("a merge is deep, and || is not") {
        json const before{R"({"limits":{"per_hour":1,"burst":2},"tags":["a"],"owner":"o"})"};
        json const with{R"({"limits":{"per_hour":9,"new":{"deep":[1]}},"tags":["b"],"owner":null})"};
        CHECK(changed(before, [&](auto e) { return e.merge(with); }) ==
              json{R"({"limits":{"per_hour":9,"burst":2,"new":{"deep":[1]}},"tags":["b"],"owner":null})"});
        CHECK(changed(before, [&](auto e) { return e.patch(with); }) ==
              json{R"({"limits":{"per_hour":9,"burst":2,"new":{"deep":[1]}},"tags":["b"]})"});
        CHECK(changed(json{R"({"limits":5})"}, [&](auto e) { return e.merge(with); }) == with);
        CHECK(changed(before, [&](auto e) {
                  return e.merge(meta<&Settings::limits>, Limits{3, {}});
              }) == json{R"({"limits":{"per_hour":3,"burst":2},"tags":["a"],"owner":"o"})"});
        CHECK(changed(json{"{}"}, [&](auto e) { return e.merge(json{"{}"}); }) == json{"{}"});
        CHECK(server().run(update<Note>().set(body, body.concat(json{R"({"limits":{"x":1}})"})).all_rows()) == 1);
    }
    SECTION("what is no object is not turned into one by a member") {
        for (char const* other : {"[1]", "5", R"({"limits":5})"}) {
            CHECK_THROWS_AS(changed(json{other}, [](auto e) { return e.set(per_hour, 5); }), sark::error);
            CHECK(server().all(from<Note>())[0].body == json{other});
        }
    }
}

TEST_CASE("conditions on documents know the traps of jsonb") {
    server().execute(R"(TRUNCATE "notes")");
    auto const add = [](std::int64_t n, char const* document) {
        server().insert(Note{.id = n, .protocol = "http", .body = json{document}});
    };
    add(1, R"({"owner":"1","tags":["a","b"],"limits":{"per_hour":1}})");
    add(2, R"({"owner":null,"tags":["b"],"limits":{"per_hour":1.0}})");
    add(3, R"({"tags":"a","limits":{"per_hour":"many"}})");
    add(4, R"({"owner":1,"limits":{"per_hour":1.5,"burst":123456789012345678901234567890.10}})");
    server().insert(Note{.id = 5, .protocol = "grpc", .body = json{R"({"owner":"1","tags":["a"]})"}});
    auto const ids = [](auto condition) {
        std::string found;
        for (auto n : server().all(from<Note>().where(sark::unindexed(condition)).order_by(id).select(id)))
            found += std::to_string(n);
        return found;
    };
    CHECK(ids(owner == "1") == "1");  // a number is no text, a protocol has its own keys
    CHECK(ids(owner.is_json_null()) == "2");
    CHECK(ids(owner.is_missing()) == "3");
    CHECK(ids(owner.exists()) == "124");
    CHECK(ids(tags[sark::each] == "a") == "1");  // an array contains a scalar at the top only
    CHECK(ids(body.contains(json{R"({"tags":"a"})"})) == "3");
    CHECK(ids(tags.contains({"b", "a", "a"})) == "1");  // in any order, however often
    CHECK(ids(tags.contains({"b"})) == "12");
    CHECK(ids(tags.at<0>() == "b") == "2");
    CHECK(ids(per_hour == 1) == "12");  // 1.0 is 1
    CHECK(ids(per_hour.text() == "1") == "1");
    CHECK(ids(per_hour >= 1) == "12");  // and what is no integer is not there, instead of an error
    CHECK(ids(owner.in({"1", "x"})) == "1");
    CHECK(ids(owner == "1" && per_hour == 1) == "1");
    CHECK(ids(body.path_exists<"$.limits.per_hour ? (@ > $least)">(sark::var<"least">(1))) == "4");
    CHECK(server().scalar(from<Note>().where(id == 4).select(burst.text())) == "123456789012345678901234567890.10");
    CHECK(server().scalar(from<Note>().where(id == 1).select(per_hour)) == 1);
    CHECK(server().scalar(from<Note>().where(id == 3).select(per_hour)) == std::nullopt);
    CHECK(server()
              .all(from<Note>()
                       .group_by(body.as<Settings>().member<&Settings::owner>())
                       .order_by(body.as<Settings>().member<&Settings::owner>())
                       .select(body.as<Settings>().member<&Settings::owner>(), sark::count()))
              .size() == 2);
}

TEST_CASE("a write that depends on what was read says when it came too late") {
    server().execute(R"(TRUNCATE "notes")");
    server().insert(Note{.id = 1, .protocol = "http", .body = json{R"({"owner":"a","x":1.0})"}});
    Note const read = server().all(from<Note>())[0];
    auto const write = [&](char const* to) {
        return sark::write_if_unchanged(
            server(),
            update<Note>().set(body, edit(body).set(owner, to)).where(id == 1, body.is_not_distinct_from(read.body)));
    };
    CHECK(write("b") == sark::write_outcome::written);
    CHECK(write("c") == sark::write_outcome::lost);
    CHECK(server().all(from<Note>())[0].body == json{R"({"owner":"b","x":1.0})"});
    // Only a part has to be what it was.
    CHECK(sark::write_if_unchanged(
              server(), update<Note>().set(body, edit(body).set(per_hour, 1)).where(id == 1, owner.value() == "b")) ==
          sark::write_outcome::written);
}

TEST_CASE("two writers of different members lose nothing") {
    server().execute(R"(TRUNCATE "notes")");
    server().insert(Note{.id = 1, .protocol = "http", .body = json{R"({"kept":true})"}});
    int const rounds = sark::test::sized(100, 1'000);
    auto const writer = [&](char const* key) {
        sark::connection db{database().url()};
        for (int n = 1; n <= rounds; ++n)
            db.run(update<Note>()
                       .set(body, edit(body).set(labels.at(key), std::to_string(n)).append(tags, key))
                       .where(id == 1));
    };
    std::thread other{writer, "b"};
    writer("a");
    other.join();
    auto const settings = sark::from_json<Settings>(
        json{R"({"contacts":[],)" + server().all(from<Note>())[0].body.text().substr(1)});
    CHECK(settings.labels.at("a") == std::to_string(rounds));
    CHECK(settings.labels.at("b") == std::to_string(rounds));
    CHECK(settings.tags.value().size() == static_cast<std::size_t>(2 * rounds));
    CHECK(server().count(from<Note>().where(body.contains(json{R"({"kept":true})"}))) == 1);
}

namespace {

/// Is what a document of the random test has, member by member, with what its JSON text would be.
struct model {
    std::optional<std::string> owner{};  // JSON text
    std::optional<std::map<std::string, long>> limits{};
    std::optional<std::vector<std::string>> tags{};
    std::optional<std::map<std::string, std::string>> labels{};
    int stranger = 0;

    [[nodiscard]] json text() const {
        std::string out = "{\"stranger\":{\"n\":" + std::to_string(stranger) + "}";
        if (owner) out += ",\"owner\":" + *owner;
        auto const object = [&](char const* name, auto const& members, auto const& put) {
            out += std::string{",\""} + name + "\":{";
            for (auto const& [key, value] : members) {
                if (out.back() != '{') out += ',';
                out += '"' + key + "\":" + put(value);
            }
            out += '}';
        };
        if (limits) object("limits", *limits, [](long n) { return std::to_string(n); });
        if (labels) object("labels", *labels, [](std::string const& t) { return '"' + t + '"'; });
        if (tags) {
            out += ",\"tags\":[";
            for (std::string const& t : *tags) {
                if (out.back() != '[') out += ',';
                out += '"' + t + '"';
            }
            out += ']';
        }
        return json{out + '}'};
    }
};

}  // namespace

TEST_CASE("random changes do what they do to a model in memory") {
    auto const documents = sark::test::sized<std::size_t>(40, 1'000);
    auto const changes = sark::test::sized<std::size_t>(600, 20'000);
    std::mt19937 random{4711};  // the same sequences each time
    auto const below = [&](unsigned n) { return random() % n; };
    auto const word = [&] { return std::string(1, static_cast<char>('a' + below(4))); };
    std::vector<model> models(documents);
    auto& db = server();
    db.execute(R"(TRUNCATE "notes")");
    db.transaction([&](sark::transaction& tx) {
        for (std::size_t i = 0; i < documents; ++i) {
            model& m = models[i];
            m.stranger = static_cast<int>(i);
            if (below(2) == 0) m.owner = below(2) == 0 ? "null" : "\"" + word() + "\"";
            if (below(2) == 0) m.limits = std::map<std::string, long>{{"burst", below(9)}};
            if (below(2) == 0) m.tags = std::vector<std::string>{word(), word()};
            tx.insert(Note{.id = static_cast<std::int64_t>(i), .protocol = "http", .body = m.text()});
        }
        for (std::size_t n = 0; n < changes; ++n) {
            std::size_t const i = below(static_cast<unsigned>(documents));
            model& m = models[i];
            auto const run = [&](auto change) {
                REQUIRE(tx.run(update<Note>().set(body, change).where(id == static_cast<std::int64_t>(i))) == 1);
            };
            auto const e = edit(body);
            std::string const w = word();
            long const number = static_cast<long>(below(100));
            switch (below(10)) {
                case 0:
                    run(e.set(owner, w));
                    m.owner = '"' + w + '"';
                    break;
                case 1:
                    run(e.set_null(owner).set(per_hour, number));
                    m.owner = "null";
                    if (!m.limits) m.limits.emplace();
                    (*m.limits)["per_hour"] = number;
                    break;
                case 2:
                    run(e.remove(owner));
                    m.owner.reset();
                    break;
                case 3:
                    run(e.remove(per_hour));
                    if (m.limits) m.limits->erase("per_hour");
                    break;
                case 4:
                    run(e.append(tags, w).append(tags, "z"));
                    if (!m.tags) m.tags.emplace();
                    m.tags->insert(m.tags->end(), {w, "z"});
                    break;
                case 5:
                    run(e.remove_from(tags, w));
                    if (m.tags) std::erase(*m.tags, w);
                    break;
                case 6:
                    run(e.set(labels.at(w), "v" + w));
                    if (!m.labels) m.labels.emplace();
                    (*m.labels)[w] = "v" + w;
                    break;
                case 7:
                    run(e.merge(json{R"({"limits":{"burst":)" + std::to_string(number) + R"(},"labels":{")" + w +
                                     R"(":"m"},"owner":null})"}));
                    if (!m.limits) m.limits.emplace();
                    (*m.limits)["burst"] = number;
                    if (!m.labels) m.labels.emplace();
                    (*m.labels)[w] = "m";
                    m.owner = "null";
                    break;
                case 8:
                    run(e.patch(json{R"({"limits":{"burst":null},"tags":null})"}));
                    if (!m.limits) m.limits.emplace();
                    m.limits->erase("burst");
                    m.tags.reset();
                    break;
                default:
                    run(e.remove(meta<&Settings::limits>).remove(labels.at(w)));
                    m.limits.reset();
                    if (m.labels) m.labels->erase(w);
            }
        }
        auto const rows = tx.all(from<Note>().order_by(id));
        REQUIRE(rows.size() == documents);
        for (std::size_t i = 0; i < documents; ++i) {
            CAPTURE(i, rows[i].body.text(), models[i].text().text());
            CHECK(rows[i].body == models[i].text());
        }
    });
}
