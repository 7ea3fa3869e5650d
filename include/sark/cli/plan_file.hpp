// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sark/cli/failure.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/plan_document.hpp>
#include <sark/db/connection.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/runner.hpp>

namespace sark::cli::detail {

/// Hashes what the current schema has: whoever changes a table changes this. A default is hashed as it is stored: to
/// write it down the server would wait for whoever holds the table.
inline constexpr std::string_view catalog_hash = R"(
WITH relation AS (
    SELECT c.oid, c.relname::text COLLATE "C" AS name, c.relkind::text AS kind FROM pg_catalog.pg_class c
    WHERE c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(pg_catalog.current_schema()))
      AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> 'sark_migrations'
), line (text) AS (
    SELECT pg_catalog.concat_ws(' ', 'relation', name, kind) FROM relation
    UNION ALL
    SELECT pg_catalog.concat_ws(' ', 'column', r.name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                                a.attnotnull, d.adbin::text)
    FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT pg_catalog.concat_ws(' ', 'constraint', r.name, n.conname, n.convalidated,
                                pg_catalog.pg_get_constraintdef(n.oid))
    FROM relation r JOIN pg_catalog.pg_constraint n ON n.conrelid = r.oid
    UNION ALL
    SELECT pg_catalog.concat_ws(' ', 'index', r.name, i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid))
    FROM relation r JOIN pg_catalog.pg_index i ON i.indrelid = r.oid
)
SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(text, E'\n' ORDER BY text COLLATE "C"), '')) FROM line)";

/// Adds what tells whether a database is still the one a plan was made for.
inline void add_place(plan_document& plan, connection& db, std::vector<migrate::ledger_row> const& applied) {
    plan.database =
        db.query_text("SELECT current_database() || '.' || coalesce(current_schema(), '')").at(0).at(0).value();
    plan.catalog = db.query_text(catalog_hash).at(0).at(0).value();
    for (migrate::ledger_row const& row : applied) plan.applied.push_back(row.revision + " " + row.checksum);
}

/// Asks how many rows the server thinks the relations of a plan have.
[[nodiscard]] inline std::map<std::string, std::int64_t> estimated_rows(connection& db, migrate::plan_t const& plan) {
    std::set<std::string> names;
    for (migrate::migration_view const& m : plan.migrations)
        for (migrate::statement_view const& s : plan.way == migrate::direction::up ? m.up : m.down)
            if (!s.cost.relation.empty()) names.insert(std::string{s.cost.relation});
    std::map<std::string, std::int64_t> rows;
    for (std::string const& name : names) {
        auto const found = db.query_text("SELECT reltuples::bigint FROM pg_catalog.pg_class WHERE oid = "
                                         "to_regclass(quote_ident($1)) AND reltuples >= 0",
                                         {name});
        if (!found.empty()) rows.emplace(name, std::stoll(found.at(0).at(0).value_or("0")));
    }
    return rows;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Plans the way of a live database, as plain values.
/// @throws migrate::refused
[[nodiscard]] inline plan_document plan_of(connection& db, migrate::chain_view chain, std::string_view target) {
    auto decided = migrate::plan(db, chain, target);
    if (auto* why = std::get_if<migrate::problem>(&decided)) throw migrate::refused{std::move(*why)};
    auto const& plan = std::get<migrate::plan_t>(decided);
    plan_document made = document_of(plan, detail::estimated_rows(db, plan));
    detail::add_place(made, db, migrate::status(db, chain).applied);
    return made;
}

/// Reads a plan that was saved.
/// @throws failure
[[nodiscard]] inline plan_document read_plan(std::string const& path) {
    try {
        auto plan = from_json<plan_document>(json{read_file(path)});
        if (!plan.schema_version.starts_with("1."))
            throw could_not(path + ": this plan was saved by a newer version of this program.");
        return plan;
    } catch (sark::error const& e) { throw could_not(path + ": is no saved plan: " + e.what()); }
}

/// Says why a saved plan must not be carried out any more: what it was made for is compared with what is there now.
[[nodiscard]] inline std::optional<std::string> why_out_of_date(plan_document const& saved, plan_document const& now) {
    if (saved.database != now.database) return "it was made for " + saved.database + ", and this is " + now.database;
    if (saved.applied != now.applied) return "other migrations are applied now than when it was made";
    if (saved.direction != now.direction || saved.from != now.from || saved.to != now.to)
        return "it goes from " + saved.from + " to " + saved.to + ", and now the way is from " + now.from + " to " +
               now.to;
    bool same = saved.migrations.size() == now.migrations.size();
    for (std::size_t i = 0; same && i < now.migrations.size(); ++i)
        same = saved.migrations[i].revision == now.migrations[i].revision &&
               saved.migrations[i].checksum == now.migrations[i].checksum;
    if (!same) return "this program has other migrations than the one that made it";
    if (saved.catalog != now.catalog) return "a table, column, constraint or index has changed since";
    return std::nullopt;
}

}  // namespace sark::cli
