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
    std::string_view unfit;   ///< further cases of a CASE that names the class of an unfit row
    std::string_view parent;  ///< is NULL where the parent of the row `a` is not there; the literal '' when it has none
    std::string_view future_parent;  ///< the same where parents count that are still to be moved
    std::string_view new_parent;     ///< the same for the row `m` where a foreign key looks at the rest
    std::string_view detail;         ///< further cases of a CASE over `c` that says more of a quarantined row
    std::string_view notes;          ///< further counts, over `c`
};

constexpr bool is_document(compare::column const& c) { return c.type == "jsonb"; }

/// Writes the columns of a move as a list, each behind a prefix.
constexpr void put_columns(sql::writer& w, move const& of, std::string_view prefix) {
    bool first = true;
    for (compare::column const& c : of.sides.columns) {
        w.put_separator(first, ", ");
        w.put(prefix);
        compare::put_name(w, c.name);
    }
}

/// Writes the expected rows of a range as `m`; the text of each document is beside it: `"metadata text"`.
///
/// OFFSET 0 has each expression computed once. Texts are dear, and three need them: the hash, the sizes, the numbers.
constexpr void put_mapped(sql::writer& w, move const& of) {
    w.put("(SELECT m.*");
    for (compare::column const& c : of.sides.columns)
        if (is_document(c)) {
            w.put(", m.");
            compare::put_name(w, c.name);
            w.put("::text AS \"");
            w.put(c.name);
            w.put(" text\"");
        }
    w.put("\n          FROM (SELECT * FROM ");
    compare::put_expected_range(w, of.sides);
    w.put(" AS m OFFSET 0) AS m OFFSET 0) AS m");
}

/// Writes the cases of documents that are too large, too deep, or hold too long a number: `$4`, `$3` and `$5`.
///
/// A document as deep as d has 2 d brackets, so most need no closer look. 255 is the most that a regular expression can
/// count, and up to 18 it does so without asking for memory; what it finds may stand in a string and is looked at
/// number by number.
constexpr void put_unfit_documents(sql::writer& w, move const& of) {
    auto const each = [&](std::string_view separator, auto const& put) {
        bool first = true;
        for (compare::column const& c : of.sides.columns) {
            if (!is_document(c)) continue;
            w.put_separator(first, separator);
            put(c.name);
        }
    };
    auto const put_text = [&](std::string_view before, std::string_view name, std::string_view behind) {
        w.put(before);
        w.put("m.\"");
        w.put(name);
        w.put(" text\"");
        w.put(behind);
    };
    // One question for all documents: each costs time to plan, and hardly any is asked.
    auto const put_documents = [&] {
        w.put("(VALUES ");
        each(", ", [&](std::string_view name) {
            w.put("(m.");
            compare::put_name(w, name);
            w.put(")");
        });
        w.put(") AS d(v)");
    };
    w.put("\n            WHEN ");
    each(" + ", [&](std::string_view name) { put_text("octet_length(", name, ")"); });
    w.put(" > $4::bigint THEN '!document-too-large'\n            WHEN (");
    each("\n                  OR ", [&](std::string_view name) {
        put_text("octet_length(", name, ") > 2 * $3::bigint AND octet_length(");
        put_text("", name, ") - octet_length(replace(replace(");
        put_text("", name, ", '{', ''), '[', '')) > $3::bigint");
    });
    w.put(R"()
                 AND (WITH RECURSIVE deep(v, n) AS (
                          SELECT d.v, 1 FROM )");
    put_documents();
    w.put(R"(
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
            WHEN ()");
    each("\n                  OR ", [&](std::string_view name) {
        put_text("octet_length(", name, ") > $5::bigint");
        for (std::string_view const most : {"18", "255"}) {
            put_text(" AND ", name, " ~ ('[0-9.]{' || least($5::bigint, ");
            w.put(most);
            w.put(")::text || '}')");
        }
    });
    w.put(")\n                 AND EXISTS (SELECT FROM ");
    put_documents();
    w.put(R"(
                             CROSS JOIN LATERAL jsonb_path_query(d.v, 'strict $.**?(@.type() == "number")') AS n
                             WHERE length(n::text) > $5::bigint) THEN '!number-too-long')");
}

/// Writes the decision about each row of a range: `c`, with the expected row and what to do, `do`.
///
/// `h` is the hash of the row as it ought to be, `there_h` as it is, `then_h` as the last run wrote it: what moved and
/// who moved it follows from the three. `$1` and `$2` are the range, `$6` tells the hashes of this server from those of
/// another version, `$7` says that v1 wins.
constexpr void put_decision(sql::writer& w, move const& of, bool parents_follow) {
    w.put("WITH j AS (\n    SELECT ");
    put_columns(w, of, "m.");
    w.put(",\n           m.h, t.h AS there_h, t.\"updated_at\" AS there_since, p.\"target_id\" IS NOT NULL AS known,"
          "\n           p.\"source_hash\" AS then_h,\n           CASE");
    w.put(of.unfit);
    put_unfit_documents(w, of);
    w.put(" END AS unfit\n    FROM (SELECT m.*, $6::text || ");
    compare::put_hash(w, of.sides, "m", " text");
    w.put(" AS h\n          FROM ");
    put_mapped(w, of);
    // OFFSET 0 has each row found by its key, too, instead of reading the whole table. The same rows have the same hash.
    w.put(" OFFSET 0) AS m\n    LEFT JOIN LATERAL (SELECT t.\"updated_at\", CASE WHEN ");
    compare::put_same(w, of.sides, "m", "t");
    w.put(" THEN m.h\n          ELSE $6::text || ");
    compare::put_hash(w, of.sides, "t");
    w.put(" END AS h\n          FROM ");
    compare::put_name(w, of.sides.actual);
    w.put(" AS t WHERE t.\"id\" = m.\"id\" OFFSET 0) AS t ON true\n    LEFT JOIN LATERAL (SELECT p.\"target_id\", "
          "p.\"source_hash\" FROM \"migrated_rows\" AS p\n          WHERE p.\"target_table\" = '");
    w.put(of.sides.actual);
    w.put(R"(' AND p."target_id" = m."id" OFFSET 0) AS p ON true
    OFFSET 0),
a AS (
    SELECT j.*, CASE
            WHEN unfit IS NOT NULL THEN unfit
            WHEN there_h = h THEN CASE WHEN known AND then_h = h THEN 'unchanged' ELSE 'adopt' END
            WHEN there_h IS NULL THEN CASE WHEN NOT known OR $7::boolean THEN 'insert' ELSE 'gone' END
            WHEN NOT known THEN '!id-taken'
            WHEN $7::boolean OR then_h = there_h THEN 'update'
            WHEN then_h = h THEN 'kept'
            WHEN starts_with(then_h, $6::text) OR there_since > "updated_at" THEN '!changed-on-both-sides'
            ELSE 'update' END AS act
    FROM j OFFSET 0),
c AS MATERIALIZED (
    SELECT a.*, CASE WHEN act IN ('insert', 'update') AND )");
    // Looked for only where it is needed: most rows of a second pass are as they were.
    w.put(parents_follow ? of.future_parent : of.parent);
    w.put(R"( IS NULL THEN '!parent-missing' ELSE act END AS "do"
    FROM a))");
}

/// Writes the same where no row was moved before and none is expected to be there: nothing is looked up but parents.
constexpr void put_new_decision(sql::writer& w, move const& of) {
    w.put("WITH c AS MATERIALIZED (\n    SELECT CASE");
    w.put(of.unfit);
    put_unfit_documents(w, of);
    w.put("\n            WHEN ");
    w.put(of.new_parent);
    w.put(" IS NULL THEN '!parent-missing'\n            ELSE 'insert' END AS \"do\",\n           $6::text || ");
    compare::put_hash(w, of.sides, "m", " text");
    w.put(" AS h,\n           ");
    put_columns(w, of, "m.");
    w.put("\n    FROM ");
    put_mapped(w, of);
    w.put(")");
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

/// Writes the beginning of provenance: rows of `c`, a condition may follow.
constexpr void put_known(sql::writer& w, move const& of, std::string_view run) {
    w.put(R"(
known AS (
    INSERT INTO "migrated_rows" ("source_table", "source_id", "target_table", "target_id", "source_hash", "run_id")
    SELECT ')");
    w.put(of.sides.source);
    w.put("', c.\"id\"::uuid, '");
    w.put(of.sides.actual);
    w.put("', c.\"id\", c.h, ");
    w.put(run);
    w.put(" FROM c\n    WHERE ");
}

/// Writes into and out of the quarantine: its rows tell the reason and what helps to repair, and hold no value.
constexpr void put_quarantine(sql::writer& w, move const& of, std::string_view run) {
    w.put(R"(,
quarantined AS (
    INSERT INTO "sark_upgrade_quarantine" AS q ("source_table", "source_id", "reason", "detail", "run_id")
    SELECT ')");
    w.put(of.sides.source);
    w.put(R"(', c."id"::uuid, substr("do", 2), CASE
            WHEN "do" = '!name-too-long' THEN length(c."name") || ' characters'
            WHEN "do" = '!document-too-large' THEN concat_ws(', ')");
    for (compare::column const& c : of.sides.columns)
        if (is_document(c)) {
            w.put(", '");
            w.put(c.name);
            w.put(" ' || octet_length(c.");
            compare::put_name(w, c.name);
            w.put("::text) || ' bytes'");
        }
    w.put(R"()
            WHEN "do" IN ('!id-taken', '!changed-on-both-sides') THEN (SELECT 'differs in ' || concat_ws(', ')");
    for (compare::column const& c : of.sides.columns.subspan(1)) {
        w.put(", CASE WHEN ");
        compare::put_value(w, "c", c);
        w.put(" IS DISTINCT FROM ");
        compare::put_value(w, "t", c);
        w.put(" THEN '");
        w.put(c.name);
        w.put("' END");
    }
    w.put(") FROM ");
    compare::put_name(w, of.sides.actual);
    w.put(" AS t WHERE t.\"id\" = c.\"id\")");
    w.put(of.detail);
    w.put(" END, ");
    w.put(run);
    w.put(R"(
    FROM c WHERE "do" LIKE '!%'
    ON CONFLICT ("source_table", "source_id") DO UPDATE
    SET "reason" = excluded."reason", "detail" = excluded."detail", "run_id" = excluded."run_id", "since" = now()
    WHERE (q."reason", q."detail") IS DISTINCT FROM (excluded."reason", excluded."detail")),
released AS (
    DELETE FROM "sark_upgrade_quarantine" AS q USING c
    WHERE q."source_table" = ')");
    w.put(of.sides.source);
    w.put(R"(' AND q."source_id" = c."id"::uuid AND c."do" NOT LIKE '!%'))");
}

/// Begins `ins`, the rows that are new.
constexpr void put_inserted(sql::writer& w, move const& of) {
    w.put(",\nins AS (\n    INSERT INTO ");
    compare::put_name(w, of.sides.actual);
    w.put(" (");
    put_columns(w, of, "");
    w.put(")\n    SELECT ");
    put_columns(w, of, "c.");
    w.put(" FROM c WHERE \"do\" = 'insert'");
}

/// Does it: rows, provenance and quarantine in one statement; `$8` is the run.
///
/// An update that leaves `updated_at` as it is would make the trigger of 008 set it to now, so another time is written
/// first; the statement tells by `again` which rows get theirs in a second step.
[[nodiscard]] inline std::string move_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        put_decision(w, of, false);
        put_inserted(w, of);
        w.put("\n    ON CONFLICT (\"id\") DO NOTHING RETURNING \"id\"),\nupd AS (\n"
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
          AND $6::text || )");
        compare::put_hash(w, of.sides, "t");
        w.put(R"( = c.there_h
    RETURNING t."id", t."updated_at" IS DISTINCT FROM c."updated_at" AS again),)");
        put_known(w, of, "CASE \"do\" WHEN 'insert' THEN $8::uuid END");
        w.put(R"("do" = 'adopt' OR "do" = 'insert' AND c."id" IN (SELECT "id" FROM ins)
          OR "do" = 'update' AND c."id" IN (SELECT "id" FROM upd)
    ON CONFLICT ("target_table", "target_id") DO UPDATE
    SET "source_hash" = excluded."source_hash", "migrated_at" = now(),
        "run_id" = coalesce(excluded."run_id", "migrated_rows"."run_id")))");
        put_quarantine(w, of, "$8::uuid");
        put_tally(w, of);
        w.put(R"(
UNION ALL SELECT '=inserted', count(*), NULL FROM ins
UNION ALL SELECT '=updated', count(*), NULL FROM upd
UNION ALL SELECT '=again', count(*), array_agg("id")::text[] FROM upd WHERE again)");
    });
}

/// Does it where no row was moved before; `$7` is the run.
///
/// Here a row that is already there, or written down, is an error of the statement: the batch is then done by
/// `move_text`, which looks at each.
[[nodiscard]] inline std::string new_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        put_new_decision(w, of);
        put_inserted(w, of);
        w.put("),");
        put_known(w, of, "$7::uuid");
        w.put("\"do\" = 'insert')");
        put_quarantine(w, of, "$7::uuid");
        put_tally(w, of);
    });
}

/// Asks whether a row of this target is known that the run `$1` has not moved itself.
[[nodiscard]] inline std::string known_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT EXISTS (SELECT FROM \"migrated_rows\" WHERE \"target_table\" = '");
        w.put(of.sides.actual);
        w.put("' AND \"run_id\" IS DISTINCT FROM $1::uuid)");
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

/// Sets one row aside for a reason; `$1` its id, `$2` the reason, `$3` the run, `$4` what helps to repair.
[[nodiscard]] inline std::string set_aside_text(move const& of) {
    return sql::render([&](sql::writer& w) {
        w.put(
            R"(INSERT INTO "sark_upgrade_quarantine" ("source_table", "source_id", "reason", "run_id", "detail") VALUES (')");
        w.put(of.sides.source);
        w.put(R"(', $1::uuid, $2, $3::uuid, nullif($4::text, ''))
ON CONFLICT ("source_table", "source_id") DO UPDATE
SET "reason" = excluded."reason", "detail" = excluded."detail", "run_id" = excluded."run_id", "since" = now())");
    });
}

}  // namespace sark::upgrade::detail
