// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/definition.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark::schema::detail {

/// Writes a relation's name as text that `::regclass` takes.
constexpr void put_relation_text(sql::writer& w, std::string_view name) {
    w.put("'\"");
    for (char c : name) {
        if (c == '"' || c == '\'') w.put(c);
        w.put(c);
    }
    w.put("\"'");
}

constexpr void put_relation(sql::writer& w, std::string_view name) {
    put_relation_text(w, name);
    w.put("::regclass");
}

/// Writes how long something spans: `7 days` as an interval, digits as the number that integer columns count in.
constexpr void put_span(sql::writer& w, std::string_view span) {
    if (span.find_first_not_of("0123456789") == std::string_view::npos) return w.put(span);
    w.put("INTERVAL ");
    sql::put_literal(w, span);
}

/// Begins a block whose calls find TimescaleDB's functions in whatever schema it was installed, and in which nobody
/// hears the extension's advice on column types.
constexpr void put_timescale_begin(sql::writer& w, std::string_view purpose, std::string_view relation) {
    w.put("DO $sark$ -- ");
    w.put(purpose);
    w.put(relation);
    w.put("\nDECLARE\n"
          "    sark_path text := current_setting('search_path');\n"
          "    sark_talk text := current_setting('client_min_messages');\n"
          "BEGIN\n"
          "    PERFORM set_config('client_min_messages', 'error', true), set_config('search_path', concat_ws(', ',\n"
          "        nullif(sark_path, ''), (SELECT quote_ident(nspname) FROM pg_catalog.pg_extension\n"
          "        JOIN pg_catalog.pg_namespace ON pg_namespace.oid = extnamespace\n"
          "        WHERE extname = 'timescaledb')), true);\n");
}

constexpr void put_timescale_end(sql::writer& w) {
    w.put(
        "    PERFORM set_config('search_path', sark_path, true), set_config('client_min_messages', sark_talk, true);\n"
        "END\n$sark$");
}

/// Writes the condition on a view of timescaledb_information that it has a row for a relation; `kind` is `hypertable`
/// or `view`, as its columns are called.
constexpr void put_is_known(sql::writer& w, std::string_view view, std::string_view kind, std::string_view relation) {
    w.put("EXISTS (SELECT FROM timescaledb_information.");
    w.put(view);
    w.put(" WHERE (");
    w.put(kind);
    w.put("_schema, ");
    w.put(kind);
    w.put("_name) = (SELECT nspname, relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace\n"
          "        ON pg_namespace.oid = relnamespace WHERE pg_class.oid = ");
    put_relation(w, relation);
    w.put(')');
}

/// Begins what a server under the Apache licence refuses with 0A000; `put_degrade` ends it.
constexpr void put_try(sql::writer& w) { w.put("    BEGIN\n"); }

/// Catches the refusal of the Apache licence, runs `instead`, and warns: the operator reads it in the client and in the
/// server's log. What else is refused with 0A000 stays an error.
template <class Instead>
constexpr void put_degrade(sql::writer& w, std::string_view relation, std::string_view warning,
                           Instead const& put_instead) {
    w.put("    EXCEPTION WHEN feature_not_supported THEN\n"
          "        IF coalesce(current_setting('timescaledb.license', true), '') <> 'apache' THEN RAISE; END IF;\n");
    put_instead(w);
    w.put("        PERFORM set_config('client_min_messages', sark_talk, true);\n"
          "        RAISE WARNING USING ERRCODE = '0A000', TABLE = ");
    sql::put_literal(w, relation);
    w.put(", MESSAGE = 'sark: ' || ");
    sql::put_literal(w, relation);
    w.put(" || ");
    sql::put_literal(w, warning);
    w.put(",\n            HINT = 'TimescaleDB runs here under its Apache licence. Under its community licence "
          "sark::migrate::adopt makes up for it.';\n    END;\n");
}

inline constexpr auto put_nothing_instead = [](sql::writer&) {};

}  // namespace sark::schema::detail

namespace sark::schema {

/// Writes the block that makes a hypertable of a table, its rows included; nothing happens when it is one.
constexpr void put_create_hypertable(sql::writer& w, std::string_view table, hypertable const& h) {
    detail::put_timescale_begin(w, "makes a hypertable of ", table);
    w.put("    IF NOT ");
    detail::put_is_known(w, "hypertables", "hypertable", table);
    w.put(") THEN\n        PERFORM create_hypertable(");
    detail::put_relation(w, table);
    w.put(", ");
    sql::put_literal(w, h.time);
    if (!h.space.empty()) {
        w.put(", partitioning_column => ");
        sql::put_literal(w, h.space);
        w.put(", number_partitions => ");
        w.put_number(static_cast<unsigned long long>(h.partitions));
    }
    w.put(", chunk_time_interval => ");
    detail::put_span(w, h.chunk);
    w.put(",\n            create_default_indexes => false, migrate_data => true);\n    END IF;\n");
    detail::put_timescale_end(w);
}

/// Writes the block that compresses old chunks of a hypertable; under the Apache licence it warns instead.
constexpr void put_compress(sql::writer& w, std::string_view table, hypertable const& h) {
    detail::put_timescale_begin(w, "compresses old chunks of ", table);
    detail::put_try(w);
    w.put("        ALTER TABLE ");
    sql::put_identifier(w, table);
    w.put(" SET (timescaledb.compress, timescaledb.compress_segmentby = '");
    bool first = true;
    for (std::string_view name : h.segment_by) {
        w.put_separator(first, ", ");
        w.put('"');
        for (char c : name) {
            if (c == '"' || c == '\'') w.put(c);
            w.put(c);
        }
        w.put('"');
    }
    w.put("',\n            timescaledb.compress_orderby = ");
    // A text with quotes of its own: the extension parses it.
    w.put("'\"");
    for (char c : h.time) {
        if (c == '"' || c == '\'') w.put(c);
        w.put(c);
    }
    w.put("\" DESC');\n        PERFORM add_compression_policy(");
    detail::put_relation(w, table);
    w.put(", ");
    detail::put_span(w, h.compress_after);
    w.put(", if_not_exists => true);\n");
    detail::put_degrade(w, table, ": its old chunks are not compressed", detail::put_nothing_instead);
    detail::put_timescale_end(w);
}

/// Writes the block that undoes it: chunks are written out again. Nothing happens where nothing is compressed.
constexpr void put_decompress(sql::writer& w, std::string_view table) {
    detail::put_timescale_begin(w, "writes out compressed chunks of ", table);
    w.put("    IF ");
    detail::put_is_known(w, "hypertables", "hypertable", table);
    w.put("\n        AND compression_enabled) THEN\n        PERFORM remove_compression_policy(");
    detail::put_relation(w, table);
    w.put(", if_exists => true);\n        PERFORM decompress_chunk(chunk, if_compressed => true) FROM show_chunks(");
    detail::put_relation(w, table);
    w.put(") AS chunk;\n        ALTER TABLE ");
    sql::put_identifier(w, table);
    w.put(" SET (timescaledb.compress = false);\n    END IF;\n");
    detail::put_timescale_end(w);
}

/// Writes the block that has old chunks of a hypertable dropped; under the Apache licence it warns instead.
constexpr void put_retain(sql::writer& w, std::string_view table, hypertable const& h) {
    detail::put_timescale_begin(w, "drops old chunks of ", table);
    detail::put_try(w);
    w.put("        PERFORM add_retention_policy(");
    detail::put_relation(w, table);
    w.put(", ");
    detail::put_span(w, h.drop_after);
    w.put(", if_not_exists => true);\n");
    detail::put_degrade(w, table, ": its old chunks are not dropped", detail::put_nothing_instead);
    detail::put_timescale_end(w);
}

/// Writes the block that ends it; nothing happens where no policy is.
constexpr void put_retain_no_more(sql::writer& w, std::string_view table) {
    detail::put_timescale_begin(w, "keeps old chunks of ", table);
    w.put("    IF ");
    detail::put_is_known(w, "jobs", "hypertable", table);
    w.put("\n        AND proc_name = 'policy_retention') THEN\n        PERFORM remove_retention_policy(");
    detail::put_relation(w, table);
    w.put(", if_exists => true);\n    END IF;\n");
    detail::put_timescale_end(w);
}

/// Writes the block that makes a continuous aggregate; under the Apache licence a plain view with a warning. Nothing
/// happens when it is one, and a plain view of the name gives way to it.
constexpr void put_create_continuous(sql::writer& w, view const& v) {
    auto const put_interval = [&](std::string_view text) { text.empty() ? w.put("NULL") : detail::put_span(w, text); };
    detail::put_timescale_begin(w, "makes continuous aggregate ", v.name);
    w.put("    IF to_regclass(");
    detail::put_relation_text(w, v.name);
    w.put(") IS NULL OR NOT ");
    // Only looked at when the relation exists, or the cast would fail.
    w.put("EXISTS (SELECT FROM timescaledb_information.continuous_aggregates WHERE (view_schema, view_name) = (SELECT\n"
          "        nspname, relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace\n"
          "        ON pg_namespace.oid = relnamespace WHERE pg_class.oid = to_regclass(");
    detail::put_relation_text(w, v.name);
    w.put("))) THEN\n    DROP VIEW IF EXISTS ");
    sql::put_identifier(w, v.name);
    w.put(";\n");
    detail::put_try(w);
    w.put("        EXECUTE $sark_view$CREATE MATERIALIZED VIEW ");
    sql::put_identifier(w, v.name);
    w.put(" WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS\n");
    w.put(v.query);
    w.put("\nWITH NO DATA$sark_view$;\n        PERFORM add_continuous_aggregate_policy(");
    detail::put_relation(w, v.name);
    w.put(", start_offset => ");
    put_interval(v.continuous.from);
    w.put(", end_offset => ");
    put_interval(v.continuous.until);
    w.put(",\n            schedule_interval => ");
    put_interval(v.continuous.every);
    w.put(");\n");
    detail::put_degrade(w, v.name, " is a plain view: it is computed whenever it is read", [&](sql::writer& out) {
        out.put("        EXECUTE $sark_view$CREATE VIEW ");
        sql::put_identifier(out, v.name);
        out.put(" AS\n");
        out.put(v.query);
        out.put("$sark_view$;\n");
    });
    w.put("    END IF;\n");
    detail::put_timescale_end(w);
}

/// Writes the block that drops a continuous aggregate, or the plain view that stands for it.
constexpr void put_drop_continuous(sql::writer& w, std::string_view name) {
    detail::put_timescale_begin(w, "drops continuous aggregate ", name);
    w.put("    IF ");
    detail::put_is_known(w, "continuous_aggregates", "view", name);
    w.put(") THEN\n        DROP MATERIALIZED VIEW ");
    sql::put_identifier(w, name);
    w.put(";\n    ELSE\n        DROP VIEW ");
    sql::put_identifier(w, name);
    w.put(";\n    END IF;\n");
    detail::put_timescale_end(w);
}

}  // namespace sark::schema
