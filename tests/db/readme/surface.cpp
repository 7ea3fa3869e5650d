// SPDX-License-Identifier: MIT
//
// The example every reader sees first, word by word, with what it is supposed to give.

#include <sark/sark.hpp>

#include <tuple>

#include "catch.hpp"
#include "database.hpp"

namespace surface {

struct HttpMetadata {  // any aggregate: an adapter's own metadata
    std::string auth_method;
    std::optional<std::string> openapi_url;
};

}  // namespace surface

using surface::HttpMetadata;

template <>
inline constexpr std::string_view sark::protocol_of<HttpMetadata> = "http";

using sark::Resource, sark::Capability, sark::Sensitivity, sark::col, sark::from;

TEST_CASE("the surface, by example") {
    sark::test::database const database;
    std::vector<std::string> used;
    auto const use = [&](std::string const& id, std::string const& method) { used.push_back(id + " " + method); };

    sark::connection db{database.url()};
    sark::migrate::upgrade(db, sark::migrations::chain);  // to head

    // clang-format off
    db.insert(Resource{.id = "my-resource-1", .name = "My Service", .protocol = "http",
                       .endpoint = "https://api.example.com",
                       .metadata_ = sark::to_json(HttpMetadata{"oauth2", "https://api.example.com/openapi.json"})});
    db.insert(Capability{.id = "my-cap-1", .resource_id = "my-resource-1", .name = "get_users",
                         .input_schema = sark::json{R"({"type":"object"})"}, .sensitivity_level = Sensitivity::low});

    std::vector<Resource> https = db.all(from<Resource>().where(col<&Resource::protocol> == "http"));

    // Containment: one GIN-served text, whichever way it is spelled.
    auto a = db.all(from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{R"({"auth_method":"oauth2"})"})));
    auto b = db.all(from<Resource>().where(sark::meta<&HttpMetadata::auth_method> == "oauth2"));   // implies protocol = 'http'

    // Polymorphic: the protocol's rows only, metadata decoded to its struct.
    for (sark::typed<HttpMetadata> const& r : db.all(from<sark::typed<HttpMetadata>>())) use(r.id, r.metadata.auth_method);

    // Projection over a join, to a tuple or to a struct of yours.
    auto rows = db.all(from<Resource>().join<Capability>()                       // the declared relation
                           .where(col<&Resource::protocol>.in({"mcp", "http", "grpc"}),
                                  col<&Capability::sensitivity_level> >= Sensitivity::high)
                           .select(col<&Resource::protocol>, col<&Capability::name>, col<&Capability::sensitivity_level>));

    // Children loaded by one second query, for any number of parents; without .with the member does not exist.
    auto loaded = db.first(from<Resource>().where(col<&Resource::id> == "my-resource-1").with<Capability>());

    db.transaction([&](sark::transaction& tx) { /* same members as db */
        CHECK(tx.count(from<Resource>()) == 1);
    });
    // clang-format on

    REQUIRE(https.size() == 1);
    CHECK(https[0].id == "my-resource-1");
    CHECK(https[0].name == "My Service");
    CHECK(https[0].endpoint == "https://api.example.com");
    CHECK(https[0].sensitivity_level == Sensitivity::medium);
    CHECK(https[0].metadata_ ==
          sark::json{R"({"openapi_url":"https://api.example.com/openapi.json","auth_method":"oauth2"})"});
    CHECK(https[0].created_at.is_finite());
    CHECK(https[0].updated_at == https[0].created_at);
    REQUIRE(a.size() == 1);
    REQUIRE(b.size() == 1);
    CHECK(a[0].id == b[0].id);
    CHECK(used == std::vector<std::string>{"my-resource-1 oauth2"});
    CHECK(rows.empty());
    STATIC_REQUIRE(
        std::is_same_v<decltype(rows), std::vector<std::tuple<std::string, std::string, sark::Sensitivity>>>);
    REQUIRE(loaded.has_value());
    REQUIRE(loaded->children<Capability>().size() == 1);
    CHECK(loaded->children<Capability>()[0].name == "get_users");
    CHECK(loaded->children<Capability>()[0].input_schema == sark::json{R"({"type":"object"})"});
    CHECK(loaded->children<Capability>()[0].sensitivity_level == Sensitivity::low);

    db.insert(Capability{.id = "my-cap-2",
                         .resource_id = "my-resource-1",
                         .name = "delete_users",
                         .sensitivity_level = Sensitivity::critical});
    CHECK(db.all(from<Resource>()
                     .join<Capability>()
                     .where(col<&Resource::protocol>.in({"mcp", "http", "grpc"}),
                            col<&Capability::sensitivity_level> >= Sensitivity::high)
                     .select(col<&Resource::protocol>, col<&Capability::name>, col<&Capability::sensitivity_level>)) ==
          decltype(rows){{"http", "delete_users", Sensitivity::critical}});
}
