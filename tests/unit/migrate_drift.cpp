// SPDX-License-Identifier: MIT
// One edit of the model at a time, as somebody would make it who forgot the migration: each gets the sentence that names
// it. The compiler says the same sentences (tests/rejects/drift_*.cpp).

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <sark/migrate/prove.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/models.hpp>
#include <sark/models/v1.hpp>
#include <sark/sql/text.hpp>

#include "support/catch.hpp"

namespace {

using namespace sark;

schema::definition model() {
    return schema_of<v1::User, v1::Team, v1::UserTeam, v1::McpServer, v1::McpTool, v1::ApiKey, v1::Policy,
                     v1::PolicyVersion, v1::AuditEvent, v1::GatewayAuditEvent, v1::MigratedRow, Resource, Capability,
                     FederationNode, CostTracking, PrincipalBudget, DailyCostSummary>();
}

std::string drift_of(schema::definition const& changed) {
    return sql::render([&](sql::writer& w) { migrate::put_drift(w, migrations::chain.view(), changed); });
}

template <class List>
auto& named(List& list, std::string_view name) {
    for (auto& item : list)
        if (item.name == name) return item;
    FAIL("the model has no " << name);
    return list.front();
}

template <class List>
void drop(List& list, std::string_view name) {
    auto& item = named(list, name);
    list.erase(list.begin() + (&item - list.data()));
}

using edit = std::function<void(schema::definition&)>;

edit in_table(std::string_view table, std::function<void(schema::table&)> change) {
    return [=](schema::definition& d) { change(named(d.tables, table)); };
}
edit in_column(std::string_view table, std::string_view column, std::function<void(schema::column&)> change) {
    return in_table(table, [=](schema::table& t) { change(named(t.columns, column)); });
}
edit in_index(std::string_view table, std::string_view index, std::function<void(schema::index&)> change) {
    return in_table(table, [=](schema::table& t) { change(named(t.indexes, index)); });
}
edit in_constraint(std::string_view table, schema::constraint_kind kind,
                   std::function<void(schema::constraint&)> change) {
    return in_table(table, [=](schema::table& t) {
        for (schema::constraint& c : t.constraints)
            if (c.kind == kind) return change(c);
        FAIL("the table has no such constraint");
    });
}

struct drift_case {
    char const* title;
    edit change;
    char const* sentence;  ///< what follows "sark: " up to the cure
};

using kind = schema::constraint_kind;

drift_case const cases[] = {
    {"length", in_column("capabilities", "resource_id", [](auto& c) { c.type = "varchar(254)"; }),
     "column capabilities.resource_id is varchar(255) after migration 006_protocol_adapters but varchar(254) in the "
     "model."},
    {"type", in_column("resources", "metadata", [](auto& c) { c.type = "json"; }),
     "column resources.metadata is jsonb after migration 006_protocol_adapters but json in the model."},
    {"type, last changed later", in_column("cost_tracking", "actual_cost", [](auto& c) { c.type = "numeric(10,4)"; }),
     "column cost_tracking.actual_cost is numeric(20,8) after migration 008_integrity but numeric(10,4) in the model."},
    {"nullable", in_column("resources", "name", [](auto& c) { c.nullable = true; }),
     "column resources.name is not null after migration 006_protocol_adapters but null in the model."},
    {"not null", in_column("capabilities", "description", [](auto& c) { c.nullable = false; }),
     "column capabilities.description is null after migration 006_protocol_adapters but not null in the model."},
    {"default", in_column("resources", "sensitivity_level", [](auto& c) { c.fallback = "'low'"; }),
     "column resources.sensitivity_level is default 'medium' after migration 006_protocol_adapters but default 'low' "
     "in "
     "the model."},
    {"no default", in_column("federation_nodes", "id", [](auto& c) { c.fallback = {}; }),
     "column federation_nodes.id is default gen_random_uuid() after migration 008_integrity but without default in the "
     "model."},
    {"column comment", in_column("api_keys", "scopes", [](auto& c) { c.comment = "other"; }),
     "column api_keys.scopes is commented '"},
    {"column dropped", in_table("resources", [](auto& t) { drop(t.columns, "endpoint"); }),
     "column resources.endpoint is varchar(1000) after migration 006_protocol_adapters but missing in the model."},
    {"column added", in_table("resources", [](auto& t) { t.columns.push_back({.name = "owner", .type = "uuid"}); }),
     "column resources.owner is in the model but no migration up to 009_engines makes it."},
    {"column renamed", in_column("resources", "endpoint", [](auto& c) { c.name = "url"; }),
     "column resources.endpoint is varchar(1000) after migration 006_protocol_adapters but missing in the model."},
    {"table dropped", [](auto& d) { drop(d.tables, "teams"); },
     "table teams is a table after migration 001_initial but missing in the model."},
    {"table added", [](auto& d) { d.tables.push_back({.name = "extras"}); },
     "table extras is in the model but no migration up to 009_engines makes it."},
    {"key column", in_constraint("cost_tracking", kind::primary_key, [](auto& c) { c.columns = {"id"}; }),
     "constraint cost_tracking.cost_tracking_pkey is CONSTRAINT \"cost_tracking_pkey\" PRIMARY KEY (\"timestamp\", "
     "\"id\") after migration 008_integrity but CONSTRAINT \"cost_tracking_pkey\" PRIMARY KEY (\"id\") in the model."},
    {"key name", in_constraint("resources", kind::primary_key, [](auto& c) { c.name = "pk_resources"; }),
     "constraint resources.resources_pkey is "},
    {"unique", in_constraint("teams", kind::unique, [](auto& c) { c.columns = {"description"}; }),
     "constraint teams.teams_name_key is "},
    {"on delete",
     in_constraint("capabilities", kind::foreign_key,
                   [](auto& c) { c.on_delete = schema::referential_action::restrict; }),
     "constraint capabilities.capabilities_resource_id_fkey is CONSTRAINT \"capabilities_resource_id_fkey\" FOREIGN "
     "KEY "
     "(\"resource_id\") REFERENCES \"resources\" (\"id\") ON DELETE CASCADE after migration 006_protocol_adapters "
     "but "},
    {"referenced column", in_constraint("capabilities", kind::foreign_key, [](auto& c) { c.referenced = {"name"}; }),
     "constraint capabilities.capabilities_resource_id_fkey is "},
    {"check", in_constraint("resources", kind::check, [](auto& c) { c.expression = "true"; }),
     "constraint resources.ck_resources_sensitivity_level is CONSTRAINT \"ck_resources_sensitivity_level\" CHECK "
     "(sensitivity_level IN ('low', 'medium', 'high', 'critical')) after migration 008_integrity but "},
    {"check dropped", in_table("resources", [](auto& t) { drop(t.constraints, "ck_resources_protocol"); }),
     "constraint resources.ck_resources_protocol is "},
    {"index columns", in_index("capabilities", "ix_capabilities_resource", [](auto& i) { i.keys.pop_back(); }),
     "index capabilities.ix_capabilities_resource is CREATE INDEX \"ix_capabilities_resource\" ON \"capabilities\" "
     "USING "
     "btree (\"resource_id\", \"name\") after migration 008_integrity but CREATE INDEX \"ix_capabilities_resource\" ON "
     "\"capabilities\" USING btree (\"resource_id\") in the model."},
    {"index order",
     in_index("cost_tracking", "ix_cost_tracking_principal", [](auto& i) { i.keys[1].descending = false; }),
     "index cost_tracking.ix_cost_tracking_principal is "},
    {"index predicate", in_index("resources", "ix_resources_name", [](auto& i) { i.where = "name <> ''"; }),
     "index resources.ix_resources_name is CREATE INDEX \"ix_resources_name\" ON \"resources\" USING btree (\"name\") "
     "after migration 006_protocol_adapters but CREATE INDEX \"ix_resources_name\" ON \"resources\" USING btree "
     "(\"name\") WHERE name <> '' in the model."},
    {"index method", in_index("resources", "ix_resources_metadata_gin", [](auto& i) { i.method = "btree"; }),
     "index resources.ix_resources_metadata_gin is "},
    {"index operator class",
     in_index("resources", "ix_resources_metadata_gin", [](auto& i) { i.keys[0].operator_class = "jsonb_path_ops"; }),
     "index resources.ix_resources_metadata_gin is CREATE INDEX \"ix_resources_metadata_gin\" ON \"resources\" USING "
     "gin "
     "(\"metadata\") after migration 006_protocol_adapters but CREATE INDEX \"ix_resources_metadata_gin\" ON "
     "\"resources\" USING gin (\"metadata\" jsonb_path_ops) in the model."},
    {"index name", in_index("resources", "ix_resources_name", [](auto& i) { i.name = "resources_name_idx"; }),
     "index resources.ix_resources_name is "},
    {"index unique", in_index("cost_tracking", "ux_cost_tracking_request", [](auto& i) { i.unique = false; }),
     "index cost_tracking.ux_cost_tracking_request is CREATE UNIQUE INDEX "},
    {"index covering",
     in_index("capabilities", "ix_capabilities_sensitivity_rank", [](auto& i) { i.include.pop_back(); }),
     "index capabilities.ix_capabilities_sensitivity_rank is "},
    {"index expression",
     in_index("capabilities", "ix_capabilities_sensitivity_rank",
              [](auto& i) { i.keys[0].expression = "sensitivity_level"; }),
     "index capabilities.ix_capabilities_sensitivity_rank is "},
    {"enum label", [](auto& d) { named(d.enums, "sensitivitylevel").labels.push_back("extreme"); },
     "enum sensitivitylevel is CREATE TYPE \"sensitivitylevel\" AS ENUM ('low', 'medium', 'high', 'critical') after "
     "migration 001_initial but CREATE TYPE \"sensitivitylevel\" AS ENUM ('low', 'medium', 'high', 'critical', "
     "'extreme') in the model."},
    {"enum order",
     [](auto& d) {
         auto& labels = named(d.enums, "auditeventtype").labels;
         std::swap(labels.front(), labels.back());
     },
     "enum auditeventtype is CREATE TYPE \"auditeventtype\" AS ENUM ("},
    {"view body", [](auto& d) { named(d.views, "mv_daily_cost_summary").query = "SELECT 1 AS date"; },
     "view mv_daily_cost_summary is CREATE MATERIALIZED VIEW \"mv_daily_cost_summary\" AS\nSELECT "},
    {"view index",
     [](auto& d) { named(named(d.views, "mv_daily_cost_summary").indexes, "ux_mv_daily_cost_summary").unique = false; },
     "index mv_daily_cost_summary.ux_mv_daily_cost_summary is CREATE UNIQUE INDEX "},
};

}  // namespace

TEST_CASE("the model of today has no drift") { CHECK(drift_of(model()).empty()); }

TEST_CASE("the order of tables, columns, constraints and indexes is no drift") {
    schema::definition shuffled = model();
    std::reverse(shuffled.tables.begin(), shuffled.tables.end());
    for (schema::table& t : shuffled.tables) {
        std::reverse(t.columns.begin(), t.columns.end());
        std::reverse(t.constraints.begin(), t.constraints.end());
        std::reverse(t.indexes.begin(), t.indexes.end());
    }
    CHECK(drift_of(shuffled).empty());
}

TEST_CASE("every single edit of the model is drift, and the sentence names it") {
    for (drift_case const& c : cases) {
        schema::definition changed = model();
        c.change(changed);
        std::string const sentence = drift_of(changed);
        INFO(c.title << ": " << sentence);
        CHECK(sentence.starts_with(std::string{"sark: "} + c.sentence));
        CHECK(sentence.ends_with(" Add a migration or change the model. [sark-M10]"));
    }
}
