// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include <sark/migrations/moves.hpp>
#include <sark/upgrade/detail/batch_texts.hpp>

namespace sark::upgrade::detail {

inline constexpr move move_servers{.sides = migrations::mapping::resources,
                                   .unfit = R"(
            WHEN m."name" IS NULL THEN '!name-missing'
            WHEN length(m."name") > 255 THEN '!name-too-long'
            WHEN length(m."endpoint") > 1000 THEN '!endpoint-too-long'
            WHEN m."sensitivity_level" IN ('low', 'medium', 'high', 'critical') IS NOT TRUE
                 THEN '!sensitivity-unknown'
            WHEN m."metadata" IS NULL THEN '!document-missing'
            WHEN m."created_at" IS NULL OR m."updated_at" IS NULL THEN '!time-missing')",
                                   .parent = "''",
                                   .future_parent = "''",
                                   .new_parent = "''",
                                   .detail = R"(
            WHEN "do" = '!endpoint-too-long' THEN length(c."endpoint") || ' characters')",
                                   .notes = R"(
UNION ALL SELECT '#endpoint-missing', count(*), (array_agg("id"))[1:20]::text[]
FROM c WHERE "endpoint" = 'unknown:' || "id"
UNION ALL SELECT '#extra-metadata-kept', count(*), (array_agg("id"))[1:20]::text[]
FROM c WHERE "metadata" ? 'extra_metadata')"};

inline constexpr move move_tools{
    .sides = migrations::mapping::capabilities,
    .unfit = R"(
            WHEN m."name" IS NULL THEN '!name-missing'
            WHEN length(m."name") > 255 THEN '!name-too-long'
            WHEN m."sensitivity_level" IN ('low', 'medium', 'high', 'critical') IS NOT TRUE
                 THEN '!sensitivity-unknown'
            WHEN m."metadata" IS NULL OR m."input_schema" IS NULL THEN '!document-missing'
            WHEN m."created_at" IS NULL OR m."updated_at" IS NULL THEN '!time-missing')",
    // A row of v2's own that has the server's id is no parent. Sub-queries that yield a value are probed by index;
    // EXISTS may be answered by reading the whole table.
    .parent = R"((SELECT r."id" FROM "resources" AS r
                    JOIN "migrated_rows" AS q ON q."target_table" = 'resources' AND q."target_id" = r."id"
                    WHERE r."id" = a."resource_id"))",
    .future_parent = R"(coalesce((SELECT r."id" FROM "resources" AS r
                    JOIN "migrated_rows" AS q ON q."target_table" = 'resources' AND q."target_id" = r."id"
                    WHERE r."id" = a."resource_id"),
                    (SELECT r."id"::text FROM "mcp_servers" AS r WHERE r."id" = a."resource_id"::uuid)))",
    // After the walk over the servers each of them is known or quarantined, and the foreign key sees to the rest.
    .new_parent = R"(CASE WHEN m."resource_id" NOT IN (SELECT q."source_id"::text FROM "sark_upgrade_quarantine" AS q
                                                  WHERE q."source_table" = 'mcp_servers') THEN '' END)",
    .detail = R"(
            WHEN "do" = '!parent-missing' THEN 'resource ' || c."resource_id")",
    .notes = R"(
UNION ALL SELECT '#extra-metadata-kept', count(*), (array_agg("id"))[1:20]::text[]
FROM c WHERE "metadata" ? 'extra_metadata')"};

/// Parents first.
inline constexpr std::array<move const*, 2> moves{&move_servers, &move_tools};

}  // namespace sark::upgrade::detail
