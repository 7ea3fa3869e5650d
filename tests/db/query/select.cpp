// SPDX-License-Identifier: MIT
//
// What the clauses choose, on rows that are told apart by every one of them.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

namespace {

struct stocked {
    sark::test::database database;
    sark::connection db{database.url()};

    stocked() {
        for (std::string_view statement :
             sark::create_statements<Resource, Capability, CostTracking, PrincipalBudget, sark::FederationNode>)
            db.execute(statement);
        auto const resource = [&](std::string id, std::string protocol, Sensitivity level, std::string metadata) {
            db.insert(Resource{.id = id,
                               .name = "name of " + id,
                               .protocol = protocol,
                               .endpoint = "e",
                               .sensitivity_level = level,
                               .metadata_ = sark::json{metadata}});
        };
        resource("a", "http", Sensitivity::low, R"({"tags":["x","y"],"n":1})");
        resource("b", "http", Sensitivity::critical, R"({"tags":["y"]})");
        resource("c", "mcp", Sensitivity::medium, "{}");
        resource("d", "grpc", Sensitivity::high, R"({"n":1})");
        for (int i = 1; i <= 4; ++i)
            db.insert(Capability{.id = "cap-" + std::to_string(i),
                                 .resource_id = i < 4 ? "a" : "d",
                                 .name = "cap " + std::to_string(i),
                                 .description = i % 2 == 0 ? std::optional<std::string>{"even"} : std::nullopt});
        for (int i = 1; i <= 5; ++i)
            db.insert(CostTracking{.timestamp_ = sark::timestamp::from_unix_micros(i * 1'000'000),
                                   .principal_id = i < 3 ? "p" : "q",
                                   .resource_id = "a",
                                   .capability_id = "cap-1",
                                   .estimated_cost = sark::money{i},
                                   .actual_cost = i > 3 ? std::optional{sark::money{"0.5"}} : std::nullopt});
    }

    template <class Query>
    std::string ids(Query const& query) {
        std::string found;
        for (auto const& row : db.all(query)) found += row.id;
        return found;
    }
};

}  // namespace

TEST_CASE("what the clauses choose") {
    static stocked s;  // nothing here writes, so one serves all sections
    SECTION("conditions choose rows") {
        auto const chosen = [&](auto const& condition) {
            return s.ids(from<Resource>().where(condition).order_by(col<&Resource::id>));
        };
        auto const& protocol = col<&Resource::protocol>;
        auto const& level = col<&Resource::sensitivity_level>;
        CHECK(chosen(protocol == "http") == "ab");
        CHECK(chosen(protocol != "http") == "cd");
        CHECK(chosen(protocol == std::string{"mcp"}) == "c");
        CHECK(chosen(protocol == sark::varchar<10>{"mcp"}) == "c");
        CHECK(chosen(protocol < "http") == "d");
        CHECK(chosen(protocol >= "http") == "abc");
        CHECK(chosen(protocol.in({"mcp", "grpc", "none"})) == "cd");
        CHECK(chosen(protocol.in(std::vector<std::string>{})) == "");
        CHECK(chosen(col<&Resource::id>.in(std::vector<std::string>(5000, "b"))) == "b");
        CHECK(chosen(protocol == "http" && level == Sensitivity::low) == "a");
        CHECK(chosen(protocol == "mcp" || level == Sensitivity::low) == "ac");
        CHECK(chosen(!(protocol == "http")) == "cd");
        CHECK(chosen((protocol == "http" || protocol == "grpc") && !(col<&Resource::id> == "a")) == "bd");
        CHECK(chosen(col<&Resource::name> == col<&Resource::endpoint>) == "");
        CHECK(chosen(col<&Resource::created_at> <= col<&Resource::updated_at>) == "abcd");
        CHECK(chosen(col<&Resource::created_at> > sark::timestamp::infinity()) == "");
        CHECK(chosen(col<&Resource::created_at> < sark::timestamp::infinity()) == "abcd");
        CHECK(chosen(col<&Resource::metadata_>.contains(sark::json{R"({"n":1})"})) == "ad");
        CHECK(chosen(col<&Resource::metadata_>.contains(sark::json{R"({"tags":["y"]})"})) == "ab");
        CHECK(chosen(col<&Resource::metadata_>.contains(sark::json{"{}"})) == "abcd");
        CHECK(chosen(sark::unindexed(col<&Resource::metadata_> == sark::json{R"({ "n" : 1.0 })"})) == "d");
    }
    SECTION("sensitivities are compared by their order, not by their letters") {
        auto const chosen = [&](auto const& condition) {
            return s.ids(from<Resource>().where(condition).order_by(col<&Resource::id>));
        };
        auto const& level = col<&Resource::sensitivity_level>;
        CHECK(chosen(level >= Sensitivity::high) == "bd");
        CHECK(chosen(level > Sensitivity::high) == "b");
        CHECK(chosen(level < Sensitivity::high) == "ac");
        CHECK(chosen(level <= Sensitivity::high) == "acd");
        CHECK(chosen(level < Sensitivity::low) == "");
        CHECK(chosen(level.in({Sensitivity::low, Sensitivity::critical})) == "ab");
        CHECK(s.ids(from<Resource>().order_by(level)) == "acdb");
        CHECK(s.ids(from<Resource>().order_by(desc(level))) == "bdca");
        // Column against column, by rank as well: only d's capability is below it.
        auto const rows = s.db.all(from<Resource>()
                                       .join<Capability>()
                                       .where(level > col<&Capability::sensitivity_level>)
                                       .select(col<&Capability::id>));
        CHECK(rows == std::vector<std::string>{"cap-4"});
    }
    SECTION("NULL is unknown") {
        auto const& description = col<&Capability::description>;
        auto const count = [&](auto const& condition) { return s.db.count(from<Capability>().where(condition)); };
        CHECK(count(description.is_null()) == 2);
        CHECK(count(description.is_not_null()) == 2);
        CHECK(count(description == "even") == 2);
        CHECK(count(description != "even") == 0);
        CHECK(count(!(description == "odd")) == 2);
        CHECK(count(description == "even" || description.is_null()) == 4);
    }
    SECTION("rows are sorted, limited and skipped") {
        auto const by_id = from<Resource>().order_by(desc(col<&Resource::protocol>), col<&Resource::id>);
        CHECK(s.ids(by_id) == "cabd");
        CHECK(s.ids(by_id.limit(2)) == "ca");
        CHECK(s.ids(by_id.limit(2).offset(1)) == "ab");
        CHECK(s.ids(by_id.offset(3)) == "d");
        CHECK(s.ids(by_id.limit(0)) == "");
        CHECK(s.ids(by_id.limit(std::uint64_t{9'223'372'036'854'775'807U})) == "cabd");
        CHECK(s.ids(from<Resource>()
                        .limit(1)
                        .offset(1)
                        .where(col<&Resource::protocol> == "http")
                        .order_by(col<&Resource::id>)) == "b");
        CHECK_THROWS_AS(by_id.limit(-1), sark::error);
        CHECK_THROWS_AS(by_id.offset(std::uint64_t{9'223'372'036'854'775'808U}), sark::error);
    }
    SECTION("joins follow the declared relation or a condition") {
        auto const names = from<Resource>()
                               .join<Capability>()
                               .where(col<&Resource::protocol> == "http")
                               .order_by(col<&Capability::id>)
                               .select(col<&Capability::name>);
        CHECK(s.db.all(names) == std::vector<std::string>{"cap 1", "cap 2", "cap 3"});
        CHECK(s.db.all(from<Capability>().join<Resource>().where(col<&Resource::id> == "d")).size() == 1);
        auto const both = s.db.all(from<Resource>()
                                       .join<Capability>(col<&Capability::resource_id> == col<&Resource::id> &&
                                                         col<&Capability::name> == "cap 2")
                                       .where(col<&Resource::sensitivity_level> == Sensitivity::low)
                                       .select(col<&Resource::id>, col<&Capability::description>));
        CHECK(both == std::vector<std::tuple<std::string, std::optional<std::string>>>{{"a", "even"}});
        CHECK(s.db.count(from<Resource>().join<Capability>()) == 4);
    }
    SECTION("selected columns become values, tuples and structs") {
        struct named_cost {
            std::string who;
            std::optional<sark::money> cost;
            std::optional<std::int64_t> id;
        };
        auto const costs = from<CostTracking>().order_by(desc(col<&CostTracking::timestamp_>));
        auto const rows = s.db.all(costs.select<named_cost>(col<&CostTracking::principal_id>,
                                                            col<&CostTracking::actual_cost>, col<&CostTracking::id>));
        REQUIRE(rows.size() == 5);
        CHECK(rows[0].who == "q");
        CHECK(rows[0].cost == sark::money{"0.5"});
        CHECK(rows[0].id == 5);
        CHECK_FALSE(rows[4].cost.has_value());
        CHECK(s.db.first(costs.select(col<&CostTracking::estimated_cost>)) ==
              std::optional<std::optional<sark::money>>{sark::money{5}});
        CHECK(s.db.all(costs.select(col<&CostTracking::principal_id> == "p")) ==
              std::vector<bool>{false, false, false, true, true});
    }
    SECTION("first, one, each and count") {
        auto const http = from<Resource>().where(col<&Resource::protocol> == "http").order_by(col<&Resource::id>);
        CHECK(s.db.first(http)->id == "a");
        CHECK(s.db.first(http.limit(2))->id == "a");
        CHECK_FALSE(s.db.first(from<Resource>().where(col<&Resource::id> == "?")).has_value());
        CHECK(s.db.one(from<Resource>().where(col<&Resource::id> == "c")).protocol == "mcp");
        CHECK_THROWS_WITH(s.db.one(http), ContainsSubstring("more than one row"));
        CHECK_THROWS_WITH(s.db.one(from<Resource>().where(col<&Resource::id> == "?")), ContainsSubstring("no row"));
        std::string seen;
        s.db.each(http, [&](Resource const& r) { seen += r.id; });
        CHECK(seen == "ab");
        CHECK_THROWS_AS(s.db.each(http, [](Resource const&) { throw std::logic_error{"enough"}; }), std::logic_error);
        CHECK(s.db.count(http) == 2);
        CHECK(s.db.count(http.limit(1)) == 2);
        CHECK(s.db.count(from<CostTracking>()) == 5);
    }
    SECTION("integers beyond a column's range are refused before anything is sent") {
        CHECK_THROWS_AS(col<&CostTracking::id> == std::uint64_t{18'446'744'073'709'551'615U}, sark::error);
        CHECK(s.db.count(from<CostTracking>().where(col<&CostTracking::id> == std::int8_t{3})) == 1);
        CHECK_THROWS_AS(col<&sark::FederationNode::rate_limit_per_hour> == 3'000'000'000, sark::error);
    }
}

TEST_CASE("rows are written, and written again") {
    stocked s;
    auto const canary = [&] {
        return s.database.ask(
            "SELECT md5(string_agg(r::text, '' ORDER BY id)) FROM resources r WHERE id IN ('a','b','c')");
    };
    std::string const before = canary();

    // Defaults for what is unset, the given value for what is set.
    Resource row{.id = "new", .name = "n", .protocol = "http", .endpoint = "e"};
    Resource const stored = s.db.insert_returning(row);
    CHECK(stored.created_at.is_finite());
    row.id = "dated";
    row.created_at = sark::timestamp::from_unix_micros(5);
    CHECK(s.db.insert_returning(row).created_at.unix_micros() == 5);

    row = s.db.one(from<Resource>().where(col<&Resource::id> == "new"));
    row.name = "changed";
    row.created_at = sark::timestamp::from_unix_micros(6);  // managed: an update leaves it alone
    CHECK(s.db.update(row));
    Resource const updated = s.db.one(from<Resource>().where(col<&Resource::id> == "new"));
    CHECK(updated.name == "changed");
    CHECK(updated.created_at == stored.created_at);
    CHECK_FALSE(s.db.update(Resource{.id = "none", .name = "n", .protocol = "http", .endpoint = "e"}));

    CHECK(s.db.erase(row) == 1);
    CHECK(s.db.erase(row) == 0);
    CHECK(s.db.erase(from<Resource>().where(col<&Resource::id>.in({"dated", "gone"}))) == 1);
    CHECK(s.db.erase(from<CostTracking>().where(col<&CostTracking::principal_id> == "q")) == 3);
    // A key of two columns.
    CostTracking const cost = s.db.all(from<CostTracking>().order_by(col<&CostTracking::id>))[1];
    CHECK(s.db.erase(cost) == 1);
    CHECK(s.db.count(from<CostTracking>()) == 1);
    CHECK(canary() == before);
}

TEST_CASE("upsert says what it did, and does nothing when there is nothing to do") {
    stocked s;
    s.database.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updated_at := now(); "
                       "RETURN NEW; END$$");
    s.database.execute("CREATE TRIGGER touch BEFORE UPDATE ON resources FOR EACH ROW EXECUTE FUNCTION touch()");
    Resource row{.id = "u", .name = "one", .protocol = "http", .endpoint = "e", .metadata_ = sark::json{R"({"a":1})"}};
    CHECK(s.db.upsert(row) == sark::upserted::inserted);
    auto const stored = [&] { return s.db.one(from<Resource>().where(col<&Resource::id> == "u")); };
    auto const version = [&] {
        return s.database.ask("SELECT xmin || ' ' || ctid::text FROM resources WHERE id = 'u'");
    };
    Resource const first = stored();
    std::string const untouched = version();

    CHECK(s.db.upsert(row) == sark::upserted::unchanged);
    row.metadata_ = sark::json{R"( { "a" : 1.0 } )"};  // equal by value
    CHECK(s.db.upsert(row) == sark::upserted::unchanged);
    CHECK(version() == untouched);
    CHECK(stored().updated_at == first.updated_at);

    row.name = "two";
    CHECK(s.db.upsert(row) == sark::upserted::updated);
    CHECK(stored().name == "two");
    CHECK(stored().created_at == first.created_at);
    CHECK(stored().updated_at > first.updated_at);

    // NULLs compare as equal, and a difference to NULL is one.
    Capability cap{.id = "n", .resource_id = "u", .name = "n"};
    CHECK(s.db.upsert(cap) == sark::upserted::inserted);
    CHECK(s.db.upsert(cap) == sark::upserted::unchanged);
    cap.description = "d";
    CHECK(s.db.upsert(cap) == sark::upserted::updated);
    cap.description.reset();
    CHECK(s.db.upsert(cap) == sark::upserted::updated);

    PrincipalBudget budget{.principal_id = "p", .daily_budget = sark::money{5}};
    CHECK(s.db.upsert(budget) == sark::upserted::inserted);
    budget.daily_spent = sark::money{"0.00000001"};
    CHECK(s.db.upsert(budget) == sark::upserted::updated);
    CHECK(s.db.upsert(budget) == sark::upserted::unchanged);
}

TEST_CASE("an unset member leaves what the server once filled in as it is") {
    stocked s;
    sark::FederationNode node{.node_id = "n", .name = "N", .endpoint = "e", .trust_anchor_cert = "c"};
    node.id = s.db.insert_returning(node).id;
    auto const trusted = [&] { return s.db.one(from<sark::FederationNode>()).trusted_since; };
    sark::timestamp const first = trusted();

    REQUIRE_FALSE(node.trusted_since.is_set());
    CHECK(s.db.upsert(node) == sark::upserted::unchanged);
    node.name = "M";
    CHECK(s.db.upsert(node) == sark::upserted::updated);
    CHECK(trusted() == first);
    node.name = "O";
    CHECK(s.db.update(node));
    CHECK(trusted() == first);

    node.trusted_since = sark::timestamp::from_unix_micros(1);
    CHECK(s.db.upsert(node) == sark::upserted::updated);
    CHECK(trusted() == node.trusted_since);
    CHECK(s.db.upsert(node) == sark::upserted::unchanged);
    node.trusted_since = sark::timestamp::from_unix_micros(2);
    CHECK(s.db.update(node));
    CHECK(trusted() == node.trusted_since);
}

namespace written {
struct Defaults {
    sark::uuid id{};
    sark::timestamp moment{};
    sark::date day{};
    std::string note{};
};
}  // namespace written

template <>
inline constexpr auto sark::table_of<written::Defaults> = sark::table(
    "defaults", sark::column<&written::Defaults::id>{.fallback = "gen_random_uuid()"},
    sark::column<&written::Defaults::moment>{.fallback = "'2020-02-02 02:02:02+00'"},
    sark::column<&written::Defaults::day>{.fallback = "'2020-02-02'"});

TEST_CASE("an unset member takes its column's default, be that a literal") {
    sark::test::database const database;
    sark::connection db{database.url()};
    for (std::string_view statement : sark::create_statements<written::Defaults>) db.execute(statement);
    auto const row = db.insert_returning(written::Defaults{.note = "n"});
    CHECK(row.id != sark::uuid{});
    using namespace std::chrono_literals;
    CHECK(row.moment == sark::timestamp{std::chrono::sys_days{2020y / 2 / 2} + 2h + 2min + 2s});
    CHECK(row.day == sark::date{2020y / 2 / 2});
    auto const same = db.insert_returning(written::Defaults{
        .id = *sark::parse_uuid("00112233-4455-6677-8899-aabbccddeeff"), .day = sark::date::infinity()});
    CHECK(sark::to_string(same.id) == "00112233-4455-6677-8899-aabbccddeeff");
    CHECK(same.day.is_infinity());
}

TEST_CASE("an unset time without a default is refused by name") {
    stocked s;
    struct Event {
        std::int64_t id{};
        sark::timestamp at{};
    };
    s.database.execute("CREATE TABLE event (id bigint PRIMARY KEY, at timestamptz NOT NULL)");
    CHECK_THROWS_WITH(s.db.insert(Event{.id = 1}), ContainsSubstring("column event.at was not set"));
    s.db.insert(Event{.id = 1, .at = sark::timestamp::from_unix_micros(1)});
    CHECK(s.db.one(from<Event>()).at.unix_micros() == 1);
}
