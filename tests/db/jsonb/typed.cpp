// SPDX-License-Identifier: MIT
//
// Documents as conditions and as structs, against real rows and the real planner.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb.hpp>
#include <sark/models.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::Capability, sark::Resource, sark::col, sark::from, sark::meta;

namespace typed_test {

enum class Auth { none, oauth2, api_key };

/// Is another reading of the protocol http: several structs may describe one.
struct Limits {
    std::optional<Auth> auth_method{};
    std::optional<std::int64_t> limit{};
    std::optional<double> factor{};
    std::optional<bool> strict{};
};

}  // namespace typed_test

template <>
inline constexpr std::string_view sark::protocol_of<typed_test::Limits> = "http";

using typed_test::Auth, typed_test::Limits;

TEST_CASE("typed documents") {
    static sark::test::database const database;
    static sark::connection db{database.url()};
    static bool const stocked = [] {
        for (std::string_view statement : sark::create_statements<Resource, Capability>) db.execute(statement);
        auto const add = [](std::string id, std::string protocol, std::string document) {
            db.insert(Resource{
                .id = id, .name = "n", .protocol = protocol, .endpoint = "e", .metadata_ = sark::json{document}});
            db.insert(Capability{.id = "cap-" + id, .resource_id = id, .name = "c"});
        };
        add("a", "http", R"({"auth_method":"oauth2","limit":9007199254740993,"factor":0.1,"strict":true})");
        add("b", "http", R"({"auth_method":"api_key","limit":1,"servers":["x","y"]})");
        add("c", "grpc", R"({"auth_method":"oauth2","service":"s"})");
        add("d", "http", "{}");
        return true;
    }();
    REQUIRE(stocked);
    auto const ids = [](auto const& query) {
        std::string found;
        for (auto const& row : db.all(query)) found += row.id;
        return found;
    };

    SECTION("a path compares exactly, in documents of its protocol only") {
        CHECK(ids(from<Resource>().where(meta<&sark::HttpMetadata::auth_method> == "oauth2")) == "a");
        CHECK(ids(from<Resource>().where(meta<&sark::GrpcMetadata::auth_method> == "oauth2")) == "c");
        CHECK(ids(from<Resource>().where(meta<&Limits::auth_method> == Auth::api_key)) == "b");
        CHECK(ids(from<Resource>().where(meta<&Limits::limit> == 9'007'199'254'740'993)) == "a");
        CHECK(ids(from<Resource>().where(meta<&Limits::limit> == 9'007'199'254'740'992)) == "");
        CHECK(ids(from<Resource>().where(meta<&Limits::limit> == 1)) == "b");
        CHECK(ids(from<Resource>().where(meta<&Limits::factor> == 0.1)) == "a");
        CHECK(ids(from<Resource>().where(meta<&Limits::strict> == true)) == "a");
        CHECK(ids(from<Resource>().where(meta<&Limits::strict> == false)) == "");
        CHECK(ids(from<Resource>().where(meta<&sark::HttpMetadata::auth_method> == "o'auth\"2")) == "");
        CHECK(ids(from<Resource>()
                      .where(meta<&sark::HttpMetadata::auth_method> == "api_key" || col<&Resource::id> == "c")
                      .order_by(col<&Resource::id>)) == "bc");
    }

    SECTION("a path finds its table through a join") {
        auto const names = db.all(from<Capability>()
                                      .join<Resource>()
                                      .where(meta<&Limits::auth_method> == Auth::oauth2)
                                      .select(col<&Capability::id>));
        CHECK(names == std::vector<std::string>{"cap-a"});
    }

    SECTION("rows come with their document decoded") {
        auto const rows = db.all(from<sark::typed<Limits>>().order_by(col<&Resource::id>));
        REQUIRE(rows.size() == 3);
        CHECK(rows[0].metadata.auth_method == Auth::oauth2);
        CHECK(rows[0].metadata.limit == 9'007'199'254'740'993);
        CHECK(rows[0].metadata.factor == 0.1);
        CHECK_FALSE(rows[2].metadata.auth_method.has_value());
        CHECK(rows[2].metadata_.text() == "{}");
        CHECK(db.count(from<sark::typed<Limits>>()) == 3);
        CHECK(db.count(from<sark::typed<sark::McpMetadata>>()) == 0);
        CHECK(db.first(from<sark::typed<sark::HttpMetadata>>().where(col<&Resource::id> == "b"))->metadata.servers ==
              std::vector<std::string>{"x", "y"});
    }

    SECTION("a document that does not fit its struct says where, and not what") {
        db.transaction([](sark::transaction& tx) {
            tx.insert(Resource{.id = "x",
                               .name = "n",
                               .protocol = "http",
                               .endpoint = "e",
                               .metadata_ = sark::json{R"({"limit":"secret"})"}});
            CHECK_THROWS_WITH(tx.all(from<sark::typed<Limits>>()),
                              ContainsSubstring("$.limit") && !ContainsSubstring("secret"));
            tx.erase(Resource{.id = "x"});
        });
    }

    SECTION("one index serves containment, however it is spelled") {
        auto const plan = [](auto const& query) {
            return db.transaction([&](sark::transaction& tx) {
                tx.execute("SET LOCAL enable_seqscan = off");
                tx.execute("SET LOCAL enable_indexscan = off");
                sark::parameters values;
                query.bind(values);
                sark::text_row bound;
                for (std::size_t i = 0; i < values.size(); ++i) bound.emplace_back(values.values()[i]);
                std::string text;
                for (auto const& row : tx.query_text("EXPLAIN " + std::string{query.sql}, bound))
                    text += row.at(0).value() + "\n";
                return text;
            });
        };
        CHECK_THAT(
            plan(from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{R"({"auth_method":"oauth2"})"}))),
            ContainsSubstring("ix_resources_metadata_gin"));
        CHECK_THAT(plan(from<Resource>().where(meta<&Limits::limit> == 1)),
                   ContainsSubstring("metadata @> '{\"limit\": 1}'::jsonb"));
    }
}
