// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/db/session.hpp>
#include <sark/report/finding.hpp>
#include <sark/upgrade/detail/moves.hpp>

namespace sark::upgrade::detail {

/// What the statements need to run at all; a length may be larger, the rows are measured one by one.
inline constexpr std::string_view find_wrong_columns = R"(
SELECT w.t, w.c, w.types, coalesce(format_type(a.atttypid, NULL), 'absent')
FROM (VALUES
    ('mcp_servers', 'id', 'uuid'), ('mcp_servers', 'name', ''), ('mcp_servers', 'description', ''),
    ('mcp_servers', 'transport', ''), ('mcp_servers', 'endpoint', ''), ('mcp_servers', 'command', ''),
    ('mcp_servers', 'mcp_version', ''), ('mcp_servers', 'capabilities', 'jsonb'),
    ('mcp_servers', 'sensitivity_level', ''), ('mcp_servers', 'signature', ''), ('mcp_servers', 'status', ''),
    ('mcp_servers', 'health_endpoint', ''), ('mcp_servers', 'last_health_check', 'timestamp with time zone'),
    ('mcp_servers', 'owner_id', ''), ('mcp_servers', 'team_id', ''), ('mcp_servers', 'consul_id', ''),
    ('mcp_servers', 'tags', 'jsonb'), ('mcp_servers', 'extra_metadata', 'jsonb'),
    ('mcp_servers', 'created_at', 'timestamp with time zone'),
    ('mcp_servers', 'updated_at', 'timestamp with time zone'),
    ('mcp_tools', 'id', 'uuid'), ('mcp_tools', 'server_id', 'uuid'), ('mcp_tools', 'name', ''),
    ('mcp_tools', 'description', ''), ('mcp_tools', 'parameters_schema', 'jsonb'),
    ('mcp_tools', 'sensitivity_level', ''), ('mcp_tools', 'requires_approval', ''), ('mcp_tools', 'signature', ''),
    ('mcp_tools', 'extra_metadata', 'jsonb'), ('mcp_tools', 'created_at', 'timestamp with time zone'),
    ('mcp_tools', 'updated_at', 'timestamp with time zone'),
    ('resources', 'id', ''), ('resources', 'name', ''), ('resources', 'protocol', ''), ('resources', 'endpoint', ''),
    ('resources', 'sensitivity_level', ''), ('resources', 'metadata', 'jsonb'),
    ('resources', 'created_at', 'timestamp with time zone'), ('resources', 'updated_at', 'timestamp with time zone'),
    ('capabilities', 'id', ''), ('capabilities', 'resource_id', ''), ('capabilities', 'name', ''),
    ('capabilities', 'description', ''), ('capabilities', 'input_schema', 'jsonb'),
    ('capabilities', 'output_schema', 'jsonb'), ('capabilities', 'sensitivity_level', ''),
    ('capabilities', 'metadata', 'jsonb'), ('capabilities', 'created_at', 'timestamp with time zone'),
    ('capabilities', 'updated_at', 'timestamp with time zone'),
    ('migrated_rows', 'source_hash', ''), ('migrated_rows', 'run_id', 'uuid')) AS w(t, c, types)
LEFT JOIN pg_attribute AS a ON a.attrelid = to_regclass(quote_ident(current_schema()) || '.' || w.t)
                           AND a.attname = w.c AND a.attnum > 0 AND NOT a.attisdropped
WHERE a.attnum IS NULL OR w.types NOT IN ('', format_type(a.atttypid, NULL))
ORDER BY 1, 2)";

inline constexpr std::string_view find_missing_keys = R"(
SELECT w.t, w.k
FROM (VALUES ('mcp_servers', 'id'), ('mcp_tools', 'id'), ('resources', 'id'), ('capabilities', 'id'),
             ('migrated_rows', 'target_table,target_id')) AS w(t, k)
WHERE NOT EXISTS (
    SELECT FROM pg_index AS i
    WHERE i.indrelid = to_regclass(quote_ident(current_schema()) || '.' || w.t)
      AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND w.k = (SELECT string_agg(a.attname, ',' ORDER BY k.place)
                 FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
                 JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
                 WHERE k.place <= i.indnkeyatts))
ORDER BY 1)";

/// Finds what makes a run impossible: missing tables, columns of another type, missing keys, ids that come twice.
[[nodiscard]] inline std::vector<report::finding> blockers(session& db) {
    using report::finding;
    using report::severity;
    std::vector<finding> found;
    auto const quoted = [](std::string const& name) { return "\"" + name + "\""; };
    for (auto const& row : db.query_text(find_wrong_columns)) {
        std::string const table = row.at(0).value_or("");
        std::string const column = row.at(1).value_or("");
        std::string const want = row.at(2).value_or("");
        std::string const is = row.at(3).value_or("");
        finding made{.id = is == "absent" ? "v1-column-missing" : "v1-column-type",
                     .severity = severity::critical,
                     .subject = table + "." + column,
                     .what = is == "absent" ? table + "." + column + " is not there"
                                            : table + "." + column + " is " + is + " and has to be " + want,
                     .why = "the statements that move the rows cannot run",
                     .evidence = is};
        if (is == "absent")
            made.repair.emplace_back("-- Run: sark migrate upgrade");
        else if (is == "json" && want == "jsonb") {
            // jsonb cannot hold the escape of NUL, so these rows would stop the change of the type.
            auto const nul = db.query_text("SELECT count(*), (array_agg(\"id\"::text))[1:20] FROM " + quoted(table) +
                                           " WHERE " + quoted(column) + R"(::text ~ '(^|[^\\])(\\\\)*\\u0000')");
            if (nul.at(0).at(0) != "0")
                made.what += "; " + nul.at(0).at(0).value_or("") + " row(s) hold the escape \\u0000, which jsonb " +
                             "refuses: " + nul.at(0).at(1).value_or("");
            made.repair.push_back("ALTER TABLE " + quoted(table) + " ALTER COLUMN " + quoted(column) +
                                  " TYPE jsonb USING " + quoted(column) + "::jsonb");
        }
        found.push_back(std::move(made));
    }
    if (!found.empty()) return found;
    for (auto const& row : db.query_text(find_missing_keys)) {
        std::string const table = row.at(0).value_or("");
        finding made{.id = "v1-key-missing",
                     .severity = severity::critical,
                     .subject = table,
                     .what = table + " has no unique index on (" + row.at(1).value_or("") + ")",
                     .why = "a row cannot be told from another one with the same key",
                     .repair = {"ALTER TABLE " + quoted(table) + " ADD PRIMARY KEY (" + row.at(1).value_or("") + ")"}};
        if (row.at(1) == "id") {
            auto const twice = db.query_text("SELECT \"id\"::text FROM " + quoted(table) +
                                             " GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 20");
            std::string ids;
            for (auto const& id : twice) ids.append(ids.empty() ? "" : ", ").append(id.at(0).value_or("NULL"));
            if (!ids.empty()) made.what += "; these ids come twice: " + ids;
        }
        found.push_back(std::move(made));
    }
    if (db.query_text("SHOW server_encoding").at(0).at(0) != "UTF8")
        found.push_back({.id = "v1-encoding",
                         .severity = severity::warning,
                         .subject = {},
                         .what = "the database's encoding is not UTF8",
                         .why = "texts may not be readable everywhere"});
    return found;
}

}  // namespace sark::upgrade::detail
