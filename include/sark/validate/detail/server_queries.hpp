// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sark::validate::detail {

// Each gives one row per finding: subject, sentence, evidence, repair. They look at the current schema only.

inline constexpr std::string_view duplicate_indexes =
    R"(SELECT DISTINCT ON (1) c.relname || '.' || x.relname,
    'Index ' || x.relname || ' of ' || c.relname || ' does nothing that ' || y.relname || ' does not.',
    pg_catalog.pg_get_indexdef(i.indexrelid) || E'\n' || pg_catalog.pg_get_indexdef(j.indexrelid),
    'DROP INDEX ' || pg_catalog.quote_ident(x.relname)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_index j ON j.indrelid = i.indrelid AND j.indexrelid <> i.indexrelid
JOIN pg_catalog.pg_class y ON y.oid = j.indexrelid AND y.relam = x.relam
JOIN pg_catalog.pg_am m ON m.oid = x.relam
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = pg_catalog.current_schema()
WHERE i.indisvalid AND j.indisvalid
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = i.indexrelid)
  AND (CASE WHEN i.indkey = j.indkey AND i.indnkeyatts = j.indnkeyatts THEN
           i.indclass = j.indclass AND i.indcollation = j.indcollation AND i.indoption = j.indoption
           AND pg_catalog.pg_get_expr(i.indexprs, i.indrelid) IS NOT DISTINCT FROM
               pg_catalog.pg_get_expr(j.indexprs, j.indrelid)
           AND pg_catalog.pg_get_expr(i.indpred, i.indrelid) IS NOT DISTINCT FROM
               pg_catalog.pg_get_expr(j.indpred, j.indrelid)
           AND (NOT i.indisunique OR j.indisunique)
           AND (EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = j.indexrelid)
                OR j.indisunique AND NOT i.indisunique OR i.indexrelid > j.indexrelid)
       ELSE m.amname = 'btree' AND NOT i.indisunique AND i.indnatts = i.indnkeyatts AND i.indnkeyatts < j.indnkeyatts
           AND i.indexprs IS NULL AND j.indexprs IS NULL AND i.indpred IS NULL AND j.indpred IS NULL
           AND pg_catalog.starts_with(j.indkey::text, i.indkey::text || ' ')
           AND pg_catalog.starts_with(j.indclass::text, i.indclass::text || ' ')
           AND pg_catalog.starts_with(j.indcollation::text, i.indcollation::text || ' ')
           AND pg_catalog.starts_with(j.indoption::text, i.indoption::text || ' ') END)
ORDER BY 1, j.indisunique DESC, y.relname COLLATE "C")";

/// `$1` bytes, `$2` seconds.
inline constexpr std::string_view unused_indexes =
    R"(SELECT s.relname || '.' || s.indexrelname,
    'Index ' || s.indexrelname || ' of ' || s.relname || ' has not been used since the statistics began.',
    pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(s.indexrelid)) || ', statistics since '
        || pg_catalog.to_char(b.began AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
    'DROP INDEX ' || pg_catalog.quote_ident(s.indexrelname)
FROM pg_catalog.pg_stat_user_indexes s JOIN pg_catalog.pg_index i ON i.indexrelid = s.indexrelid
JOIN pg_catalog.pg_stat_user_tables t ON t.relid = s.relid
CROSS JOIN (SELECT greatest(d.stats_reset, pg_catalog.pg_postmaster_start_time()) AS began
            FROM pg_catalog.pg_stat_database d WHERE d.datname = pg_catalog.current_database()) AS b
WHERE s.schemaname = pg_catalog.current_schema() AND s.idx_scan = 0 AND NOT i.indisunique AND i.indisvalid
  AND t.seq_scan + coalesce(t.idx_scan, 0) > 0
  AND pg_catalog.pg_relation_size(s.indexrelid) >= $1::bigint
  AND b.began <= pg_catalog.now() - pg_catalog.make_interval(secs => $2::double precision)
ORDER BY 1)";

/// `$1` share.
inline constexpr std::string_view sequences_near_end =
    R"(SELECT s.sequencename, 'Sequence ' || s.sequencename || ' has given '
    || pg_catalog.round(100 * s.last_value::numeric / s.max_value) || ' % of its numbers.',
    'the greatest is ' || s.max_value, '-- Widen the column and the sequence to bigint'
FROM pg_catalog.pg_sequences s
WHERE s.schemaname = pg_catalog.current_schema() AND NOT s.cycle AND s.increment_by > 0
  AND s.last_value > s.max_value * $1::double precision
ORDER BY 1)";

/// `$1` rows, `$2` share.
inline constexpr std::string_view stale_statistics =
    R"(SELECT s.relname, 'Table ' || s.relname || ' has changed a lot since it was analyzed.',
    s.n_mod_since_analyze || ' changes, about ' || s.n_live_tup || ' rows, analyzed '
        || coalesce(pg_catalog.to_char(greatest(s.last_analyze, s.last_autoanalyze) AT TIME ZONE 'UTC',
                                       'YYYY-MM-DD HH24:MI "UTC"'), 'never'),
    'ANALYZE ' || pg_catalog.quote_ident(s.relname)
FROM pg_catalog.pg_stat_user_tables s
WHERE s.schemaname = pg_catalog.current_schema() AND s.n_mod_since_analyze >= $1::bigint
  AND s.n_mod_since_analyze > $2::double precision * s.n_live_tup
ORDER BY 1)";

/// `$1` bytes, `$2` share. A row is its columns' average widths, 24 bytes of header, 4 of its pointer and up to 8 of
/// padding. A table that nobody analyzed has no estimate and is left out.
inline constexpr std::string_view bloated_tables =
    R"(SELECT e.relname, 'Table ' || e.relname || ' takes far more space than its rows need.',
    pg_catalog.pg_size_pretty(e.size) || ' for rows of about ' || pg_catalog.pg_size_pretty(e.needed::bigint),
    'VACUUM FULL ' || pg_catalog.quote_ident(e.relname)
FROM (SELECT c.relname, pg_catalog.pg_relation_size(c.oid) AS size, w.width, c.reltuples,
             c.reltuples * (36 + coalesce(w.width, 0)) AS needed
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = pg_catalog.current_schema()
      CROSS JOIN LATERAL (SELECT sum(s.avg_width * (1 - s.null_frac)) AS width FROM pg_catalog.pg_stats s
                          WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited) AS w
      WHERE c.relkind IN ('r', 'm') AND c.reltuples >= 0) AS e
WHERE (e.reltuples > 0 AND e.width > 0 OR e.reltuples = 0
           AND pg_catalog.current_setting('server_version_num')::integer >= 140000)
  AND e.size - e.needed >= $1::double precision AND e.size - e.needed >= $2::double precision * e.size
ORDER BY 1)";

inline constexpr std::string_view unenforced_keys =
    R"(SELECT DISTINCT c.relname || '.' || o.conname,
    'Foreign key ' || o.conname || ' of ' || c.relname || ' is not enforced: its triggers are switched off.',
    (SELECT pg_catalog.string_agg(h.relname || ': ' || g.tgname, E'\n' ORDER BY h.relname, g.tgname)
     FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class h ON h.oid = g.tgrelid
     WHERE g.tgconstraint = o.oid AND g.tgenabled NOT IN ('O', 'A')),
    'ALTER TABLE ' || pg_catalog.quote_ident(c.relname) || ' ENABLE TRIGGER ALL'
FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = pg_catalog.current_schema()
WHERE o.contype = 'f'
  AND EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgconstraint = o.oid AND g.tgenabled NOT IN ('O', 'A'))
ORDER BY 1)";

}  // namespace sark::validate::detail
