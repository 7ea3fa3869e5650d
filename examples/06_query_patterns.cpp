// SPDX-License-Identifier: MIT
//
// 6. The questions that a governed catalog is asked: eight patterns over resources, capabilities and costs, and five more
//    over metadata, pages, ranks and run-time filters. Each is read into a struct; its SQL stands above it and is tested.

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <sark/sark.hpp>

#include "support/main.hpp"

using sark::Capability, sark::CostTracking, sark::Resource, sark::Sensitivity;
using sark::col, sark::count, sark::desc, sark::from;

namespace {

struct listed {
    std::string id;
    std::string name;
    std::string endpoint;
};
struct offered {
    std::string resource;
    std::string capability;
    Sensitivity level;
};
struct tally {
    std::string protocol;
    std::int64_t capabilities;
};
struct typed_capability {
    std::string protocol;
    std::string capability;
    std::optional<std::string> input_type;
};
struct cost_of_resource {
    std::string resource;
    std::int64_t calls;
    std::optional<sark::numeric<38, 8>> total;
};
struct numbered {
    std::string principal_id;
    std::string capability_id;
    std::int64_t place;
};

constexpr auto& resource_name = col<&Resource::name>;
constexpr auto& capability_name = col<&Capability::name>;
constexpr auto& protocol = col<&Resource::protocol>;
constexpr auto& level = col<&Capability::sensitivity_level>;
constexpr auto& actual = col<&CostTracking::actual_cost>;

void fill(sark::connection& db) {
    for (auto statement : sark::create_statements<Resource, Capability, CostTracking>) db.execute(statement);
    auto const hour = [](int n) { return sark::timestamp::from_unix_micros(n * 3'600'000'000LL); };
    db.insert(Resource{.id = "r1",
                       .name = "Files",
                       .protocol = "mcp",
                       .endpoint = "stdio",
                       .metadata_ = sark::json{R"({"transport":"stdio"})"}});
    db.insert(Resource{.id = "r2",
                       .name = "Users",
                       .protocol = "http",
                       .endpoint = "https://users.example",
                       .metadata_ = sark::json{R"({"auth":{"type":"oauth2"}})"}});
    db.insert(Resource{.id = "r3", .name = "Mail", .protocol = "grpc", .endpoint = "mail:443"});
    auto const capability = [&](char const* id, char const* of, char const* name, Sensitivity s, char const* schema) {
        db.insert(Capability{
            .id = id, .resource_id = of, .name = name, .input_schema = sark::json{schema}, .sensitivity_level = s});
    };
    capability("c1", "r1", "read_file", Sensitivity::medium, R"({"type":"object"})");
    capability("c2", "r1", "delete_file", Sensitivity::critical, R"({"type":"object"})");
    capability("c3", "r2", "get_users", Sensitivity::low, "{}");
    capability("c4", "r2", "delete_user", Sensitivity::high, R"({"type":"string"})");
    for (int i = 1; i <= 6; ++i)
        db.insert(CostTracking{.timestamp_ = hour(i),
                               .principal_id = i % 2 == 0 ? "ada" : "bob",
                               .resource_id = i < 5 ? "r1" : "r2",
                               .capability_id = i < 5 ? "c1" : "c4",
                               .actual_cost = sark::money{i}});
}

template <class Query, class Print>
void show(sark::connection& db, char const* title, Query const& query, Print const& print) {
    std::cout << '\n' << title << "\nSQL: " << query.sql << '\n';
    for (auto const& row : db.all(query)) {
        std::cout << "  ";
        print(row);
        std::cout << '\n';
    }
}

}  // namespace

int main(int arguments, char** values) {
    return support::run([&] {
        sark::connection db{support::database_url(arguments > 1 ? values[1] : nullptr)};
        support::scratch_schema const scratch{db};
        fill(db);
        auto const print_listed = [](listed const& r) { std::cout << r.id << ' ' << r.name << " at " << r.endpoint; };
        auto const print_offered = [](offered const& o) {
            std::cout << o.resource << ": " << o.capability << ", " << sark::label_of(o.level);
        };
        auto const as_listed = [](auto const& query) {
            return query.template select<listed>(col<&Resource::id>, resource_name, col<&Resource::endpoint>);
        };
        auto const as_offered = [](auto const& query) {
            return query.template select<offered>(resource_name, capability_name, level);
        };

        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE
        //   "resources"."protocol" = $1 ORDER BY "resources"."name" LIMIT $2
        show(db, "1. Resources of a protocol",
             as_listed(from<Resource>().where(protocol == "mcp").order_by(resource_name).limit(100)), print_listed);

        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE
        //   "resources"."metadata" @> $1::jsonb LIMIT $2
        show(db, "2. Resources by their metadata",
             as_listed(from<Resource>()
                           .where(col<&Resource::metadata_>.contains(sark::json{R"({"transport":"stdio"})"}))
                           .limit(100)),
             print_listed);

        // SQL: SELECT "resources"."name", "capabilities"."name", "capabilities"."sensitivity_level" FROM "resources"
        //   JOIN "capabilities" ON "capabilities"."resource_id" = "resources"."id" WHERE "resources"."protocol" = $1
        //   ORDER BY "resources"."name", "capabilities"."name" LIMIT $2
        show(db, "3. Capabilities with their resources",
             as_offered(from<Resource>()
                            .join<Capability>()
                            .where(protocol == "http")
                            .order_by(resource_name, capability_name)
                            .limit(100)),
             print_offered);

        // SQL: SELECT "resources"."name", "capabilities"."name", "capabilities"."sensitivity_level" FROM "capabilities"
        //   JOIN "resources" ON "capabilities"."resource_id" = "resources"."id" WHERE
        //   "capabilities"."sensitivity_level" = ANY($1) ORDER BY CASE "capabilities"."sensitivity_level" WHEN 'low'
        //   THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END DESC, "capabilities"."name"
        //   LIMIT $2
        show(db, "4. What is risky, the worst first: by rank, not by letters",
             as_offered(from<Capability>()
                            .join<Resource>()
                            .where(level >= Sensitivity::high)
                            .order_by(desc(level), capability_name)
                            .limit(100)),
             print_offered);

        // SQL: SELECT "resources"."name", "capabilities"."name", "capabilities"."sensitivity_level" FROM "capabilities"
        //   JOIN "resources" ON "capabilities"."resource_id" = "resources"."id" WHERE "capabilities"."input_schema"
        //   ? $1::text ORDER BY "capabilities"."name" LIMIT $2
        show(db, "5. Capabilities whose input schema has a key",
             as_offered(from<Capability>()
                            .join<Resource>()
                            .where(col<&Capability::input_schema>.has_key("type"))
                            .order_by(capability_name)
                            .limit(100)),
             print_offered);

        // SQL: SELECT "resources"."protocol", count("capabilities"."id") FROM "resources" LEFT JOIN "capabilities" ON
        //   "capabilities"."resource_id" = "resources"."id" GROUP BY "resources"."protocol" ORDER BY
        //   count("capabilities"."id") DESC, "resources"."protocol"
        show(db, "6. Capabilities per protocol, with those that have none",
             from<Resource>()
                 .left_join<Capability>()
                 .group_by(protocol)
                 .order_by(desc(count(col<&Capability::id>)), protocol)
                 .select<tally>(protocol, count(col<&Capability::id>)),
             [](tally const& t) { std::cout << t.protocol << ' ' << t.capabilities; });

        // SQL: SELECT "resources"."protocol", "capabilities"."name",
        //   "jsonb_extract_path_text"("capabilities"."input_schema", $1::text) FROM "resources" JOIN "capabilities"
        //   ON "capabilities"."resource_id" = "resources"."id" WHERE "resources"."protocol" = ANY($2) AND
        //   "capabilities"."sensitivity_level" <> $3 ORDER BY "resources"."protocol", "capabilities"."name" LIMIT $4
        show(db, "7. Capabilities across protocols, with the type of their input",
             from<Resource>()
                 .join<Capability>()
                 .where(protocol.in({"mcp", "http", "grpc"}), level != Sensitivity::low)
                 .order_by(protocol, capability_name)
                 .limit(100)
                 .select<typed_capability>(protocol, capability_name,
                                           sark::call<"jsonb_extract_path_text", std::optional<std::string>>(
                                               col<&Capability::input_schema>, "type")),
             [](typed_capability const& t) {
                 std::cout << t.protocol << ' ' << t.capability << ": " << t.input_type.value_or("any");
             });

        // SQL: SELECT "resources"."name", count(*), sum("cost_tracking"."actual_cost") FROM "resources" JOIN
        //   "capabilities" ON "capabilities"."resource_id" = "resources"."id" JOIN "cost_tracking" ON
        //   "cost_tracking"."capability_id" = "capabilities"."id" WHERE "cost_tracking"."timestamp" >= $1 GROUP BY
        //   "resources"."id" ORDER BY sum("cost_tracking"."actual_cost") DESC NULLS LAST LIMIT $2
        show(db, "8. What resources cost since a time",
             from<Resource>()
                 .join<Capability>()
                 .join<CostTracking>(col<&CostTracking::capability_id> == col<&Capability::id>)
                 .where(col<&CostTracking::timestamp_> >= sark::timestamp::from_unix_micros(7'200'000'000))
                 .group_by(col<&Resource::id>)
                 .order_by(desc(sum(actual)).nulls_last())
                 .limit(50)
                 .select<cost_of_resource>(resource_name, count(), sum(actual)),
             [](cost_of_resource const& c) {
                 std::cout << c.resource << ": " << c.calls << " calls, " << c.total.value().to_string();
             });

        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE
        //   "resources"."metadata" @> $1::jsonb
        show(db, "9. Inside of a document: a nested value",
             as_listed(from<Resource>().where(
                 col<&Resource::metadata_>.contains(sark::json{R"({"auth":{"type":"oauth2"}})"}))),
             print_listed);

        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE NOT (EXISTS
        //   (SELECT "capabilities"."id" FROM "capabilities" WHERE "capabilities"."resource_id" = "resources"."id"))
        show(db, "10. Resources that offer nothing",
             as_listed(
                 from<Resource>().where(!exists(from<Capability>()
                                                    .where(col<&Capability::resource_id> == outer(col<&Resource::id>))
                                                    .select(col<&Capability::id>)))),
             print_listed);

        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE
        //   ("resources"."name", "resources"."id") > ($1, $2) ORDER BY "resources"."name", "resources"."id" LIMIT $3
        show(db, "11. The page after a row",
             as_listed(from<Resource>().order_by(resource_name, col<&Resource::id>).after("Files", "r1").limit(1)),
             print_listed);

        // SQL: WITH "numbered" ("principal_id", "capability_id", "place") AS (SELECT "cost_tracking"."principal_id",
        //   "cost_tracking"."capability_id", row_number() OVER (PARTITION BY "cost_tracking"."principal_id" ORDER BY
        //   "cost_tracking"."actual_cost" DESC) FROM "cost_tracking") SELECT "numbered"."principal_id",
        //   "numbered"."capability_id", "numbered"."place" FROM "numbered" WHERE "numbered"."place" = $1 ORDER BY
        //   "numbered"."principal_id"
        show(db, "12. The dearest call of each principal",
             with(from<CostTracking>().select<numbered>(
                      col<&CostTracking::principal_id>, col<&CostTracking::capability_id>,
                      sark::row_number().over(
                          sark::partition_by(col<&CostTracking::principal_id>).order_by(desc(actual)))))
                 .from<numbered>()
                 .where(col<&numbered::place> == 1)
                 .order_by(col<&numbered::principal_id>),
             [](numbered const& n) { std::cout << n.principal_id << ' ' << n.capability_id; });

        std::optional<std::string_view> const wanted = "http";
        // SQL: SELECT "resources"."id", "resources"."name", "resources"."endpoint" FROM "resources" WHERE
        //   "resources"."protocol" = $1
        show(db, "13. Filters that may be there or not",
             sark::any_query<listed>{as_listed(from<Resource>().where(
                 sark::when(wanted, [](auto p) { return protocol == p; }), sark::when(false, resource_name == "x")))},
             print_listed);
    });
}
