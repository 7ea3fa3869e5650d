// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sark::test {

/// Is the catalog of revision 007_federation, written down from the description of the first product and not from the
/// chain: one sorted line per thing, as `catalog_lines` reads them from a server.
inline constexpr std::string_view catalog_007 = R"catalog(
column|api_keys|01|id|uuid|not null|
column|api_keys|02|user_id|uuid|not null|
column|api_keys|03|team_id|uuid|null|
column|api_keys|04|name|character varying(255)|not null|
column|api_keys|05|description|text|null|
column|api_keys|06|key_prefix|character varying(16)|not null|
column|api_keys|07|key_hash|character varying(255)|not null|
column|api_keys|08|scopes|character varying[]|not null|'{}'::character varying[]
column|api_keys|09|rate_limit|integer|not null|1000
column|api_keys|10|is_active|boolean|not null|true
column|api_keys|11|expires_at|timestamp without time zone|null|
column|api_keys|12|last_used_at|timestamp without time zone|null|
column|api_keys|13|last_used_ip|character varying(45)|null|
column|api_keys|14|usage_count|integer|not null|0
column|api_keys|15|created_at|timestamp without time zone|not null|now()
column|api_keys|16|updated_at|timestamp without time zone|not null|now()
column|api_keys|17|revoked_at|timestamp without time zone|null|
column|api_keys|18|revoked_by|uuid|null|
column|audit_events|01|id|uuid|not null|
column|audit_events|02|timestamp|timestamp with time zone|not null|now()
column|audit_events|03|event_type|auditeventtype|not null|
column|audit_events|04|severity|severitylevel|not null|'low'::severitylevel
column|audit_events|05|user_id|uuid|null|
column|audit_events|06|user_email|character varying(255)|null|
column|audit_events|07|server_id|uuid|null|
column|audit_events|08|tool_name|character varying(255)|null|
column|audit_events|09|decision|character varying(20)|null|
column|audit_events|10|policy_id|uuid|null|
column|audit_events|11|ip_address|character varying(45)|null|
column|audit_events|12|user_agent|character varying(500)|null|
column|audit_events|13|request_id|character varying(100)|null|
column|audit_events|14|details|jsonb|not null|'{}'::jsonb
column|audit_events|15|siem_forwarded|timestamp with time zone|null|
column|audit_events|16|principal_org|character varying(255)|null|
column|audit_events|17|resource_protocol|character varying(50)|null|
column|audit_events|18|capability_id|character varying(255)|null|
column|audit_events|19|correlation_id|character varying(100)|null|
column|audit_events|20|source_node|character varying(255)|null|
column|audit_events|21|target_node|character varying(255)|null|
column|audit_events|22|estimated_cost|numeric(10,4)|null|
column|audit_events|23|actual_cost|numeric(10,4)|null|
column|capabilities|01|id|character varying(255)|not null|
column|capabilities|02|resource_id|character varying(255)|not null|
column|capabilities|03|name|character varying(255)|not null|
column|capabilities|04|description|text|null|
column|capabilities|05|input_schema|jsonb|not null|'{}'::jsonb
column|capabilities|06|output_schema|jsonb|not null|'{}'::jsonb
column|capabilities|07|sensitivity_level|character varying(20)|not null|'medium'::character varying
column|capabilities|08|metadata|jsonb|not null|'{}'::jsonb
column|cost_tracking|01|id|bigint|not null|nextval('cost_tracking_id_seq'::regclass)
column|cost_tracking|02|timestamp|timestamp with time zone|not null|now()
column|cost_tracking|03|principal_id|character varying(255)|not null|
column|cost_tracking|04|resource_id|character varying(255)|not null|
column|cost_tracking|05|capability_id|character varying(255)|not null|
column|cost_tracking|06|estimated_cost|numeric(10,4)|null|
column|cost_tracking|07|actual_cost|numeric(10,4)|null|
column|cost_tracking|08|metadata|jsonb|not null|'{}'::jsonb
column|federation_nodes|01|id|uuid|not null|
column|federation_nodes|02|node_id|character varying(255)|not null|
column|federation_nodes|03|name|character varying(255)|not null|
column|federation_nodes|04|endpoint|character varying(500)|not null|
column|federation_nodes|05|trust_anchor_cert|text|not null|
column|federation_nodes|06|enabled|boolean|not null|true
column|federation_nodes|07|trusted_since|timestamp with time zone|not null|now()
column|federation_nodes|08|rate_limit_per_hour|integer|null|10000
column|federation_nodes|09|metadata|jsonb|not null|'{}'::jsonb
column|federation_nodes|10|created_at|timestamp with time zone|not null|now()
column|federation_nodes|11|updated_at|timestamp with time zone|not null|now()
column|gateway_audit_events|01|id|character varying|not null|
column|gateway_audit_events|02|event_type|character varying(50)|not null|
column|gateway_audit_events|03|user_id|character varying|null|
column|gateway_audit_events|04|agent_id|character varying|null|
column|gateway_audit_events|05|server_name|character varying|null|
column|gateway_audit_events|06|tool_name|character varying|null|
column|gateway_audit_events|07|decision|character varying(10)|not null|
column|gateway_audit_events|08|reason|text|not null|
column|gateway_audit_events|09|timestamp|timestamp without time zone|not null|
column|gateway_audit_events|10|gateway_request_id|character varying|not null|
column|gateway_audit_events|11|metadata|jsonb|null|'{}'::jsonb
column|gateway_audit_events|12|created_at|timestamp without time zone|not null|now()
column|mcp_servers|01|id|uuid|not null|
column|mcp_servers|02|name|character varying(255)|not null|
column|mcp_servers|03|description|character varying(1000)|null|
column|mcp_servers|04|transport|transporttype|not null|
column|mcp_servers|05|endpoint|character varying(500)|null|
column|mcp_servers|06|command|character varying(500)|null|
column|mcp_servers|07|mcp_version|character varying(20)|not null|'2025-06-18'::character varying
column|mcp_servers|08|capabilities|jsonb|not null|'[]'::jsonb
column|mcp_servers|09|sensitivity_level|sensitivitylevel|not null|'medium'::sensitivitylevel
column|mcp_servers|10|signature|character varying(1000)|null|
column|mcp_servers|11|status|serverstatus|not null|'registered'::serverstatus
column|mcp_servers|12|health_endpoint|character varying(500)|null|
column|mcp_servers|13|last_health_check|timestamp with time zone|null|
column|mcp_servers|14|owner_id|uuid|null|
column|mcp_servers|15|team_id|uuid|null|
column|mcp_servers|16|consul_id|character varying(255)|null|
column|mcp_servers|17|tags|jsonb|not null|'[]'::jsonb
column|mcp_servers|18|extra_metadata|jsonb|not null|'{}'::jsonb
column|mcp_servers|19|created_at|timestamp with time zone|not null|now()
column|mcp_servers|20|updated_at|timestamp with time zone|not null|now()
column|mcp_tools|01|id|uuid|not null|
column|mcp_tools|02|server_id|uuid|not null|
column|mcp_tools|03|name|character varying(255)|not null|
column|mcp_tools|04|description|text|null|
column|mcp_tools|05|parameters_schema|jsonb|not null|'{}'::jsonb
column|mcp_tools|06|sensitivity_level|sensitivitylevel|not null|'medium'::sensitivitylevel
column|mcp_tools|07|requires_approval|boolean|not null|false
column|mcp_tools|08|signature|character varying(1000)|null|
column|mcp_tools|09|extra_metadata|jsonb|not null|'{}'::jsonb
column|mcp_tools|10|created_at|timestamp with time zone|not null|now()
column|mcp_tools|11|updated_at|timestamp with time zone|not null|now()
column|mv_daily_cost_summary|01|date|date|null|
column|mv_daily_cost_summary|02|principal_id|character varying(255)|null|
column|mv_daily_cost_summary|03|protocol|character varying(50)|null|
column|mv_daily_cost_summary|04|invocation_count|bigint|null|
column|mv_daily_cost_summary|05|total_cost|numeric|null|
column|mv_daily_cost_summary|06|avg_cost|numeric|null|
column|mv_daily_cost_summary|07|min_cost|numeric|null|
column|mv_daily_cost_summary|08|max_cost|numeric|null|
column|policies|01|id|uuid|not null|
column|policies|02|name|character varying(255)|not null|
column|policies|03|description|character varying(1000)|null|
column|policies|04|policy_type|policytype|not null|'authorization'::policytype
column|policies|05|status|policystatus|not null|'draft'::policystatus
column|policies|06|current_version_id|uuid|null|
column|policies|07|created_at|timestamp with time zone|not null|now()
column|policies|08|updated_at|timestamp with time zone|not null|now()
column|policy_versions|01|id|uuid|not null|
column|policy_versions|02|policy_id|uuid|not null|
column|policy_versions|03|version|integer|not null|
column|policy_versions|04|content|text|not null|
column|policy_versions|05|is_active|boolean|not null|false
column|policy_versions|06|tested|boolean|not null|false
column|policy_versions|07|created_by|uuid|null|
column|policy_versions|08|created_at|timestamp with time zone|not null|now()
column|policy_versions|09|notes|text|null|
column|principal_budgets|01|principal_id|character varying(255)|not null|
column|principal_budgets|02|daily_budget|numeric(10,2)|null|
column|principal_budgets|03|monthly_budget|numeric(10,2)|null|
column|principal_budgets|04|daily_spent|numeric(10,4)|not null|'0'::numeric
column|principal_budgets|05|monthly_spent|numeric(10,4)|not null|'0'::numeric
column|principal_budgets|06|last_daily_reset|timestamp with time zone|null|
column|principal_budgets|07|last_monthly_reset|timestamp with time zone|null|
column|principal_budgets|08|currency|character varying(3)|not null|'USD'::character varying
column|principal_budgets|09|created_at|timestamp with time zone|not null|now()
column|principal_budgets|10|updated_at|timestamp with time zone|not null|now()
column|resources|01|id|character varying(255)|not null|
column|resources|02|name|character varying(255)|not null|
column|resources|03|protocol|character varying(50)|not null|
column|resources|04|endpoint|character varying(1000)|not null|
column|resources|05|sensitivity_level|character varying(20)|not null|'medium'::character varying
column|resources|06|metadata|jsonb|not null|'{}'::jsonb
column|resources|07|created_at|timestamp with time zone|not null|now()
column|resources|08|updated_at|timestamp with time zone|not null|now()
column|teams|01|id|uuid|not null|
column|teams|02|name|character varying(255)|not null|
column|teams|03|description|character varying(1000)|null|
column|teams|04|extra_metadata|jsonb|not null|'{}'::jsonb
column|teams|05|created_at|timestamp with time zone|not null|now()
column|teams|06|updated_at|timestamp with time zone|not null|now()
column|user_teams|01|user_id|uuid|not null|
column|user_teams|02|team_id|uuid|not null|
column|users|01|id|uuid|not null|
column|users|02|email|character varying(255)|not null|
column|users|03|full_name|character varying(255)|not null|
column|users|04|hashed_password|character varying(255)|not null|
column|users|05|is_active|boolean|not null|true
column|users|06|is_admin|boolean|not null|false
column|users|07|role|character varying(50)|not null|'developer'::character varying
column|users|08|extra_metadata|jsonb|not null|'{}'::jsonb
column|users|09|created_at|timestamp with time zone|not null|now()
column|users|10|updated_at|timestamp with time zone|not null|now()
comment|api_keys|rate_limit
comment|api_keys|scopes
constraint|api_keys|api_keys_key_prefix_key|UNIQUE (key_prefix)
constraint|api_keys|api_keys_pkey|PRIMARY KEY (id)
constraint|audit_events|audit_events_pkey|PRIMARY KEY (id)
constraint|capabilities|capabilities_pkey|PRIMARY KEY (id)
constraint|capabilities|capabilities_resource_id_fkey|FOREIGN KEY (resource_id) REFERENCES resources(id) ON DELETE CASCADE
constraint|cost_tracking|cost_tracking_pkey|PRIMARY KEY (id)
constraint|federation_nodes|federation_nodes_node_id_key|UNIQUE (node_id)
constraint|federation_nodes|federation_nodes_pkey|PRIMARY KEY (id)
constraint|gateway_audit_events|gateway_audit_events_pkey|PRIMARY KEY (id)
constraint|mcp_servers|mcp_servers_consul_id_key|UNIQUE (consul_id)
constraint|mcp_servers|mcp_servers_owner_id_fkey|FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE SET NULL
constraint|mcp_servers|mcp_servers_pkey|PRIMARY KEY (id)
constraint|mcp_servers|mcp_servers_team_id_fkey|FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE SET NULL
constraint|mcp_tools|mcp_tools_pkey|PRIMARY KEY (id)
constraint|mcp_tools|mcp_tools_server_id_fkey|FOREIGN KEY (server_id) REFERENCES mcp_servers(id) ON DELETE CASCADE
constraint|policies|fk_policies_current_version|FOREIGN KEY (current_version_id) REFERENCES policy_versions(id) ON DELETE SET NULL
constraint|policies|policies_name_key|UNIQUE (name)
constraint|policies|policies_pkey|PRIMARY KEY (id)
constraint|policy_versions|policy_versions_created_by_fkey|FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL
constraint|policy_versions|policy_versions_pkey|PRIMARY KEY (id)
constraint|policy_versions|policy_versions_policy_id_fkey|FOREIGN KEY (policy_id) REFERENCES policies(id) ON DELETE CASCADE
constraint|principal_budgets|principal_budgets_pkey|PRIMARY KEY (principal_id)
constraint|resources|resources_pkey|PRIMARY KEY (id)
constraint|teams|teams_name_key|UNIQUE (name)
constraint|teams|teams_pkey|PRIMARY KEY (id)
constraint|user_teams|user_teams_pkey|PRIMARY KEY (user_id, team_id)
constraint|user_teams|user_teams_team_id_fkey|FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE
constraint|user_teams|user_teams_user_id_fkey|FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
constraint|users|users_email_key|UNIQUE (email)
constraint|users|users_pkey|PRIMARY KEY (id)
enum|auditeventtype|server_registered, server_updated, server_decommissioned, tool_invoked, authorization_allowed, authorization_denied, policy_created, policy_updated, policy_activated, user_login, user_logout, security_violation, cross_org_request, cross_org_authorization, cost_limit_exceeded, federation_node_trusted, federation_node_revoked
enum|policystatus|draft, active, inactive, deprecated
enum|policytype|authorization, validation, transformation, audit
enum|sensitivitylevel|low, medium, high, critical
enum|serverstatus|registered, active, inactive, unhealthy, decommissioned
enum|severitylevel|low, medium, high, critical
enum|transporttype|http, stdio, sse
index|api_keys|CREATE INDEX ix_api_keys_expires_at ON public.api_keys USING btree (expires_at)
index|api_keys|CREATE INDEX ix_api_keys_is_active ON public.api_keys USING btree (is_active)
index|api_keys|CREATE INDEX ix_api_keys_team_id ON public.api_keys USING btree (team_id)
index|api_keys|CREATE INDEX ix_api_keys_user_id ON public.api_keys USING btree (user_id)
index|api_keys|CREATE UNIQUE INDEX api_keys_key_prefix_key ON public.api_keys USING btree (key_prefix)
index|api_keys|CREATE UNIQUE INDEX api_keys_pkey ON public.api_keys USING btree (id)
index|api_keys|CREATE UNIQUE INDEX ix_api_keys_key_prefix ON public.api_keys USING btree (key_prefix)
index|audit_events|CREATE INDEX ix_audit_events_capability ON public.audit_events USING btree (capability_id)
index|audit_events|CREATE INDEX ix_audit_events_correlation ON public.audit_events USING btree (correlation_id)
index|audit_events|CREATE INDEX ix_audit_events_event_type ON public.audit_events USING btree (event_type)
index|audit_events|CREATE INDEX ix_audit_events_principal_org ON public.audit_events USING btree (principal_org)
index|audit_events|CREATE INDEX ix_audit_events_request_id ON public.audit_events USING btree (request_id)
index|audit_events|CREATE INDEX ix_audit_events_server_id ON public.audit_events USING btree (server_id)
index|audit_events|CREATE INDEX ix_audit_events_source_node ON public.audit_events USING btree (source_node)
index|audit_events|CREATE INDEX ix_audit_events_target_node ON public.audit_events USING btree (target_node)
index|audit_events|CREATE INDEX ix_audit_events_timestamp ON public.audit_events USING btree ("timestamp")
index|audit_events|CREATE INDEX ix_audit_events_tool_name ON public.audit_events USING btree (tool_name)
index|audit_events|CREATE INDEX ix_audit_events_user_id ON public.audit_events USING btree (user_id)
index|audit_events|CREATE UNIQUE INDEX audit_events_pkey ON public.audit_events USING btree (id)
index|capabilities|CREATE INDEX ix_capabilities_metadata_gin ON public.capabilities USING gin (metadata)
index|capabilities|CREATE INDEX ix_capabilities_name ON public.capabilities USING btree (name)
index|capabilities|CREATE INDEX ix_capabilities_resource ON public.capabilities USING btree (resource_id)
index|capabilities|CREATE INDEX ix_capabilities_sensitivity ON public.capabilities USING btree (sensitivity_level)
index|capabilities|CREATE UNIQUE INDEX capabilities_pkey ON public.capabilities USING btree (id)
index|cost_tracking|CREATE INDEX ix_cost_tracking_capability ON public.cost_tracking USING btree (capability_id)
index|cost_tracking|CREATE INDEX ix_cost_tracking_principal ON public.cost_tracking USING btree (principal_id)
index|cost_tracking|CREATE INDEX ix_cost_tracking_resource ON public.cost_tracking USING btree (resource_id)
index|cost_tracking|CREATE INDEX ix_cost_tracking_timestamp ON public.cost_tracking USING btree ("timestamp")
index|cost_tracking|CREATE UNIQUE INDEX cost_tracking_pkey ON public.cost_tracking USING btree (id)
index|federation_nodes|CREATE INDEX ix_federation_nodes_enabled ON public.federation_nodes USING btree (enabled) WHERE (enabled = true)
index|federation_nodes|CREATE UNIQUE INDEX federation_nodes_node_id_key ON public.federation_nodes USING btree (node_id)
index|federation_nodes|CREATE UNIQUE INDEX federation_nodes_pkey ON public.federation_nodes USING btree (id)
index|federation_nodes|CREATE UNIQUE INDEX ix_federation_nodes_node_id ON public.federation_nodes USING btree (node_id)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_decision ON public.gateway_audit_events USING btree (decision)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_event_type ON public.gateway_audit_events USING btree (event_type)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_request_id ON public.gateway_audit_events USING btree (gateway_request_id)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_server_name ON public.gateway_audit_events USING btree (server_name)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_timestamp ON public.gateway_audit_events USING btree ("timestamp")
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_tool_name ON public.gateway_audit_events USING btree (tool_name)
index|gateway_audit_events|CREATE INDEX ix_gateway_audit_user_id ON public.gateway_audit_events USING btree (user_id)
index|gateway_audit_events|CREATE UNIQUE INDEX gateway_audit_events_pkey ON public.gateway_audit_events USING btree (id)
index|mcp_servers|CREATE INDEX ix_mcp_servers_name ON public.mcp_servers USING btree (name)
index|mcp_servers|CREATE INDEX ix_mcp_servers_owner_id ON public.mcp_servers USING btree (owner_id)
index|mcp_servers|CREATE INDEX ix_mcp_servers_team_id ON public.mcp_servers USING btree (team_id)
index|mcp_servers|CREATE UNIQUE INDEX ix_mcp_servers_consul_id ON public.mcp_servers USING btree (consul_id)
index|mcp_servers|CREATE UNIQUE INDEX mcp_servers_consul_id_key ON public.mcp_servers USING btree (consul_id)
index|mcp_servers|CREATE UNIQUE INDEX mcp_servers_pkey ON public.mcp_servers USING btree (id)
index|mcp_tools|CREATE INDEX ix_mcp_tools_name ON public.mcp_tools USING btree (name)
index|mcp_tools|CREATE INDEX ix_mcp_tools_server_id ON public.mcp_tools USING btree (server_id)
index|mcp_tools|CREATE UNIQUE INDEX mcp_tools_pkey ON public.mcp_tools USING btree (id)
index|mv_daily_cost_summary|CREATE INDEX ix_mv_daily_cost_summary_date ON public.mv_daily_cost_summary USING btree (date)
index|mv_daily_cost_summary|CREATE INDEX ix_mv_daily_cost_summary_principal ON public.mv_daily_cost_summary USING btree (principal_id)
index|policies|CREATE UNIQUE INDEX ix_policies_name ON public.policies USING btree (name)
index|policies|CREATE UNIQUE INDEX policies_name_key ON public.policies USING btree (name)
index|policies|CREATE UNIQUE INDEX policies_pkey ON public.policies USING btree (id)
index|policy_versions|CREATE INDEX ix_policy_versions_policy_id ON public.policy_versions USING btree (policy_id)
index|policy_versions|CREATE UNIQUE INDEX ix_policy_versions_version ON public.policy_versions USING btree (policy_id, version)
index|policy_versions|CREATE UNIQUE INDEX policy_versions_pkey ON public.policy_versions USING btree (id)
index|principal_budgets|CREATE INDEX ix_principal_budgets_principal ON public.principal_budgets USING btree (principal_id)
index|principal_budgets|CREATE UNIQUE INDEX principal_budgets_pkey ON public.principal_budgets USING btree (principal_id)
index|resources|CREATE INDEX ix_resources_metadata_gin ON public.resources USING gin (metadata)
index|resources|CREATE INDEX ix_resources_name ON public.resources USING btree (name)
index|resources|CREATE INDEX ix_resources_protocol ON public.resources USING btree (protocol)
index|resources|CREATE INDEX ix_resources_sensitivity ON public.resources USING btree (sensitivity_level)
index|resources|CREATE UNIQUE INDEX resources_pkey ON public.resources USING btree (id)
index|teams|CREATE UNIQUE INDEX ix_teams_name ON public.teams USING btree (name)
index|teams|CREATE UNIQUE INDEX teams_name_key ON public.teams USING btree (name)
index|teams|CREATE UNIQUE INDEX teams_pkey ON public.teams USING btree (id)
index|user_teams|CREATE INDEX ix_user_teams_team_id ON public.user_teams USING btree (team_id)
index|user_teams|CREATE INDEX ix_user_teams_user_id ON public.user_teams USING btree (user_id)
index|user_teams|CREATE UNIQUE INDEX user_teams_pkey ON public.user_teams USING btree (user_id, team_id)
index|users|CREATE UNIQUE INDEX ix_users_email ON public.users USING btree (email)
index|users|CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)
index|users|CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)
sequence|cost_tracking_id_seq|cost_tracking.id
view|mv_daily_cost_summary|materialized
)catalog";

}  // namespace sark::test
