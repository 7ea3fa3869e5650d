// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sark::catalog::detail {

// One SELECT per kind of thing, however many there are; `$1` is the schema's oid. Lists come as `7:content` one after
// the other, so a name may hold anything. Names of the catalog are qualified: a search path is no secret place.

inline constexpr std::string_view read_place = R"(SELECT n.oid, n.nspname, current_setting('server_version_num'),
    pg_catalog.current_database(),
    pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb'),
    pg_catalog.quote_ident(n.nspname)
FROM pg_catalog.pg_namespace n WHERE n.nspname = coalesce(nullif($1, ''), pg_catalog.current_schema()))";

/// Pins what the spelling of an expression depends on, until the transaction ends.
inline constexpr std::string_view pin_spelling = R"(SELECT pg_catalog.set_config('search_path', $1, true),
    pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'postgres', true),
    pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('extra_float_digits', '1', true),
    pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('quote_all_identifiers', 'off', true))";

inline constexpr std::string_view read_relations = R"(SELECT c.relname, c.relkind, c.relpersistence, c.relrowsecurity,
    c.relforcerowsecurity, c.relispopulated,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';')
         WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
    pg_catalog.array_to_string(c.reloptions, ', '), pg_catalog.obj_description(c.oid, 'pg_class'),
    pg_catalog.pg_get_userbyid(c.relowner),
    (SELECT p.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
     WHERE i.inhrelid = c.oid AND i.inhseqno = 1)
FROM pg_catalog.pg_class c
WHERE c.relnamespace = $1::oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                  AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY c.relname COLLATE "C")";

inline constexpr std::string_view read_columns = R"(SELECT c.relname, a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN
        (SELECT CASE WHEN pg_catalog.pg_collation_is_visible(l.oid) THEN ''
                     ELSE pg_catalog.quote_ident(s.nspname) || '.' END || pg_catalog.quote_ident(l.collname)
         FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace s ON s.oid = l.collnamespace
         WHERE l.oid = a.attcollation) END,
    NOT a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
    pg_catalog.col_description(c.oid, a.attnum)
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = $1::oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname COLLATE "C", a.attnum)";

// NOT NULL is a constraint of its own from version 18; here it belongs to the column.
inline constexpr std::string_view read_constraints = R"(SELECT c.relname, o.conname, o.contype,
    pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(o.oid), ' NOT VALID$', ''), o.convalidated,
    (SELECT pg_catalog.string_agg(pg_catalog.octet_length(pg_catalog.convert_to(a.attname, 'UTF8')) || ':' || a.attname,
                                  '' ORDER BY k.place)
     FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY AS k(attnum, place)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.attnum),
    f.relname,
    (SELECT pg_catalog.string_agg(pg_catalog.octet_length(pg_catalog.convert_to(a.attname, 'UTF8')) || ':' || a.attname,
                                  '' ORDER BY k.place)
     FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY AS k(attnum, place)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.attnum)
FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
LEFT JOIN pg_catalog.pg_class f ON f.oid = o.confrelid
WHERE c.relnamespace = $1::oid AND o.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY c.relname COLLATE "C", o.conname COLLATE "C")";

inline constexpr std::string_view read_indexes = R"(SELECT c.relname, x.relname, i.indisunique,
    pg_catalog.substr(pg_catalog.pg_get_indexdef(i.indexrelid, 0, true),
        pg_catalog.length('CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
                          || pg_catalog.quote_ident(x.relname) || ' ON ') + 1),
    i.indisvalid AND i.indisready,
    EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')),
    (SELECT pg_catalog.string_agg(pg_catalog.octet_length(pg_catalog.convert_to(a.attname, 'UTF8')) || ':' || a.attname,
                                  '' ORDER BY a.attnum)
     FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = i.indrelid AND (a.attnum = ANY (i.indkey) AND a.attnum > 0 OR EXISTS (
         SELECT FROM pg_catalog.pg_depend p
         WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = i.indexrelid
           AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = i.indrelid
           AND p.refobjsubid = a.attnum AND a.attnum > 0)))
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE c.relnamespace = $1::oid AND c.relkind IN ('r', 'p', 'm')
ORDER BY c.relname COLLATE "C", x.relname COLLATE "C")";

// A trigger whose function an extension brings is the extension's.
inline constexpr std::string_view read_triggers = R"(SELECT c.relname, 't', t.tgname,
    pg_catalog.pg_get_triggerdef(t.oid, true), t.tgenabled, p.proname
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = $1::oid AND NOT t.tgisinternal
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                  AND e.objid = p.oid AND e.deptype = 'e')
UNION ALL
SELECT c.relname, 'p', o.polname,
    CASE WHEN o.polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END
    || CASE o.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                     WHEN 'd' THEN ' FOR DELETE' ELSE ' FOR ALL' END
    || ' TO ' || (SELECT pg_catalog.string_agg(CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE
                      pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.oid)) END, ', ' ORDER BY r.oid)
                  FROM pg_catalog.unnest(o.polroles) AS r(oid))
    || coalesce(' USING (' || pg_catalog.pg_get_expr(o.polqual, o.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid) || ')', ''), 'O', ''
FROM pg_catalog.pg_policy o JOIN pg_catalog.pg_class c ON c.oid = o.polrelid
WHERE c.relnamespace = $1::oid
ORDER BY 1, 2, 3)";

inline constexpr std::string_view read_view_uses = R"(SELECT DISTINCT v.relname, t.relname, a.attname
FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_rewrite'::regclass AND p.objid = r.oid
                           AND p.refclassid = 'pg_catalog.pg_class'::regclass
JOIN pg_catalog.pg_class t ON t.oid = p.refobjid AND t.oid <> v.oid AND t.relnamespace = v.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid AND p.refobjsubid > 0
WHERE v.relnamespace = $1::oid AND v.relkind IN ('v', 'm')
ORDER BY 1, 2, 3)";

inline constexpr std::string_view read_types = R"(SELECT t.typname,
    CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' ELSE 'range type' END,
    (SELECT pg_catalog.string_agg(pg_catalog.octet_length(pg_catalog.convert_to(e.enumlabel, 'UTF8')) || ':'
                                  || e.enumlabel, '' ORDER BY e.enumsortorder)
     FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
    pg_catalog.obj_description(t.oid, 'pg_type')
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = $1::oid AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass
                  AND e.objid = t.oid AND e.deptype = 'e')
ORDER BY t.typname COLLATE "C")";

/// Reads functions; bodies in the standard's own syntax exist from version 14.
[[nodiscard]] inline std::string read_functions(int server_version) {
    std::string const body = server_version >= 140000 ? "coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)"
                                                      : "p.prosrc";
    return R"(SELECT p.proname, p.prokind, pg_catalog.pg_get_function_identity_arguments(p.oid),
    pg_catalog.pg_get_function_result(p.oid), l.lanname,
    pg_catalog.concat_ws(' ', CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
        CASE WHEN p.proisstrict THEN 'STRICT' END, CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END,
        CASE WHEN p.proleakproof THEN 'LEAKPROOF' END,
        CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' END,
        'SET ' || pg_catalog.array_to_string(p.proconfig, ', ')),
    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.btrim(
        pg_catalog.regexp_replace()" +
           body + R"(, '[ \t\r]+(\n|$)', '\1', 'g'), E'\n '), 'UTF8')), 'hex'),
    CASE WHEN p.prokind IN ('f', 'p') THEN
        CASE p.prokind WHEN 'f' THEN 'CREATE OR REPLACE FUNCTION ' ELSE 'CREATE OR REPLACE PROCEDURE ' END
        || pg_catalog.substr(pg_catalog.pg_get_functiondef(p.oid),
               pg_catalog.length(CASE p.prokind WHEN 'f' THEN 'CREATE OR REPLACE FUNCTION '
                                                ELSE 'CREATE OR REPLACE PROCEDURE ' END
                                 || pg_catalog.quote_ident(n.nspname) || '.') + 1) END,
    pg_catalog.obj_description(p.oid, 'pg_proc')
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = $1::oid
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                  AND e.objid = p.oid AND e.deptype = 'e')
ORDER BY p.proname COLLATE "C", 3)";
}

inline constexpr std::string_view read_sequences = R"(SELECT c.relname,
    pg_catalog.format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s',
        pg_catalog.format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
        CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
    t.relname, a.attname, coalesce(d.deptype = 'i', false)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE c.relnamespace = $1::oid AND c.relkind = 'S'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                  AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY c.relname COLLATE "C")";

inline constexpr std::string_view read_extensions =
    R"(SELECT extname, extversion FROM pg_catalog.pg_extension ORDER BY extname COLLATE "C")";

// An owner's rights to what he owns are no grant.
inline constexpr std::string_view read_grants = R"(SELECT g.name, g.kind, g.attname,
    CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END, g.privilege_type
FROM (SELECT c.relname AS name, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, '' AS attname,
             x.grantee, x.privilege_type, c.relowner AS owner
      FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x
      WHERE c.relnamespace = $1::oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      UNION ALL
      SELECT c.relname, 'TABLE', a.attname, x.grantee, x.privilege_type, c.relowner
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
      WHERE c.relnamespace = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT p.proname, 'FUNCTION', '', x.grantee, x.privilege_type, p.proowner
      FROM pg_catalog.pg_proc p CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) x
      WHERE p.pronamespace = $1::oid AND x.grantee <> 0) AS g
WHERE g.grantee <> g.owner
ORDER BY 1, 2, 3, 4, 5)";

// Through JSON, for the columns of these views change with the version of the extension.
inline constexpr std::string_view read_hypertables = R"(SELECT h.hypertable_name,
    (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', d.j ->> 'column_name', d.j ->> 'time_interval',
         d.j ->> 'integer_interval', d.j ->> 'num_partitions'), ', ' ORDER BY d.j ->> 'dimension_number')
     FROM (SELECT pg_catalog.to_jsonb(x) AS j FROM timescaledb_information.dimensions x) AS d
     WHERE d.j ->> 'hypertable_schema' = h.hypertable_schema AND d.j ->> 'hypertable_name' = h.hypertable_name)
    || coalesce((SELECT '; ' || pg_catalog.string_agg((d.j ->> 'proc_name') || ' '
         || ((d.j -> 'config') - 'hypertable_id')::text, ', ' ORDER BY d.j ->> 'proc_name')
     FROM (SELECT pg_catalog.to_jsonb(x) AS j FROM timescaledb_information.jobs x) AS d
     WHERE d.j ->> 'hypertable_schema' = h.hypertable_schema AND d.j ->> 'hypertable_name' = h.hypertable_name), '')
FROM timescaledb_information.hypertables h JOIN pg_catalog.pg_namespace n ON n.nspname = h.hypertable_schema
WHERE n.oid = $1::oid)";

// The view itself reads what was computed before, in a table whose name the extension numbers; what was asked for is this.
inline constexpr std::string_view read_continuous = R"(SELECT v.view_name, pg_catalog.rtrim(v.view_definition, ';')
FROM timescaledb_information.continuous_aggregates v JOIN pg_catalog.pg_namespace n ON n.nspname = v.view_schema
WHERE n.oid = $1::oid)";

}  // namespace sark::catalog::detail
