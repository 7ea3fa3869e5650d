// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/timescale_ddl.hpp>

namespace sark::schema::detail {

/// Lists, as statements, what CREATE TABLE … LIKE does not take along.
inline constexpr std::string_view left_behind =
    R"(    SELECT array_agg(line ORDER BY place, line) INTO sark_after FROM (
        SELECT 1 AS place, format('ALTER TABLE %s ADD CONSTRAINT %I %s', sark_table, conname,
                                  pg_get_constraintdef(oid)) AS line
        FROM pg_catalog.pg_constraint WHERE conrelid = sark_table AND contype IN ('p', 'u', 'x', 'f')
        UNION ALL SELECT 2, pg_get_indexdef(indexrelid) FROM pg_catalog.pg_index WHERE indrelid = sark_table
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint
                            WHERE conrelid = sark_table AND conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        UNION ALL SELECT 3, pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger
            WHERE tgrelid = sark_table AND NOT tgisinternal
            AND tgname NOT IN ('ts_insert_blocker', 'ts_cagg_invalidation_trigger')
        UNION ALL SELECT 4, format('ALTER SEQUENCE %s OWNED BY %s.%I', objid::regclass, sark_table, attname)
            FROM pg_catalog.pg_depend JOIN pg_catalog.pg_class ON pg_class.oid = objid AND relkind = 'S'
            JOIN pg_catalog.pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
            WHERE classid = 'pg_class'::regclass AND refobjid = sark_table AND deptype = 'a'
        UNION ALL SELECT 5, format('COMMENT ON TABLE %s IS %L', sark_table, obj_description(sark_table, 'pg_class'))
            WHERE obj_description(sark_table, 'pg_class') IS NOT NULL
        UNION ALL SELECT 6, format('GRANT %s ON TABLE %s TO %s%s', privilege_type, sark_table,
                                   CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                                   CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_catalog.pg_class, aclexplode(relacl) WHERE pg_class.oid = sark_table AND grantee <> relowner
        UNION ALL SELECT 7, format('ALTER TABLE %s OWNER TO %I', sark_table, pg_get_userbyid(relowner))
            FROM pg_catalog.pg_class WHERE oid = sark_table AND pg_get_userbyid(relowner) <> current_user
    ) AS lines;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO sark_columns FROM pg_catalog.pg_attribute
    WHERE attrelid = sark_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    FOR sark_do IN SELECT format('ALTER SEQUENCE %s OWNED BY NONE', objid::regclass) FROM pg_catalog.pg_depend
        JOIN pg_catalog.pg_class ON pg_class.oid = objid AND relkind = 'S'
        WHERE classid = 'pg_class'::regclass AND refobjid = sark_table AND deptype = 'a' LOOP EXECUTE sark_do;
    END LOOP;
)";

}  // namespace sark::schema::detail

namespace sark::schema {

/// Writes the block that makes a plain table of a hypertable, by a copy: rows, keys, indexes, triggers, sequences,
/// comments, owner and grants of the table come along.
///
/// It stops, and changes nothing, where something would not: row security, grants on columns, publications, identity
/// columns; and, by the server's own word, views that read the table.
constexpr void put_drop_hypertable(sql::writer& w, std::string_view table) {
    w.put("DO $sark$ -- makes a plain table of hypertable ");
    w.put(table);
    w.put("\nDECLARE\n    sark_table regclass := ");
    detail::put_relation(w, table);
    w.put(
        ";\n    sark_new text;\n    sark_after text[];\n    sark_columns text;\n    sark_do text;\nBEGIN\n    IF NOT ");
    detail::put_is_known(w, "hypertables", "hypertable", table);
    w.put(") THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = ");
    sql::put_literal(w, table);
    w.put(",\n            MESSAGE = format('sark: %s is no hypertable, so there is none to undo', sark_table),\n"
          "            HINT = 'TimescaleDB was installed after the migration ran. Run sark::migrate::adopt first.';\n"
          "    END IF;\n    IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = sark_table AND relrowsecurity)\n"
          "        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel WHERE prrelid = sark_table)\n"
          "        OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = sark_table\n"
          "                   AND (attacl IS NOT NULL OR attidentity <> '')) THEN\n"
          "        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', TABLE = ");
    sql::put_literal(w, table);
    w.put(
        ",\n            MESSAGE = format('sark: %s has row security, a publication, an identity column or grants on '\n"
        "                             'columns, which a copy would lose', sark_table),\n"
        "            HINT = 'Remove them, go back, and add them again.';\n    END IF;\n    LOCK TABLE ");
    sql::put_identifier(w, table);
    w.put(" IN ACCESS EXCLUSIVE MODE;\n");
    w.put(detail::left_behind);
    w.put("    SELECT format('%I.sark_plain', nspname) INTO sark_new FROM pg_catalog.pg_class\n"
          "    JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = sark_table;\n"
          "    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES)', sark_new, sark_table);\n"
          "    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s', sark_new, sark_columns, sark_columns,\n"
          "                   sark_table);\n    DROP TABLE ");
    sql::put_identifier(w, table);
    w.put(";\n    EXECUTE format('ALTER TABLE %s RENAME TO %I', sark_new, ");
    sql::put_literal(w, table);
    w.put(");\n    FOREACH sark_do IN ARRAY coalesce(sark_after, '{}') LOOP EXECUTE sark_do; END LOOP;\nEND\n$sark$");
}

}  // namespace sark::schema
