# One line each: what somebody does to a model or to a migration of the product and forgets to do to the other, and what
# the compiler says of it, between "sark: " and the cure. An edit without a sentence is no drift and compiles.
#
# sark_edit(<name> <header> <text there> <text instead> <sentence>)

# ---- the model is edited

sark_edit(model_length sark/models/capability.hpp
    [[column<&Capability::resource_id>{.type = "varchar(255)"}]]
    [[column<&Capability::resource_id>{.type = "varchar(254)"}]]
    [[column capabilities.resource_id is varchar(255) after migration 006_protocol_adapters but varchar(254) in the model.]])
sark_edit(model_type sark/models/principal_budget.hpp
    [[.type = "varchar(3)"]] [[.type = "char(3)"]]
    [[column principal_budgets.currency is varchar(3) after migration 007_federation but char(3) in the model.]])
sark_edit(model_nullable sark/models/capability.hpp
    [[std::optional<std::string> description{};]] [[std::string description{};]]
    [[column capabilities.description is null after migration 006_protocol_adapters but not null in the model.]])
sark_edit(model_not_null sark/models/resource.hpp
    [[std::string endpoint{};]] [[std::optional<std::string> endpoint{};]]
    [[column resources.endpoint is not null after migration 006_protocol_adapters but null in the model.]])
sark_edit(model_default sark/models/resource.hpp
    [[.fallback = "'medium'"]] [[.fallback = "'low'"]]
    [[column resources.sensitivity_level is default 'medium' after migration 006_protocol_adapters but default 'low' in the model.]])
sark_edit(model_no_default sark/models/federation_node.hpp
    [[    column<&FederationNode::id>{.fallback = "gen_random_uuid()"},
]] ""
    [[column federation_nodes.id is default gen_random_uuid() after migration 008_integrity but without default in the model.]])
sark_edit(model_column_name sark/models/resource.hpp
    endpoint url
    [[column resources.endpoint is varchar(1000) after migration 006_protocol_adapters but missing in the model.]])
sark_edit(model_key sark/models/cost_tracking.hpp
    [[primary_key<&CostTracking::timestamp_, &CostTracking::id>]] [[primary_key<&CostTracking::id>]]
    [[constraint cost_tracking.cost_tracking_pkey is CONSTRAINT "cost_tracking_pkey" PRIMARY KEY ("timestamp", "id") after migration 008_integrity but CONSTRAINT "cost_tracking_pkey" PRIMARY KEY ("id") in the model.]])
sark_edit(model_unique sark/models/v1/team.hpp
    [[unique<&v1::Team::name>]] [[unique<&v1::Team::description>]]
    [[constraint teams.teams_name_key is CONSTRAINT "teams_name_key" UNIQUE ("name") after migration 001_initial but missing in the model.]])
sark_edit(model_on_delete sark/models/capability.hpp
    [[referential_action::cascade]] [[referential_action::restrict]]
    [[constraint capabilities.capabilities_resource_id_fkey is CONSTRAINT "capabilities_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources" ("id") ON DELETE CASCADE after migration 006_protocol_adapters but CONSTRAINT "capabilities_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources" ("id") ON DELETE RESTRICT in the model.]])
sark_edit(model_check sark/models/principal_budget.hpp
    [[currency ~ '^[A-Z]{3}$']] [[currency ~ '^[A-Z]{4}$']]
    [[constraint principal_budgets.ck_principal_budgets_currency is CONSTRAINT "ck_principal_budgets_currency" CHECK (currency ~ '^[A-Z]{3}$') after migration 008_integrity but CONSTRAINT "ck_principal_budgets_currency" CHECK (currency ~ '^[A-Z]{4}$') in the model.]])
sark_edit(model_no_check sark/models/resource.hpp
    [[    check{"ck_resources_protocol", detail::protocol_check},
]] ""
    [[constraint resources.ck_resources_protocol is CONSTRAINT "ck_resources_protocol" CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$') after migration 008_integrity but missing in the model.]])
sark_edit(model_index_columns sark/models/capability.hpp
    [[index<&Capability::resource_id, &Capability::name>]] [[index<&Capability::resource_id>]]
    [[index capabilities.ix_capabilities_resource is CREATE INDEX "ix_capabilities_resource" ON "capabilities" USING btree ("resource_id", "name") after migration 008_integrity but CREATE INDEX "ix_capabilities_resource" ON "capabilities" USING btree ("resource_id") in the model.]])
sark_edit(model_index_predicate sark/models/resource.hpp
    [[{"ix_resources_name"}]] [[{.name = "ix_resources_name", .where = "name <> ''"}]]
    [[index resources.ix_resources_name is CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name") after migration 006_protocol_adapters but CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name") WHERE name <> '' in the model.]])
sark_edit(model_index_method sark/models/resource.hpp
    [[gin<&Resource::metadata_>]] [[index<&Resource::metadata_>]]
    [[index resources.ix_resources_metadata_gin is CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata") after migration 006_protocol_adapters but CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING btree ("metadata") in the model.]])
sark_edit(model_index_class sark/models/resource.hpp
    [[gin<&Resource::metadata_>]] [[gin_path<&Resource::metadata_>]]
    [[index resources.ix_resources_metadata_gin is CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata") after migration 006_protocol_adapters but CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata" jsonb_path_ops) in the model.]])
sark_edit(model_index_name sark/models/resource.hpp
    [["ix_resources_name"]] [["resources_name_idx"]]
    [[index resources.ix_resources_name is CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name") after migration 006_protocol_adapters but missing in the model.]])
sark_edit(model_index_unique sark/models/cost_tracking.hpp
    [[.unique = true]] [[.unique = false]]
    [[index cost_tracking.ux_cost_tracking_request is CREATE UNIQUE INDEX "ux_cost_tracking_request" ON "cost_tracking" USING btree ("request_id", "timestamp") after migration 008_integrity but CREATE INDEX "ux_cost_tracking_request" ON "cost_tracking" USING btree ("request_id", "timestamp") in the model.]])
sark_edit(model_enum_label sark/models/v1/mcp_server.hpp
    [[{ http, stdio, sse }]] [[{ http, stdio, sse, grpc }]]
    [[enum transporttype is CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse') after migration 001_initial but CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse', 'grpc') in the model.]])
sark_edit(model_enum_order sark/models/v1/mcp_server.hpp
    [[{ http, stdio, sse }]] [[{ http, sse, stdio }]]
    [[enum transporttype is CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse') after migration 001_initial but CREATE TYPE "transporttype" AS ENUM ('http', 'sse', 'stdio') in the model.]])
sark_edit(model_view sark/models/daily_cost_summary.hpp
    [[count(*)]] [[count("id")]]
    [[view mv_daily_cost_summary is CREATE MATERIALIZED VIEW "mv_daily_cost_summary" AS
SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3 after migration 008_integrity but CREATE MATERIALIZED VIEW "mv_daily_cost_summary" AS
SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count("id") AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3 in the model.]])
sark_edit(model_order_only sark/models/resource.hpp
    [[    std::string name{};
    std::string protocol{};
]] [[    std::string protocol{};
    std::string name{};
]] "")

# ---- the chain is edited

sark_edit(chain_length sark/migrations/v006_protocol_adapters.hpp
    [[column{.name = "endpoint", .type = "varchar(1000)"}]] [[column{.name = "endpoint", .type = "varchar(999)"}]]
    [[column resources.endpoint is varchar(999) after migration 006_protocol_adapters but varchar(1000) in the model.]])
sark_edit(chain_type sark/migrations/v006_protocol_adapters.hpp
    [[column{.name = "output_schema", .type = "jsonb"]] [[column{.name = "output_schema", .type = "json"]]
    [[column capabilities.output_schema is json after migration 006_protocol_adapters but jsonb in the model.]])
sark_edit(chain_not_null sark/migrations/v006_protocol_adapters.hpp
    [[.type = "text", .nullable = true}]] [[.type = "text"}]]
    [[column capabilities.description is not null after migration 006_protocol_adapters but null in the model.]])
sark_edit(chain_default sark/migrations/v007_federation.hpp
    [[.fallback = "'USD'"]] [[.fallback = "'EUR'"]]
    [[column principal_budgets.currency is default 'EUR' after migration 007_federation but default 'USD' in the model.]])
sark_edit(chain_column_name sark/migrations/v006_protocol_adapters.hpp
    [[column{.name = "endpoint"]] [[column{.name = "url"]]
    [[column resources.url is varchar(1000) after migration 006_protocol_adapters but missing in the model.]])
sark_edit(chain_key sark/migrations/v006_protocol_adapters.hpp
    [[        primary_key("id")),
    create_index("ix_resources_metadata_gin"]] [[        primary_key("id", "name")),
    create_index("ix_resources_metadata_gin"]]
    [[constraint resources.resources_pkey is CONSTRAINT "resources_pkey" PRIMARY KEY ("id", "name") after migration 006_protocol_adapters but CONSTRAINT "resources_pkey" PRIMARY KEY ("id") in the model.]])
sark_edit(chain_check sark/migrations/v008_integrity.hpp
    [[currency ~ '^[A-Z]{3}$']] [[currency ~ '^[A-Z]{2}$']]
    [[constraint principal_budgets.ck_principal_budgets_currency is CONSTRAINT "ck_principal_budgets_currency" CHECK (currency ~ '^[A-Z]{2}$') after migration 008_integrity but CONSTRAINT "ck_principal_budgets_currency" CHECK (currency ~ '^[A-Z]{3}$') in the model.]])
sark_edit(chain_index_columns sark/migrations/v008_integrity.hpp
    [["resources", "protocol", "name")]] [["resources", "name", "protocol")]]
    [[index resources.ix_resources_protocol is CREATE INDEX "ix_resources_protocol" ON "resources" USING btree ("name", "protocol") after migration 008_integrity but CREATE INDEX "ix_resources_protocol" ON "resources" USING btree ("protocol", "name") in the model.]])
sark_edit(chain_index_predicate sark/migrations/v006_protocol_adapters.hpp
    [["ix_resources_name", "resources", "name")]] [["ix_resources_name", "resources", "name", where{"name <> ''"})]]
    [[index resources.ix_resources_name is CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name") WHERE name <> '' after migration 006_protocol_adapters but CREATE INDEX "ix_resources_name" ON "resources" USING btree ("name") in the model.]])
sark_edit(chain_index_method sark/migrations/v006_protocol_adapters.hpp
    [["resources", gin, "metadata")]] [["resources", "metadata")]]
    [[index resources.ix_resources_metadata_gin is CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING btree ("metadata") after migration 006_protocol_adapters but CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata") in the model.]])
sark_edit(chain_index_class sark/migrations/v006_protocol_adapters.hpp
    [["resources", gin, "metadata")]]
    [["resources", gin, schema::index_key{.column = "metadata", .operator_class = "jsonb_path_ops"})]]
    [[index resources.ix_resources_metadata_gin is CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata" jsonb_path_ops) after migration 006_protocol_adapters but CREATE INDEX "ix_resources_metadata_gin" ON "resources" USING gin ("metadata") in the model.]])
sark_edit(chain_index_name sark/migrations/v006_protocol_adapters.hpp
    [["ix_resources_sensitivity"]] [["ix_resources_level"]]
    [[index resources.ix_resources_level is CREATE INDEX "ix_resources_level" ON "resources" USING btree ("sensitivity_level") after migration 006_protocol_adapters but missing in the model.]])
sark_edit(chain_enum_label sark/migrations/v001_initial.hpp
    [["http", "stdio", "sse")]] [["http", "stdio", "sse", "grpc")]]
    [[enum transporttype is CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse', 'grpc') after migration 001_initial but CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse') in the model.]])
sark_edit(chain_enum_order sark/migrations/v001_initial.hpp
    [["http", "stdio", "sse")]] [["sse", "http", "stdio")]]
    [[enum transporttype is CREATE TYPE "transporttype" AS ENUM ('sse', 'http', 'stdio') after migration 001_initial but CREATE TYPE "transporttype" AS ENUM ('http', 'stdio', 'sse') in the model.]])
sark_edit(chain_view sark/migrations/v008_integrity.hpp
    [[count(*)]] [[count("id")]]
    [[view mv_daily_cost_summary is CREATE MATERIALIZED VIEW "mv_daily_cost_summary" AS
SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count("id") AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3 after migration 008_integrity but CREATE MATERIALIZED VIEW "mv_daily_cost_summary" AS
SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3 in the model.]])
sark_edit(chain_one_migration_more sark/migrations/chain.hpp
    [[inline constexpr auto chain = migrate::chain<v001, v002, v003, v004, v005, v006, v007, v008, v009>;]]
    [[inline constexpr auto v010 = migration("010_names", after{"009_engines"}, alter_column_type("resources",
    type_change{.column = "name", .from = "varchar(255)", .to = "varchar(300)"}));
inline constexpr auto chain = migrate::chain<v001, v002, v003, v004, v005, v006, v007, v008, v009, v010>;]]
    [[column resources.name is varchar(300) after migration 010_names but varchar(255) in the model.]])
sark_edit(chain_order_only sark/migrations/v006_protocol_adapters.hpp
    [[    create_index("ix_resources_metadata_gin", "resources", gin, "metadata"),
    create_index("ix_resources_name", "resources", "name"),
]] [[    create_index("ix_resources_name", "resources", "name"),
    create_index("ix_resources_metadata_gin", "resources", gin, "metadata"),
]] "")
