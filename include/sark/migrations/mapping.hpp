// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

/// Says, once, how a v1 server becomes a resource and a v1 tool a capability.
///
/// - The endpoint follows the transport: stdio is reached by its command, http and sse by their endpoint; the other one
///   is the fallback, and a server with neither gets `unknown:<id>` instead of stopping the migration.
/// - The migrated keys win over keys of the same name in `extra_metadata`. When they collide, or when `extra_metadata`
///   is no object, its original is kept whole under the one key `extra_metadata`.
/// - NULL becomes an explicit JSON null. A time inside the metadata is written in UTC, whatever the session's zone is.
namespace sark::migrations::mapping {

/// Selects the rows of `resources` that the rows of `mcp_servers` become; a WHERE on the alias `s` may follow it.
inline constexpr std::string_view select_resources = R"(SELECT s."id"::text AS "id",
       s."name" AS "name",
       'mcp' AS "protocol",
       coalesce(CASE WHEN s."transport"::text = 'stdio' THEN coalesce(s."command", s."endpoint")
                     ELSE coalesce(s."endpoint", s."command") END,
                'unknown:' || s."id"::text) AS "endpoint",
       s."sensitivity_level"::text AS "sensitivity_level",
       CASE WHEN jsonb_typeof(s."extra_metadata") <> 'object'
                THEN own."keys" || jsonb_build_object('extra_metadata', s."extra_metadata")
            WHEN s."extra_metadata" ?| ARRAY['transport', 'command', 'endpoint', 'mcp_version', 'capabilities', 'status',
                                             'health_endpoint', 'last_health_check', 'owner_id', 'team_id', 'consul_id',
                                             'tags', 'signature', 'description', 'extra_metadata']
                THEN s."extra_metadata" || own."keys" || jsonb_build_object('extra_metadata', s."extra_metadata")
            ELSE s."extra_metadata" || own."keys" END AS "metadata",
       s."created_at" AS "created_at",
       s."updated_at" AS "updated_at"
FROM "mcp_servers" AS s
CROSS JOIN LATERAL (SELECT jsonb_build_object(
           'tags', s."tags",
           'status', s."status"::text,
           'command', s."command",
           'team_id', s."team_id"::text,
           'endpoint', s."endpoint",
           'owner_id', s."owner_id"::text,
           'consul_id', s."consul_id",
           'signature', s."signature",
           'transport', s."transport"::text,
           'description', s."description",
           'mcp_version', s."mcp_version",
           'capabilities', s."capabilities",
           'health_endpoint', s."health_endpoint",
           'last_health_check', CASE WHEN isfinite(s."last_health_check")
                                         THEN (to_jsonb(s."last_health_check" AT TIME ZONE 'UTC') #>> '{}') || '+00:00'
                                     ELSE s."last_health_check"::text END) AS "keys") AS own)";

}  // namespace sark::migrations::mapping

namespace sark::migrations::detail {

/// Is what `capabilities` has had since 006.
inline constexpr std::string_view capability_columns = R"(SELECT t."id"::text AS "id",
       t."server_id"::text AS "resource_id",
       t."name" AS "name",
       t."description" AS "description",
       t."parameters_schema" AS "input_schema",
       '{}'::jsonb AS "output_schema",
       t."sensitivity_level"::text AS "sensitivity_level",
       CASE WHEN jsonb_typeof(t."extra_metadata") <> 'object'
                THEN own."keys" || jsonb_build_object('extra_metadata', t."extra_metadata")
            WHEN t."extra_metadata" ?| ARRAY['requires_approval', 'signature', 'invocation_count', 'last_invoked',
                                             'extra_metadata']
                THEN t."extra_metadata" || own."keys" || jsonb_build_object('extra_metadata', t."extra_metadata")
            ELSE t."extra_metadata" || own."keys" END AS "metadata")";

/// Nearly all tools have no signature: their keys are one of two constants, which spares a tenth of a comparison.
inline constexpr std::string_view capability_source = R"(
FROM "mcp_tools" AS t
CROSS JOIN LATERAL (SELECT CASE
    WHEN t."signature" IS NULL AND t."requires_approval" THEN
        '{"requires_approval": true, "signature": null, "invocation_count": 0, "last_invoked": null}'::jsonb
    WHEN t."signature" IS NULL AND NOT t."requires_approval" THEN
        '{"requires_approval": false, "signature": null, "invocation_count": 0, "last_invoked": null}'::jsonb
    ELSE jsonb_build_object(
           'signature', t."signature",
           'last_invoked', NULL,
           'invocation_count', 0,
           'requires_approval', t."requires_approval") END AS "keys") AS own)";

struct select_capabilities_text {
    static constexpr void write(sql::writer& w) {
        w.put(capability_columns);
        w.put(capability_source);
    }
};

struct select_timed_capabilities_text {
    static constexpr void write(sql::writer& w) {
        w.put(capability_columns);
        w.put(",\n       t.\"created_at\" AS \"created_at\",\n       t.\"updated_at\" AS \"updated_at\"");
        w.put(capability_source);
    }
};

}  // namespace sark::migrations::detail

namespace sark::migrations::mapping {

/// Selects the rows of `capabilities` that the rows of `mcp_tools` become; a WHERE on the alias `t` may follow it.
///
/// v1 never counted invocations in the database, so the count starts at 0 and the last one is unknown.
inline constexpr std::string_view select_capabilities = sql::text<detail::select_capabilities_text>::value;

/// Selects the same with the times of the tools, for which `capabilities` has columns since 008.
inline constexpr std::string_view select_timed_capabilities = sql::text<detail::select_timed_capabilities_text>::value;

}  // namespace sark::migrations::mapping

namespace sark::migrations::detail {

struct insert_resources_text {
    static constexpr void write(sql::writer& w) {
        w.put(R"(INSERT INTO "resources")"
              R"( ("id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at"))"
              "\n");
        w.put(migrations::mapping::select_resources);
        w.put("\nON CONFLICT (\"id\") DO NOTHING");
    }
};

struct insert_capabilities_text {
    static constexpr void write(sql::writer& w) {
        w.put(R"(INSERT INTO "capabilities" ("id", "resource_id", "name", "description", "input_schema",)"
              R"( "output_schema", "sensitivity_level", "metadata"))"
              "\n");
        w.put(migrations::mapping::select_capabilities);
        w.put("\nON CONFLICT (\"id\") DO NOTHING");
    }
};

}  // namespace sark::migrations::detail

namespace sark::migrations::mapping {

/// Copies every server that is no resource yet; what exists is left alone.
inline constexpr std::string_view insert_resources = sql::text<detail::insert_resources_text>::value;

/// Copies every tool that is no capability yet; what exists is left alone.
inline constexpr std::string_view insert_capabilities = sql::text<detail::insert_capabilities_text>::value;

}  // namespace sark::migrations::mapping
