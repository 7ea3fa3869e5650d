// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include <sark/models/capability.hpp>
#include <sark/models/grpc_metadata.hpp>
#include <sark/models/http_metadata.hpp>
#include <sark/models/mcp_metadata.hpp>
#include <sark/models/resource.hpp>
#include <sark/validate/detail/budget_rule.hpp>
#include <sark/validate/check.hpp>
#include <sark/validate/documents.hpp>

namespace sark::validate::detail {

using report::severity;

/// Selects the capabilities of http resources that say how they are called and say it wrongly; silence is allowed.
struct http_operations_text {
    static constexpr void write(sql::writer& w) {
        w.put(R"(SELECT "id" FROM "capabilities" WHERE "metadata" <> '{}' AND "resource_id" IN )"
              R"((SELECT "id" FROM "resources" WHERE "protocol" = 'http') AND NOT ()");
        w.put(document_check<HttpOperation, "metadata">);
        w.put(")");
    }
};

inline constexpr std::string_view fix_document = "-- Correct the document, or let its adapter register the row again";
inline constexpr std::string_view documents_fail = "Typed queries that meet the row fail when they decode it.";

// clang-format off
inline constexpr std::array data_checks{
    row_check{{"metadata-mcp", group::data, severity::error, "rows of protocol mcp whose metadata McpMetadata cannot read", documents_fail, fix_document},
        "resources", "metadata", misfits<McpMetadata, &Resource::id, "metadata">},
    row_check{{"metadata-http", group::data, severity::error, "rows of protocol http whose metadata HttpMetadata cannot read", documents_fail, fix_document},
        "resources", "metadata", misfits<HttpMetadata, &Resource::id, "metadata">},
    row_check{{"metadata-grpc", group::data, severity::error, "rows of protocol grpc whose metadata GrpcMetadata cannot read", documents_fail, fix_document},
        "resources", "metadata", misfits<GrpcMetadata, &Resource::id, "metadata">},
    row_check{{"metadata-http-operation", group::data, severity::warning, "rows of http resources whose metadata is neither empty nor an HttpOperation", "Who calls the capability does not know how.", fix_document},
        "capabilities", "metadata", sql::text<http_operations_text>::value, "resources"},
    row_check{{"resource-metadata-kind", group::data, severity::error, "rows whose metadata is no JSON object", "No path into it finds anything, and merging keys into it fails.", fix_document},
        "resources", "metadata", R"(SELECT "id" FROM "resources" WHERE jsonb_typeof("metadata") <> 'object')"},
    row_check{{"capability-metadata-kind", group::data, severity::error, "rows whose metadata is no JSON object", "No path into it finds anything, and merging keys into it fails.", fix_document},
        "capabilities", "metadata", R"(SELECT "id" FROM "capabilities" WHERE jsonb_typeof("metadata") <> 'object')"},
    row_check{{"capability-schema-kind", group::data, severity::error, "rows whose input_schema or output_schema is no JSON Schema: neither an object nor a boolean", "Nobody can check what goes in or comes out.", "-- Let the capability's adapter register it again"},
        "capabilities", "input_schema", R"(SELECT "id" FROM "capabilities" WHERE jsonb_typeof("input_schema") NOT IN ('object', 'boolean') OR jsonb_typeof("output_schema") NOT IN ('object', 'boolean'))"},
    row_check{{"protocol-unknown", group::data, severity::info, "rows of a protocol that no struct of the library describes", "Their metadata was not looked at. Bring a check of your own.", "-- Nothing, when an adapter of yours made them"},
        "resources", "protocol", R"(SELECT "id" FROM "resources" WHERE "protocol" NOT IN ('mcp', 'http', 'grpc'))"},
    row_check{{"endpoint-placeholder", group::data, severity::warning, "rows whose endpoint is the placeholder of the migration from v1", "The server had neither a command nor an endpoint, so nothing can reach it.", "-- Give the resource its endpoint, or delete it"},
        "resources", "endpoint", R"(SELECT "id" FROM "resources" WHERE "endpoint" = 'unknown:' || "id")"},
};

inline constexpr std::string_view cost_orphan = "A cost outlives what it was for, but reports can no longer name it.";
inline constexpr std::string_view audit_orphan = "The trail outlives what it speaks of, but can no longer name it.";
inline constexpr std::string_view keep = "-- Nothing, when it was deleted on purpose; else restore it";

inline constexpr std::array relationship_checks{
    row_check{{"cost-resource", group::relationships, severity::warning, "rows whose resource_id is no resource", cost_orphan, keep},
        "cost_tracking", "resource_id", R"(SELECT c."id"::text FROM "cost_tracking" AS c WHERE NOT EXISTS (SELECT FROM "resources" AS r WHERE r."id" = c."resource_id"))", "resources"},
    row_check{{"cost-capability", group::relationships, severity::warning, "rows whose capability_id is no capability", cost_orphan, keep},
        "cost_tracking", "capability_id", R"(SELECT c."id"::text FROM "cost_tracking" AS c WHERE NOT EXISTS (SELECT FROM "capabilities" AS a WHERE a."id" = c."capability_id"))", "capabilities"},
    row_check{{"cost-elsewhere", group::relationships, severity::warning, "rows whose capability belongs to another resource than their resource_id", "Sums per resource and per capability contradict each other.", R"(UPDATE "cost_tracking" AS c SET "resource_id" = a."resource_id" FROM "capabilities" AS a WHERE a."id" = c."capability_id" AND a."resource_id" <> c."resource_id")"},
        "cost_tracking", "resource_id", R"(SELECT c."id"::text FROM "cost_tracking" AS c JOIN "capabilities" AS a ON a."id" = c."capability_id" WHERE a."resource_id" <> c."resource_id")", "capabilities"},
    row_check{{"owner-unknown", group::relationships, severity::warning, "rows whose metadata names an owner_id that is no user", "Nobody answers for the resource.", R"(-- Name another owner, or: UPDATE "resources" SET "metadata" = jsonb_set("metadata", '{owner_id}', 'null') WHERE "id" = …)"},
        "resources", "metadata", R"(SELECT r."id" FROM "resources" AS r WHERE r."metadata" ->> 'owner_id' IS NOT NULL AND NOT EXISTS (SELECT FROM "users" AS u WHERE u."id"::text = r."metadata" ->> 'owner_id'))", "users"},
    row_check{{"team-unknown", group::relationships, severity::warning, "rows whose metadata names a team_id that is no team", "No team answers for the resource.", R"(-- Name another team, or: UPDATE "resources" SET "metadata" = jsonb_set("metadata", '{team_id}', 'null') WHERE "id" = …)"},
        "resources", "metadata", R"(SELECT r."id" FROM "resources" AS r WHERE r."metadata" ->> 'team_id' IS NOT NULL AND NOT EXISTS (SELECT FROM "teams" AS t WHERE t."id"::text = r."metadata" ->> 'team_id'))", "teams"},
    row_check{{"audit-user", group::relationships, severity::info, "rows whose user_id is no user", audit_orphan, keep},
        "audit_events", "user_id", R"(SELECT e."id"::text FROM "audit_events" AS e WHERE e."user_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "users" AS u WHERE u."id" = e."user_id"))", "users"},
    row_check{{"audit-server", group::relationships, severity::info, "rows whose server_id is neither a v1 server nor a resource", audit_orphan, keep},
        "audit_events", "server_id", R"(SELECT e."id"::text FROM "audit_events" AS e WHERE e."server_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "mcp_servers" AS s WHERE s."id" = e."server_id") AND NOT EXISTS (SELECT FROM "resources" AS r WHERE r."id" = e."server_id"::text))", "mcp_servers", "resources"},
    row_check{{"audit-capability", group::relationships, severity::info, "rows whose capability_id is no capability", audit_orphan, keep},
        "audit_events", "capability_id", R"(SELECT e."id"::text FROM "audit_events" AS e WHERE e."capability_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "capabilities" AS a WHERE a."id" = e."capability_id"))", "capabilities"},
    row_check{{"audit-policy", group::relationships, severity::info, "rows whose policy_id is no policy", audit_orphan, keep},
        "audit_events", "policy_id", R"(SELECT e."id"::text FROM "audit_events" AS e WHERE e."policy_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "policies" AS p WHERE p."id" = e."policy_id"))", "policies"},
    row_check{{"api-key-user", group::relationships, severity::error, "rows whose user_id is no user", "The key of somebody who has gone may still open doors.", R"(UPDATE "api_keys" SET "is_active" = false WHERE NOT EXISTS (SELECT FROM "users" AS u WHERE u."id" = "api_keys"."user_id"))"},
        "api_keys", "user_id", R"(SELECT k."id"::text FROM "api_keys" AS k WHERE NOT EXISTS (SELECT FROM "users" AS u WHERE u."id" = k."user_id"))", "users"},
    row_check{{"api-key-team", group::relationships, severity::warning, "rows whose team_id is no team", "Rights that come from the team cannot be decided.", R"(UPDATE "api_keys" SET "team_id" = NULL WHERE NOT EXISTS (SELECT FROM "teams" AS t WHERE t."id" = "api_keys"."team_id"))"},
        "api_keys", "team_id", R"(SELECT k."id"::text FROM "api_keys" AS k WHERE k."team_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "teams" AS t WHERE t."id" = k."team_id"))", "teams"},
    row_check{{"policy-version", group::relationships, severity::error, "rows whose current version is one of another policy", "Decisions follow the wrong policy.", "-- Choose a version of the policy itself"},
        "policies", "current_version_id", R"(SELECT p."id"::text FROM "policies" AS p JOIN "policy_versions" AS v ON v."id" = p."current_version_id" WHERE v."policy_id" <> p."id")", "policy_versions"},
    row_check{{"moved-resource", group::relationships, severity::info, "rows about resources that are gone", "They were deleted after the migration from v1.", keep},
        "migrated_rows", "target_id", R"(SELECT m."target_id" FROM "migrated_rows" AS m WHERE m."target_table" = 'resources' AND NOT EXISTS (SELECT FROM "resources" AS r WHERE r."id" = m."target_id"))", "resources"},
    row_check{{"moved-capability", group::relationships, severity::info, "rows about capabilities that are gone", "They were deleted after the migration from v1.", keep},
        "migrated_rows", "target_id", R"(SELECT m."target_id" FROM "migrated_rows" AS m WHERE m."target_table" = 'capabilities' AND NOT EXISTS (SELECT FROM "capabilities" AS a WHERE a."id" = m."target_id"))", "capabilities"},
};

inline constexpr std::array business_checks{
    row_check{{"budget-daily", group::business, severity::error, "rows whose daily_spent is not what cost_tracking says about its day", "Calls are refused too early, or allowed for ever.", set_daily_spent},
        "principal_budgets", "daily_spent", wrong_daily_spent, "cost_tracking"},
    row_check{{"budget-monthly", group::business, severity::error, "rows whose monthly_spent is not what cost_tracking says about its month", "Calls are refused too early, or allowed for ever.", set_monthly_spent},
        "principal_budgets", "monthly_spent", wrong_monthly_spent, "cost_tracking"},
    row_check{{"daily-costs-stale", group::business, severity::warning, "groups of a day that is over which are not what cost_tracking says", "Reports show old sums: the view was not refreshed since.", R"(REFRESH MATERIALIZED VIEW CONCURRENTLY "mv_daily_cost_summary")"},
        "mv_daily_cost_summary", "", R"(SELECT concat_ws(' ', coalesce(v."date", l."date"), coalesce(v."principal_id", l."principal_id"))
FROM "mv_daily_cost_summary" AS v
FULL JOIN (SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS "date", "principal_id", "protocol", count(*) AS "n", sum(coalesce("actual_cost", "estimated_cost")) AS "total"
           FROM "cost_tracking" GROUP BY 1, 2, 3) AS l
  ON l."date" = v."date" AND l."principal_id" = v."principal_id" AND coalesce(l."protocol", '') = coalesce(v."protocol", '')
WHERE coalesce(v."date", l."date") < (now() AT TIME ZONE 'UTC')::date
  AND (v."invocation_count" IS DISTINCT FROM l."n" OR v."total_cost" IS DISTINCT FROM l."total"))", "cost_tracking"},
    row_check{{"cost-without-amount", group::business, severity::warning, "rows with neither an actual nor an estimated cost", "The call was free, or its cost is lost: sums cannot tell.", "-- Store 0 for what is free, and the estimate for what is not"},
        "cost_tracking", "actual_cost", R"(SELECT "id"::text FROM "cost_tracking" WHERE "actual_cost" IS NULL AND "estimated_cost" IS NULL)"},
    row_check{{"cost-twice", group::business, severity::warning, "rows whose request was charged before, at another time", "One request is one cost; the principal paid more than once.", "-- Delete the row, and correct the spending of its principal"},
        "cost_tracking", "request_id", R"(SELECT c."id"::text FROM (SELECT "id", "request_id", row_number() OVER (PARTITION BY "request_id" ORDER BY "timestamp", "id") AS "n" FROM "cost_tracking" WHERE "request_id" IS NOT NULL) AS c WHERE c."n" > 1)"},
    row_check{{"api-key-revoked", group::business, severity::error, "rows that are active although they were revoked", "Whoever looks at is_active alone lets a revoked key in.", R"(UPDATE "api_keys" SET "is_active" = false WHERE "revoked_at" IS NOT NULL AND "is_active")"},
        "api_keys", "is_active", R"(SELECT "id"::text FROM "api_keys" WHERE "revoked_at" IS NOT NULL AND "is_active")"},
    row_check{{"policy-without-version", group::business, severity::warning, "active rows without a current version", "There is nothing to decide by.", R"(-- Give the policy a version, or: UPDATE "policies" SET "status" = 'draft' WHERE "id" = …)"},
        "policies", "current_version_id", R"(SELECT "id"::text FROM "policies" WHERE "status" = 'active' AND "current_version_id" IS NULL)"},
};
// clang-format on

}  // namespace sark::validate::detail
