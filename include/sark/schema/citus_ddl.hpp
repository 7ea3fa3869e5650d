// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/timescale_ddl.hpp>

namespace sark::schema::detail {

/// Begins a block in which Citus tells nobody what it does, and does it on one connection per node, so that further
/// DDL may follow in the transaction.
constexpr void put_citus_begin(sql::writer& w, std::string_view purpose, std::string_view relation) {
    w.put("DO $sark$ -- ");
    w.put(purpose);
    w.put(relation);
    w.put("\nDECLARE\n    sark_table regclass := ");
    put_relation(w, relation);
    w.put(";\n    sark_talk text := current_setting('client_min_messages');\n"
          "BEGIN\n    PERFORM set_config('client_min_messages', 'error', true);\n"
          "    PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);\n");
}

constexpr void put_citus_end(sql::writer& w) {
    w.put("    PERFORM set_config('client_min_messages', sark_talk, true);\nEND\n$sark$");
}

/// Writes the condition that the table is placed so: by hash ('h'), or on every node ('t').
constexpr void put_is_placed(sql::writer& w, placement kind) {
    w.put("EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = sark_table AND ");
    w.put(kind == placement::reference ? "partmethod = 'n' AND repmodel = 't')" : "partmethod = 'h')");
}

}  // namespace sark::schema::detail

namespace sark::schema {

/// Writes the block that moves a table of the coordinator into shards, or onto every node, its rows included; nothing
/// happens when it is there.
///
/// The rows that stay behind on the coordinator, where nobody sees them any more, are removed.
constexpr void put_distribute(sql::writer& w, std::string_view table, distribution const& d) {
    detail::put_citus_begin(w, "distributes ", table);
    w.put("    IF NOT ");
    detail::put_is_placed(w, d.kind);
    w.put(" THEN\n");
    if (d.kind == placement::reference) {
        w.put("        PERFORM create_reference_table(sark_table);\n");
    } else {
        w.put("        PERFORM create_distributed_table(sark_table, ");
        sql::put_literal(w, d.column);
        w.put(", colocate_with => ");
        if (d.with.empty())
            w.put("'none'");
        else
            detail::put_relation_text(w, d.with);
        w.put(");\n");
    }
    w.put("        PERFORM truncate_local_data_after_distributing_table(sark_table);\n    END IF;\n");
    detail::put_citus_end(w);
}

/// Writes the block that brings the rows of a table back to the coordinator.
///
/// It stops, and changes nothing, where materialized views read the table: Citus would drop them with all they hold.
constexpr void put_undistribute(sql::writer& w, std::string_view table, distribution const& d) {
    detail::put_citus_begin(w, "brings back the rows of ", table);
    w.put("    IF NOT ");
    detail::put_is_placed(w, d.kind);
    w.put(" THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = ");
    sql::put_literal(w, table);
    w.put(",\n            MESSAGE = format('sark: %s is not distributed, so there is nothing to undo', sark_table),\n"
          "            HINT = 'Citus was installed after the migration ran. Run sark::migrate::adopt first.';\n"
          "    END IF;\n"
          "    IF EXISTS (SELECT FROM pg_catalog.pg_depend JOIN pg_catalog.pg_rewrite ON pg_rewrite.oid = objid\n"
          "        JOIN pg_catalog.pg_class ON pg_class.oid = ev_class AND relkind = 'm'\n"
          "        WHERE classid = 'pg_rewrite'::regclass AND refobjid = sark_table) THEN\n"
          "        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', TABLE = ");
    sql::put_literal(w, table);
    w.put(",\n            MESSAGE = format('sark: a materialized view reads %s and would be dropped', sark_table),\n"
          "            HINT = 'Drop it, go back, and create it again.';\n    END IF;\n"
          "    PERFORM undistribute_table(sark_table);\n");
    detail::put_citus_end(w);
}

}  // namespace sark::schema
