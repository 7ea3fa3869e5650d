// SPDX-License-Identifier: MIT
//
// What was wrong with the migrations of the first product, written down as small chains: each defect is found. (That a
// migration named a parent which no migration has, is no finding but a compile error: tests/rejects.)
#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

namespace {

namespace m = sark::migrate;

/// Lists findings of one rule as `migration table.object`.
std::vector<std::string> places(std::vector<m::finding> const& found, std::string_view rule) {
    std::vector<std::string> list;
    for (m::finding const& f : found)
        if (f.rule == rule)
            list.push_back(std::string{f.migration} + " " + std::string{f.table} + "." + std::string{f.object});
    return list;
}
using strings = std::vector<std::string>;

// Its fifth migration called itself 005_gateway_audit, its sixth named another parent.
static_assert(!m::detail::parents_are_predecessors(std::vector<m::detail::link>{
    {"005_gateway_audit", ""}, {"006_protocol_adapters", "005_gateway_audit_events"}}));
static_assert(m::detail::parents_are_predecessors(std::vector<m::detail::link>{
    {"005_gateway_audit", ""}, {"006_protocol_adapters", "005_gateway_audit"}}));

// The costs: a hypertable on a time that the primary key lacks, and a view by the day of whoever looks, that cannot be
// refreshed while it is read.
inline constexpr auto costs = m::migration(
    "001_costs", m::root,
    m::create_table("cost_tracking", m::column{.name = "id", .type = "bigserial"},
                    m::column{.name = "timestamp", .type = "timestamptz"},
                    m::column{.name = "cost", .type = "numeric(10,4)"}, m::primary_key("id")),
    m::when_extension("timescaledb", m::data("SELECT create_hypertable('cost_tracking', 'timestamp')",
                                             m::nothing_to_undo{"goes with the table"})),
    m::create_materialized_view("daily", "SELECT DATE(\"timestamp\") AS date, sum(cost) FROM cost_tracking GROUP BY 1"),
    m::create_index("ix_daily", "daily", "date"));

// Its indexes: a unique column and a primary key indexed again, and a boolean.
inline constexpr auto nodes = m::migration(
    "002_nodes", m::after{"001_costs"},
    m::create_table("nodes", m::column{.name = "id", .type = "uuid"}, m::column{.name = "node_id", .type = "text"},
                    m::column{.name = "enabled", .type = "boolean"}, m::primary_key("id"), m::unique("node_id")),
    m::create_unique_index("ix_node_id", "nodes", "node_id"), m::create_index("ix_id", "nodes", "id"),
    m::create_index("ix_enabled", "nodes", "enabled"));

// Its labels: five additions in one text, which the way back leaves behind.
inline constexpr auto labels = m::migration(
    "003_labels", m::after{"002_nodes"},
    m::verbatim("ALTER TYPE kind ADD VALUE IF NOT EXISTS 'a'; ALTER TYPE kind ADD VALUE IF NOT EXISTS 'b'",
                m::nothing_to_undo{"labels cannot be removed"}, m::opaque{"an enum type"}));

inline constexpr auto original = m::chain<costs, nodes, labels>;

}  // namespace

TEST_CASE("the defects of the first product's migrations are findings", "[migrate][lint]") {
    auto const found = m::lint(original);
    CHECK(places(found, "hypertable-key") == strings{"001_costs cost_tracking.id"});
    CHECK(places(found, "view-without-unique-index") == strings{"001_costs daily."});
    CHECK(places(found, "zone-dependent-day") == strings{"001_costs daily."});
    CHECK(places(found, "duplicate-index") == strings{"002_nodes nodes.ix_node_id", "002_nodes nodes.ix_id"});
    CHECK(places(found, "boolean-index") == strings{"002_nodes nodes.ix_enabled"});
    CHECK(places(found, "several-statements") == strings{"003_labels ."});
    CHECK(places(found, "down-missing") == strings{"003_labels ."});
}

TEST_CASE("001 to 007 keep the defects of the original, and 008 has none that could be an error", "[migrate][lint]") {
    auto const found = m::lint(sark::migrations::chain);
    for (m::finding const& f : found) {
        INFO(m::text_of(f));
        CHECK(f.severity != m::severity::error);
        CHECK(f.rule != "unused-waiver");
        CHECK(f.rule != "unknown-waiver");
    }
    CHECK(places(found, "timestamp-without-zone").size() == 7);
    CHECK(places(found, "duplicate-index").size() == 7);
    CHECK(places(found, "redundant-index") == strings{"001_initial user_teams.ix_user_teams_user_id",
                                                      "003_policies policy_versions.ix_policy_versions_policy_id"});
    CHECK(places(found, "boolean-index") == strings{"002_api_keys api_keys.ix_api_keys_is_active"});
    CHECK(places(found, "view-without-unique-index") == strings{"007_federation mv_daily_cost_summary."});
    CHECK(places(found, "zone-dependent-day") == strings{"007_federation mv_daily_cost_summary."});

    // What 008 repairs, it does not bring back.
    sark::schema::definition before = m::fold(sark::migrations::chain, "007_federation");
    for (m::finding const& f : m::lint(sark::migrations::v008, before)) {
        INFO(m::text_of(f));
        for (std::string_view family :
             {"duplicate-index", "redundant-index", "boolean-index", "missing-foreign-key-index",
              "timestamp-without-zone", "view-without-unique-index", "zone-dependent-day"})
            CHECK(f.rule != family);
    }
}
