// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/detail/preflight_catalog.hpp>
#include <sark/migrate/timescale_operations.hpp>

namespace sark::migrate::detail {

// What operations of engines need before they run; see preflight_operations.hpp.

/// Asks for what a copy into a plain table would lose.
constexpr void ask_copy_keeps_all(preflight_scene& s, std::string_view table) {
    if (s.table_at_start(table) == nullptr) return;
    s.sink.add(
        severity::error, {table},
        [&](sql::writer& w) {
            w.put("SELECT count(*), NULL FROM pg_catalog.pg_class AS c WHERE c.oid = ");
            put_regclass(w, table);
            w.put(" AND (relrowsecurity OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel WHERE prrelid = c.oid) OR "
                  "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND (attacl IS NOT NULL OR "
                  "attidentity <> '')))");
        },
        {"hypertable ", table,
         " has row security, a publication, an identity column or grants on columns, which its copy into a plain table "
         "would lose. Remove them first."});
}

/// Asks for triggers that the chain does not know: Citus refuses a table that has some.
constexpr void ask_no_triggers(preflight_scene& s, std::string_view table) {
    schema::table const* const known = s.table_at_start(table);
    if (known == nullptr) return;
    s.sink.add(
        severity::error, {table},
        [&](sql::writer& w) {
            w.put("SELECT count(*), string_agg(tgname, ', ' ORDER BY tgname) FROM pg_catalog.pg_trigger WHERE tgrelid "
                  "= ");
            put_regclass(w, table);
            w.put(" AND NOT tgisinternal");
            for (schema::trigger const& t : known->triggers) {
                w.put(" AND tgname <> ");
                sql::put_literal(w, t.name);
            }
        },
        {"triggers of ", table, " are none of the chain's, and Citus refuses a table with triggers. Drop them first."});
}

constexpr void expect(preflight_scene& s, migrate::create_hypertable_t const& op, bool up) {
    s.touch(op.table);
    needs_relation(s, op.table);
    needs_column(s, op.table, op.time.column);
    if (!up) ask_copy_keeps_all(s, op.table);
}

constexpr void expect(preflight_scene& s, migrate::compress_chunks_t const& op, bool) {
    s.touch(op.table);
    needs_relation(s, op.table);
    for (std::string_view name : op.segment_by) needs_column(s, op.table, name);
}

constexpr void expect(preflight_scene& s, migrate::drop_chunks_t const& op, bool) {
    s.touch(op.table);
    needs_relation(s, op.table);
}

constexpr void expect(preflight_scene& s, migrate::create_continuous_aggregate_t const& op, bool up) {
    s.touch(op.name);
    up ? needs_free_relation(s, "view", op.name) : needs_relation(s, op.name);
    s.rows_change(op.name);
}

constexpr void expect(preflight_scene& s, migrate::distribute_t const& op, bool up) {
    s.touch(op.table);
    needs_relation(s, op.table);
    if (!op.to.column.empty()) needs_column(s, op.table, op.to.column);
    if (up) ask_no_triggers(s, op.table);
}

}  // namespace sark::migrate::detail
