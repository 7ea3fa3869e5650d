// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrate/detail/assertion_sink.hpp>
#include <sark/migrate/detail/assertion_sql.hpp>
#include <sark/schema/definition.hpp>
#include <sark/schema/timescale_ddl.hpp>

namespace sark::migrate::detail {

/// Asserts that a table is the hypertable it should be. Policies are not asked for: what the server's licence refuses
/// is degraded, not missing (`engine_drift` tells).
constexpr void assert_hypertable(assertion_sink& s, schema::table const& t) {
    if (!t.chunks.is_one()) return;
    s.add(severity::error, {t.name},
          [&](sql::writer& w) {
              w.put("SELECT 1 - count(*), NULL FROM timescaledb_information.dimensions JOIN pg_catalog.pg_class ON "
                    "relname = hypertable_name AND pg_class.oid = ");
              put_regclass(w, t.name);
              w.put(" JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace AND nspname = hypertable_schema "
                    "WHERE dimension_number = 1 AND column_name = ");
              sql::put_literal(w, t.chunks.time);
              bool const number = t.chunks.chunk.find_first_not_of("0123456789") == std::string_view::npos;
              w.put(number ? " AND integer_interval = " : " AND time_interval = ");
              schema::detail::put_span(w, t.chunks.chunk);
          },
          {"table ", t.name, " is no hypertable by ", t.chunks.time, " in chunks of ", t.chunks.chunk,
           ". Run sark::migrate::adopt."});
}

/// Asserts that the rows of a table are where Citus should keep them.
constexpr void assert_distribution(assertion_sink& s, schema::table const& t) {
    if (t.shards.is_local()) return;
    bool const reference = t.shards.kind == schema::placement::reference;
    s.add(severity::error, {t.name},
          [&](sql::writer& w) {
              w.put("SELECT 1 - count(*), NULL FROM pg_catalog.pg_dist_partition WHERE logicalrelid = ");
              put_regclass(w, t.name);
              if (reference) return w.put(" AND partmethod = 'n' AND repmodel = 't'");
              w.put(" AND partmethod = 'h' AND column_to_column_name(logicalrelid, partkey) = ");
              sql::put_literal(w, t.shards.column);
          },
          {"table ", t.name, reference ? " is no reference table" : " is not distributed by ", t.shards.column,
           ". Run sark::migrate::adopt."});
}

}  // namespace sark::migrate::detail
