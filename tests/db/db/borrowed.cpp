// SPDX-License-Identifier: MIT
//
// Typed statements in transactions of libpqxx, on a connection that the application opened itself.

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <pqxx/pqxx>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/relation.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::Capability, sark::Resource, sark::Sensitivity, sark::col, sark::from;

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

Resource named(std::string id) { return {.id = std::move(id), .name = "n", .protocol = "http", .endpoint = "e"}; }

}  // namespace

TEST_CASE("a connection of libpqxx that the application owns runs typed statements in its transactions") {
    sark::test::database const database;
    for (std::string_view statement : sark::create_statements<Resource, Capability>)
        database.execute(std::string{statement});
    pqxx::connection owned{database.url()};
    auto const query = from<Resource>().order_by(col<&Resource::id>);
    {
        pqxx::work tx{owned};
        sark::borrowed db{tx};
        for (char const* id : {"b", "a", "c'; DROP TABLE resources; --"}) db.insert(named(id));
        db.insert(Capability{.id = "1", .resource_id = "a", .name = "read", .sensitivity_level = Sensitivity::high});
        db.insert(Capability{.id = "2", .resource_id = "a", .name = "write", .description = "d"});
        auto const rows = db.all(query);
        REQUIRE(rows.size() == 3);
        CHECK(rows[0].id == "a");
        CHECK(rows[0].created_at.is_set());
        CHECK(rows[2].id == "c'; DROP TABLE resources; --");
        CHECK(db.one(from<Resource>().where(col<&Resource::id> == "b")).protocol == "http");
        CHECK_FALSE(db.first(from<Resource>().where(col<&Resource::id> == "z")).has_value());
        CHECK_THAT(failure([&] { (void)db.one(query); }).what(), ContainsSubstring("more than one row"));
        auto const levels = db.all(from<Capability>()
                                       .order_by(col<&Capability::id>)
                                       .select(col<&Capability::sensitivity_level>, col<&Capability::description>));
        CHECK(levels[0] == std::tuple{Sensitivity::high, std::optional<std::string>{}});
        CHECK(levels[1] == std::tuple{Sensitivity::medium, std::optional<std::string>{"d"}});
        auto const trees = db.all(query.with<Capability>());
        CHECK(trees[0].children<Capability>().size() == 2);
        auto changed = rows[1];
        changed.name = "changed";
        CHECK(db.upsert(changed) == sark::upserted::updated);
        CHECK(db.upsert(changed) == sark::upserted::unchanged);
        CHECK(db.upsert(named("d")) == sark::upserted::inserted);
        CHECK(db.update(named("d")));
        CHECK_FALSE(db.update(named("nobody")));
        CHECK(db.erase(named("d")) == 1);
        CHECK(db.run(sark::update<Capability>()
                         .set(col<&Capability::name>, "all")
                         .where(col<&Capability::resource_id> == "a")) == 2);
        std::string ids;
        db.each(query, [&](Resource const& r) { ids += r.id.substr(0, 1); });
        CHECK(ids == "abc");
        tx.commit();
    }
    {
        pqxx::work tx{owned};
        sark::borrowed db{tx};
        CHECK(db.erase(named("b")) == 1);
        // Its end is the application's: this one is rolled back.
    }
    {
        pqxx::nontransaction tx{owned};
        sark::borrowed db{tx};
        CHECK(db.all(query).size() == 3);
        CHECK(database.ask("SELECT count(*) FROM pg_prepared_statements") == "0");
        db.insert(named("e"));
        CHECK(database.ask("SELECT count(*) FROM resources") == "4");
        auto const twice = failure([&] { db.insert(named("e")); });
        CHECK(twice.sqlstate() == "23505");
        CHECK_THAT(twice.what(), ContainsSubstring("unique_violation") && !ContainsSubstring("=(e)"));
        auto bad = named("f");
        bad.name = std::string("a\0b", 3);
        CHECK(failure([&] { db.insert(bad); }).column() == "name");
        bad.name = "secret\xFF";
        CHECK_THAT(failure([&] { db.insert(bad); }).what(), !ContainsSubstring("secret"));
        CHECK(database.ask("SELECT count(*) FROM resources") == "4");
    }
}

TEST_CASE("a session is not borrowed while it would have values misread, and a conflict can be repeated") {
    sark::test::database const database;
    for (std::string_view statement : sark::create_statements<Resource>) database.execute(std::string{statement});
    pqxx::connection owned{database.url()};
    struct setting {
        char const* name;
        char const* wrong;
        char const* right;
    };
    for (setting const& s :
         {setting{"client_encoding", "LATIN1", "UTF8"}, setting{"DateStyle", "German", "ISO"},
          setting{"bytea_output", "escape", "hex"}, setting{"standard_conforming_strings", "off", "on"},
          setting{"array_nulls", "off", "on"}, setting{"extra_float_digits", "0", "1"}}) {
        INFO(s.name);
        pqxx::nontransaction tx{owned};
        tx.exec(std::string{"SET "} + s.name + " TO " + s.wrong);
        auto const refused = failure([&] { sark::borrowed{tx}; });
        CHECK_THAT(refused.what(), ContainsSubstring(std::string{"the session's "} + s.name + " is not"));
        tx.exec(std::string{"SET "} + s.name + " TO " + s.right);
        CHECK(sark::borrowed{tx}.all(from<Resource>()).empty());
    }
    database.execute("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('a', 'n', 'http', 'e')");
    pqxx::work tx{owned};
    tx.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    sark::borrowed db{tx};
    CHECK(db.all(from<Resource>()).size() == 1);
    database.execute("UPDATE resources SET name = 'other'");
    auto const failed = failure([&] { db.update(named("a")); });
    CHECK(failed.sqlstate() == "40001");
    CHECK(failed.retryable());
}

TEST_CASE("a borrowed session that the server ended is known to be dead, and one whose statement failed is not") {
    sark::test::database const database;
    for (std::string_view statement : sark::create_statements<Resource>) database.execute(std::string{statement});
    pqxx::connection owned{database.url()};
    pqxx::nontransaction tx{owned};
    sark::borrowed db{tx};
    db.insert(named("a"));
    CHECK_FALSE(failure([&] { db.insert(named("a")); }).connection_lost());
    SECTION("between two statements") {
        database.execute("SELECT pg_terminate_backend(" + std::to_string(owned.backendpid()) + ", 2000)");
    }
    SECTION("within a statement") {
        database.execute(R"(CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS
                            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END')");
        database.execute("CREATE TRIGGER ends BEFORE INSERT ON resources FOR EACH ROW EXECUTE FUNCTION ends()");
    }
    auto const ended = failure([&] { db.insert(named("b")); });
    CAPTURE(ended.sqlstate(), ended.what());
    CHECK(ended.connection_lost());
    CHECK_FALSE(ended.retryable());
    CHECK(failure([&] { (void)db.all(from<Resource>()); }).connection_lost());
    CHECK(database.ask("SELECT count(*) FROM resources") == "1");
}
