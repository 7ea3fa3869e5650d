// SPDX-License-Identifier: MIT
//
// 3. Resources of several protocols in one table: what they share is in columns, what only the protocol knows is in
//    `metadata`, and is read as a struct. Works in a schema of its own in the database of DATABASE_URL, and drops it.

#include <iostream>
#include <optional>
#include <string>

#include <sark/sark.hpp>

#include "support/main.hpp"

// An adapter's own view of http resources: only what this program needs, beside sark::HttpMetadata.
struct Endpoint {
    std::string auth_method;
    std::optional<std::string> openapi_url;
};
template <>
inline constexpr std::string_view sark::protocol_of<Endpoint> = "http";

using sark::Capability, sark::Resource, sark::Sensitivity, sark::col, sark::from, sark::meta, sark::to_json;

void print(auto const& query) { std::cout << '\n' << query.sql.substr(query.sql.find(" FROM") + 1) << '\n'; }
void print_all(auto const& rows) {
    for (auto const& row : rows) std::cout << "  " << row.id << '\n';
}

int main(int count, char** arguments) {
    return support::run([&] {
        sark::connection db{support::database_url(count > 1 ? arguments[1] : nullptr)};
        support::scratch_schema const scratch{db};
        sark::migrate::upgrade(db, sark::migrations::chain);

        Resource crm{.id = "crm",
                     .name = "Customers",
                     .protocol = "http",
                     .endpoint = "https://crm.example.com",
                     .metadata_ = to_json(Endpoint{"oauth2", "https://crm.example.com/openapi.json"})};
        db.insert(crm);
        db.insert(Resource{.id = "files",
                           .name = "Files",
                           .protocol = "mcp",
                           .endpoint = "stdio:files",
                           .metadata_ = to_json(sark::McpMetadata{.transport = "stdio", .command = "files --serve"})});
        db.insert(Resource{.id = "billing",
                           .name = "Billing",
                           .protocol = "grpc",
                           .endpoint = "billing:443",
                           .metadata_ = to_json(sark::GrpcMetadata{.service = "Billing", .auth_method = "oauth2"})});
        db.insert(Capability{.id = "crm/list", .resource_id = "crm", .name = "list customers"});
        db.insert(Capability{
            .id = "crm/purge", .resource_id = "crm", .name = "purge", .sensitivity_level = Sensitivity::critical});

        // Whoever uses oauth2, of any protocol: containment, served by the GIN index.
        // FROM "resources" WHERE "resources"."metadata" @> $1::jsonb ORDER BY "resources"."id"
        auto const oauth = from<Resource>()
                               .where(col<&Resource::metadata_>.contains(sark::json{R"({"auth_method":"oauth2"})"}))
                               .order_by(col<&Resource::id>);
        print(oauth);
        print_all(db.all(oauth));

        // A member of a struct: the same index, and the protocol that gives the key its meaning.
        // FROM "resources" WHERE ("resources"."protocol" = 'mcp' AND "resources"."metadata" @> $1::jsonb)
        auto const stdio = from<Resource>().where(meta<&sark::McpMetadata::transport> == "stdio");
        print(stdio);
        print_all(db.all(stdio));

        // Rows of one protocol, metadata decoded, children loaded by one second query for all of them.
        // FROM "resources" WHERE "resources"."protocol" = 'http'
        auto const https = from<sark::typed<Endpoint>>().with<Capability>();
        print(https);
        for (auto const& resource : db.all(https)) {
            std::cout << "  " << resource.name << " by " << resource.metadata.auth_method << '\n';
            for (Capability const& c : resource.children<Capability>())
                std::cout << "    " << c.name << ": " << sark::label_of(c.sensitivity_level) << '\n';
        }

        // An upsert tells what it did; equal rows are not written again, and their updated_at stays.
        auto const told = [](sark::upserted what) {
            return what == sark::upserted::inserted  ? "inserted"
                   : what == sark::upserted::updated ? "updated"
                                                     : "unchanged";
        };
        std::cout << "\nthe same again: " << told(db.upsert(crm)) << '\n';
        crm.metadata_ = to_json(Endpoint{"bearer", {}});
        std::cout << "another metadata: " << told(db.upsert(crm)) << '\n';
    });
}
