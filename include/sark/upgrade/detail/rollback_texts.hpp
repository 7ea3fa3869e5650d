// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sark/upgrade/detail/batch_texts.hpp>

namespace sark::upgrade::detail {

/// Writes what a rollback would do with moved rows as `c`: `remove`, `gone`, `changed` or `children`.
///
/// `$1` tells the hashes of this server, `$2` whether rows of revision 006 are meant too; a hash that is missing or of
/// another server version cannot say that a row is as it was written. With `range` the rows are the next `$4` above the
/// key `$3`.
constexpr void put_fate(sql::writer& w, move const& of, bool range) {
    bool const is_parent = of.sides.actual == "resources";
    w.put(R"(WITH p AS MATERIALIZED (
    SELECT "target_id", "source_hash" FROM "migrated_rows"
    WHERE "target_table" = ')");
    w.put(of.sides.actual);
    w.put(R"(' AND ("run_id" IS NOT NULL OR $2::boolean))");
    if (range)
        w.put(R"( AND "target_id" > $3
    ORDER BY "target_id" LIMIT $4::bigint)");
    w.put(R"(),
c AS MATERIALIZED (
    SELECT p."target_id" AS "id", t.h, CASE
            WHEN t.h IS NULL THEN 'gone'
            WHEN t.h IS DISTINCT FROM p."source_hash" THEN 'changed'
)");
    if (is_parent)
        w.put(R"(            WHEN (SELECT k."id" FROM "capabilities" AS k
                  WHERE k."resource_id" = p."target_id"
                        AND NOT EXISTS (SELECT FROM "migrated_rows" AS q
                                        WHERE q."target_table" = 'capabilities' AND q."target_id" = k."id"
                                              AND (q."run_id" IS NOT NULL OR $2::boolean))
                  LIMIT 1) IS NOT NULL THEN 'children'
)");
    w.put(R"(            ELSE 'remove' END AS fate
    FROM p
    LEFT JOIN LATERAL (SELECT $1::text || )");
    compare::put_hash(w, of.sides, "t");
    w.put(" AS h FROM ");
    compare::put_name(w, of.sides.actual);
    w.put(R"( AS t WHERE t."id" = p."target_id" OFFSET 0) AS t ON true))");
}

/// Counts the fates of all moved rows and names the first of those that would stay.
[[nodiscard]] inline std::string fates_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        put_fate(w, of, false);
        w.put(R"(
SELECT fate, count(*), (array_agg("id") FILTER (WHERE fate IN ('changed', 'children')))[1:20]::text[]
FROM c GROUP BY fate)");
    });
}

/// Counts the capabilities that v2 added to moved resources: a rollback leaves them, and so their resources.
inline constexpr std::string_view count_native_children = R"(
SELECT count(*) FROM "capabilities" AS k
JOIN "migrated_rows" AS p ON p."target_table" = 'resources' AND p."target_id" = k."resource_id"
                         AND (p."run_id" IS NOT NULL OR $1::boolean)
WHERE NOT EXISTS (SELECT FROM "migrated_rows" AS q WHERE q."target_table" = 'capabilities' AND q."target_id" = k."id"
                                                     AND (q."run_id" IS NOT NULL OR $1::boolean)))";

/// Removes the next rows and what is known of them; `$5` also those that changed. Costs stay: those that would look
/// their protocol up in what goes get it written down.
///
/// Gives the last key, how many rows were looked at, and what happened to how many.
[[nodiscard]] inline std::string remove_text(move const& of) {
    bool const is_parent = of.sides.actual == "resources";
    return sql::render([&](sql::writer& w) {
        put_fate(w, of, true);
        w.put(R"(,
going AS MATERIALIZED (
    SELECT "id", h FROM c WHERE (fate = 'remove' OR fate = 'changed' AND $5::boolean))");
        // Whatever is still there of the children is not ours to delete, and a foreign key would.
        if (is_parent)
            w.put(R"(
          AND (SELECT k."id" FROM "capabilities" AS k WHERE k."resource_id" = c."id" LIMIT 1) IS NULL)");
        w.put(R"(),
costs AS (
    UPDATE "cost_tracking" AS k SET "protocol" = 'mcp'
    WHERE k."protocol" IS NULL AND k.)");
        w.put(is_parent ? "\"resource_id\"" : "\"capability_id\"");
        w.put(R"( = ANY (ARRAY(SELECT "id" FROM going)) RETURNING 1),
del AS (
    DELETE FROM )");
        compare::put_name(w, of.sides.actual);
        w.put(R"( AS t USING going AS g
    WHERE t."id" = ANY (ARRAY(SELECT "id" FROM going)) AND g."id" = t."id" AND $1::text || )");
        compare::put_hash(w, of.sides, "t");
        w.put(R"( = g.h RETURNING t."id"),
forgotten AS (
    DELETE FROM "migrated_rows"
    WHERE "target_table" = ')");
        w.put(of.sides.actual);
        w.put(R"(' AND "target_id" = ANY (ARRAY(SELECT "id" FROM c WHERE fate = 'gone' UNION ALL SELECT "id" FROM del)))
SELECT (SELECT max("id") FROM c), (SELECT count(*) FROM c), (SELECT count(*) FROM del),
       (SELECT count(*) FROM c WHERE fate = 'gone'), (SELECT count(*) FROM costs),
       (SELECT count(*) FROM "cost_tracking" AS k WHERE k.)");
        w.put(is_parent ? "\"resource_id\"" : "\"capability_id\"");
        w.put(R"( = ANY (ARRAY(SELECT "id" FROM going))))");
    });
}

}  // namespace sark::upgrade::detail
