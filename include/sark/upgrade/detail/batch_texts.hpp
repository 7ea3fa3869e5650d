// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sark/compare/sides.hpp>
#include <sark/sql/text.hpp>

namespace sark::upgrade::detail {

/// Is one of the two moves: what ought to be where, and what a row cannot be moved without.
struct move {
    compare::sides sides;
    std::string_view documents;  ///< of the expected row `m`, as one document
    std::string_view unfit;      ///< further cases of a CASE that names the class of an unfit row
    std::string_view parent;  ///< is NULL where the parent of the row `a` is not there; the literal '' when it has none
    std::string_view future_parent;  ///< the same where parents count that are still to be moved
    std::string_view notes;          ///< further counts, over `c`
};

/// Says that the row that is to be written does not fit its columns; `$3` to `$5` are depth, bytes and digits.
/// A document as deep as d has 2 d brackets, so most need no closer look. 255 is the most that a regular expression
/// can count; what it finds may stand in a string and is looked at number by number.
inline constexpr std::string_view unfit_document = R"(
            WHEN m."bytes" > $4::bigint THEN '!document-too-large'
            WHEN m."bytes" > 2 * $3::bigint
                 AND m."bytes" - octet_length(translate(m."text", '{[', '')) > $3::bigint
                 AND (WITH RECURSIVE deep(v, n) AS (
                          SELECT m."document", 0
                          UNION ALL
                          SELECT e.v, deep.n + 1
                          FROM deep CROSS JOIN LATERAL (
                              SELECT value FROM jsonb_array_elements(
                                  CASE jsonb_typeof(deep.v) WHEN 'array' THEN deep.v ELSE '[]' END)
                              UNION ALL
                              SELECT value FROM jsonb_each(
                                  CASE jsonb_typeof(deep.v) WHEN 'object' THEN deep.v ELSE '{}' END)) AS e(v)
                          WHERE jsonb_typeof(e.v) IN ('array', 'object') AND deep.n <= $3::bigint)
                      SELECT max(n) FROM deep) > $3::bigint THEN '!document-too-deep'
            WHEN m."bytes" > $5::bigint AND m."text" ~ '[0-9]{255}'
                 AND EXISTS (SELECT FROM jsonb_path_query(m."document", 'strict $.**?(@.type() == "number")') AS n
                             WHERE length(n::text) > $5::bigint) THEN '!number-too-long')";

/// Writes the decision about each row of a range: `c`, with the expected row and what to do, `act`.
///
/// `h` is the hash of the row as it ought to be, `there_h` as it is, `then_h` as the last run wrote it: what moved and
/// who moved it follows from the three. `$1` and `$2` are the range, `$6` says that v1 wins, `$7` tells the hashes of
/// this server from those of another version.
constexpr void put_decision(sql::writer& w, move const& of, bool parents_follow) {
    w.put("WITH j AS (\n    SELECT ");
    for (compare::column const& c : of.sides.columns) {
        w.put("m.");
        compare::put_name(w, c.name);
        w.put(", ");
    }
    w.put("m.h,\n           t.h AS there_h, t.\"updated_at\" AS there_since, p.\"target_id\" IS NOT NULL AS known,"
          "\n           p.\"source_hash\" AS then_h,\n           CASE");
    w.put(of.unfit);
    w.put(unfit_document);
    w.put(" END AS unfit");
    // OFFSET 0 has each expression computed once, and each row found by its key instead of reading the whole table.
    w.put("\n    FROM (SELECT m.*, octet_length(m.\"text\") AS \"bytes\" FROM (SELECT m.*, "
          "m.\"document\"::text AS \"text\"\n          FROM (SELECT m.*, $7::text || ");
    compare::put_hash(w, of.sides, "m");
    w.put(" AS h, ");
    w.put(of.documents);
    w.put(" AS \"document\"\n          FROM (SELECT * FROM ");
    compare::put_expected_range(w, of.sides);
    w.put(" AS m OFFSET 0) AS m OFFSET 0) AS m OFFSET 0) AS m OFFSET 0) AS m\n    LEFT JOIN LATERAL (SELECT "
          "t.\"updated_at\", $7::text || ");
    compare::put_hash(w, of.sides, "t");
    w.put(" AS h FROM ");
    compare::put_name(w, of.sides.actual);
    w.put(" AS t WHERE t.\"id\" = m.\"id\" OFFSET 0) AS t ON true\n    LEFT JOIN LATERAL (SELECT p.\"target_id\", "
          "p.\"source_hash\" FROM \"migrated_rows\" AS p WHERE p.\"target_table\" = '");
    w.put(of.sides.actual);
    w.put(R"(' AND p."target_id" = m."id" OFFSET 0) AS p ON true
    OFFSET 0),
a AS (
    SELECT j.*, CASE
            WHEN unfit IS NOT NULL THEN unfit
            WHEN there_h = h THEN CASE WHEN known AND then_h = h THEN 'unchanged' ELSE 'adopt' END
            WHEN there_h IS NULL THEN CASE WHEN NOT known OR $6::boolean THEN 'insert' ELSE 'gone' END
            WHEN NOT known THEN '!id-taken'
            WHEN $6::boolean OR then_h = there_h THEN 'update'
            WHEN then_h = h THEN 'kept'
            WHEN starts_with(then_h, $7::text) OR there_since > "updated_at" THEN '!changed-on-both-sides'
            ELSE 'update' END AS act
    FROM j OFFSET 0),
c AS MATERIALIZED (
    SELECT a.*, CASE WHEN act IN ('insert', 'update') AND )");
    // Looked for only where it is needed: most rows of a second pass are as they were.
    w.put(parents_follow ? of.future_parent : of.parent);
    w.put(R"( IS NULL THEN '!parent-missing' ELSE act END AS "do"
    FROM a))");
}

/// Writes what was decided: how many rows for each decision, and the first keys of those that are not plain.
constexpr void put_tally(sql::writer& w, move const& of) {
    w.put(R"(
SELECT "do", count(*), (array_agg("id") FILTER (WHERE "do" NOT IN ('insert', 'unchanged', 'adopt')))[1:20]::text[]
FROM c GROUP BY "do")");
    w.put(of.notes);
}

/// Asks what would be done with a range, and writes nothing.
[[nodiscard]] inline std::string scan_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        put_decision(w, of, true);
        put_tally(w, of);
    });
}

/// Does it: rows, provenance and quarantine in one statement; `$8` is the run.
///
/// An update that leaves `updated_at` as it is would make the trigger of 008 set it to now, so another time is written
/// first; the statement tells by `again` which rows get theirs in a second step.
[[nodiscard]] inline std::string move_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        auto const columns = [&](std::string_view prefix, auto const& skip) {
            bool first = true;
            for (compare::column const& c : of.sides.columns) {
                if (skip(c.name)) continue;
                w.put_separator(first, ", ");
                w.put(prefix);
                compare::put_name(w, c.name);
            }
        };
        auto const none = [](std::string_view) { return false; };
        put_decision(w, of, false);
        w.put(",\nins AS (\n    INSERT INTO ");
        compare::put_name(w, of.sides.actual);
        w.put(" (");
        columns("", none);
        w.put(")\n    SELECT ");
        columns("c.", none);
        w.put(" FROM c WHERE \"do\" = 'insert'\n    ON CONFLICT (\"id\") DO NOTHING RETURNING \"id\"),\nupd AS (\n"
              "    UPDATE ");
        compare::put_name(w, of.sides.actual);
        w.put(" AS t SET ");
        for (compare::column const& c : of.sides.columns.subspan(1)) {
            if (c.name == "updated_at") continue;
            compare::put_name(w, c.name);
            w.put(" = c.");
            compare::put_name(w, c.name);
            w.put(", ");
        }
        w.put(R"("updated_at" = CASE WHEN t."updated_at" IS DISTINCT FROM c."updated_at" THEN c."updated_at"
                                WHEN c."updated_at" = 'epoch' THEN '2000-01-01 00:00:00+00'
                                ELSE 'epoch' END
    FROM c
    WHERE t."id" = ANY (ARRAY(SELECT "id" FROM c WHERE "do" = 'update')) AND c."id" = t."id" AND c."do" = 'update'
          AND $7::text || )");
        compare::put_hash(w, of.sides, "t");
        w.put(R"( = c.there_h
    RETURNING t."id", t."updated_at" IS DISTINCT FROM c."updated_at" AS again),
known AS (
    INSERT INTO "migrated_rows" ("source_table", "source_id", "target_table", "target_id", "source_hash", "run_id")
    SELECT ')");
        w.put(of.sides.source);
        w.put("', c.\"id\"::uuid, '");
        w.put(of.sides.actual);
        w.put(R"(', c."id", c.h, CASE "do" WHEN 'insert' THEN $8::uuid END
    FROM c
    WHERE "do" = 'adopt' OR "do" = 'insert' AND c."id" IN (SELECT "id" FROM ins)
          OR "do" = 'update' AND c."id" IN (SELECT "id" FROM upd)
    ON CONFLICT ("target_table", "target_id") DO UPDATE
    SET "source_hash" = excluded."source_hash", "migrated_at" = now(),
        "run_id" = coalesce(excluded."run_id", "migrated_rows"."run_id")),
quarantined AS (
    INSERT INTO "sark_upgrade_quarantine" ("source_table", "source_id", "reason", "run_id")
    SELECT ')");
        w.put(of.sides.source);
        w.put(R"(', c."id"::uuid, substr("do", 2), $8::uuid FROM c WHERE "do" LIKE '!%'
    ON CONFLICT ("source_table", "source_id") DO UPDATE
    SET "reason" = excluded."reason", "run_id" = excluded."run_id", "since" = now()
    WHERE "sark_upgrade_quarantine"."reason" <> excluded."reason"),
released AS (
    DELETE FROM "sark_upgrade_quarantine" AS q USING c
    WHERE q."source_table" = ')");
        w.put(of.sides.source);
        w.put(R"(' AND q."source_id" = c."id"::uuid AND c."do" NOT LIKE '!%'))");
        put_tally(w, of);
        w.put(R"(
UNION ALL SELECT '=inserted', count(*), NULL FROM ins
UNION ALL SELECT '=updated', count(*), NULL FROM upd
UNION ALL SELECT '=again', count(*), array_agg("id")::text[] FROM upd WHERE again)");
    });
}

/// Gives the rows `$1` the time of v1, which the trigger would not let through with the other columns.
[[nodiscard]] inline std::string again_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("UPDATE ");
        compare::put_name(w, of.sides.actual);
        w.put(" AS t SET \"updated_at\" = s.\"updated_at\" FROM ");
        compare::put_name(w, of.sides.source);
        w.put(" AS s WHERE s.\"id\" = ANY ($1::uuid[]) AND t.\"id\" = ANY ($1::text[]) AND s.\"id\"::text = t.\"id\"");
    });
}

/// Asks for the last key of the next `$3` rows above `$1`, up to `$2`; NULL where there are none.
[[nodiscard]] inline std::string bound_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT \"id\", place FROM (SELECT \"id\", row_number() OVER (ORDER BY \"id\") AS place FROM ");
        compare::put_name(w, of.sides.source);
        w.put(" WHERE ($1::uuid IS NULL OR \"id\" > $1) AND \"id\" <= $2 ORDER BY \"id\" LIMIT $3::bigint) AS keys "
              "ORDER BY place DESC LIMIT 1");
    });
}

/// Sets one row aside for a reason; `$1` its id, `$2` the reason, `$3` the run.
[[nodiscard]] inline std::string set_aside_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        w.put(R"(INSERT INTO "sark_upgrade_quarantine" ("source_table", "source_id", "reason", "run_id") VALUES (')");
        w.put(of.sides.source);
        w.put(R"(', $1::uuid, $2, $3::uuid)
ON CONFLICT ("source_table", "source_id") DO UPDATE
SET "reason" = excluded."reason", "run_id" = excluded."run_id", "since" = now())");
    });
}

}  // namespace sark::upgrade::detail
