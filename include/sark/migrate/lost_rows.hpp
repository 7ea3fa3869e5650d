// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/control.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/export_rows.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

/// Is what one way back drops: a table, or a column, and which of its rows count.
struct loss {
    std::string revision;
    std::string table;
    std::string column;  ///< empty when the table goes
    std::string counts;  ///< a condition: rows that the chain did not make
    [[nodiscard]] std::string quoted_table() const {
        return sql::render([this](sql::writer& w) { sql::put_identifier(w, table); });
    }
};

[[nodiscard]] inline std::string quoted_name(std::string_view name) {
    return sql::render([name](sql::writer& w) { sql::put_identifier(w, name); });
}

/// Tells whether a statement of the way back is the one that drops a table, or one of its columns.
[[nodiscard]] inline bool drops(migrate::migration_view const& m, std::string_view table, std::string_view column) {
    return std::any_of(m.down.begin(), m.down.end(), [&](migrate::statement_view const& s) {
        if (!s.cost.loses_data || s.cost.relation != table) return false;
        return column.empty() ? s.sql.starts_with("DROP TABLE ")
                              : s.sql.find("DROP COLUMN " + quoted_name(column)) != std::string_view::npos;
    });
}

/// Writes which values of a column are somebody's: not NULL, not a constant default. What the server makes up itself
/// (a time, a serial number) is nobody's; such a column gives an empty text.
[[nodiscard]] inline std::string own_values(schema::column const& c) {
    if (c.type == "bigserial" || c.type == "serial") return {};
    std::string const present = quoted_name(c.name) + " IS NOT NULL";
    if (c.fallback.empty()) return present;
    if (c.fallback.find('(') != std::string_view::npos) return {};
    // As texts: not every type has an equality.
    return present + " AND " + quoted_name(c.name) + "::text <> (" + std::string{c.fallback} +
           ")::" + std::string{c.type} + "::text";
}

[[nodiscard]] inline std::string without_made(migrate::migration_view const& m, std::string_view table,
                                              std::string_view column, std::string text) {
    for (migrate::made_rows_view const& made : m.made)
        if (made.table == table && made.column == column)
            text += (text.empty() ? "" : " AND ") + ("(" + std::string{made.rows} + ") IS NOT TRUE");
    return text;
}

/// Lists what the ways back of a plan drop: derived from the schema before and after each of them.
[[nodiscard]] inline std::vector<loss> losses_of(migrate::chain_view chain, migrate::plan_t const& plan) {
    std::vector<loss> found;
    if (plan.way == migrate::direction::up) return found;
    for (migrate::migration_view const& m : plan.migrations) {
        if (std::none_of(m.down.begin(), m.down.end(), [](auto const& s) { return s.cost.loses_data; })) continue;
        schema::definition before;
        for (migrate::migration_view const& each : chain) {
            each.apply(before);
            if (each.id == m.id) break;
        }
        schema::definition after = before;
        m.revert(after);
        for (schema::table const& t : before.tables) {
            auto const left = std::find_if(after.tables.begin(), after.tables.end(),
                                           [&](auto const& other) { return other.name == t.name; });
            if (left == after.tables.end()) {
                if (drops(m, t.name, {}))
                    found.push_back({std::string{m.id}, std::string{t.name}, {}, without_made(m, t.name, {}, {})});
                continue;
            }
            for (schema::column const& c : t.columns) {
                auto const still = std::any_of(left->columns.begin(), left->columns.end(),
                                               [&](auto const& other) { return other.name == c.name; });
                std::string const own = own_values(c);
                if (!still && !own.empty() && drops(m, t.name, c.name))
                    found.push_back({std::string{m.id}, std::string{t.name}, std::string{c.name},
                                     without_made(m, t.name, c.name, own)});
            }
        }
    }
    return found;
}

[[nodiscard]] inline std::string lost_part(loss const& each) {
    std::string text = " FROM " + each.quoted_table();
    if (!each.counts.empty()) text += " WHERE " + each.counts;
    return text;
}

[[nodiscard]] inline migrate::lost_rows count_loss(session& db, loss const& each) {
    return {each.revision, each.table, each.column,
            number_in(db.query_text("SELECT count(*)" + lost_part(each)).at(0).at(0).value_or(""))};
}

/// Hands the rows to the sink, in the transaction that drops them; the sink's last call is empty.
inline void export_loss(session& db, loss const& each, migrate::lost_rows const& lost, migrate::row_export const& to) {
    migrate::row_sink const sink = to.open(lost);
    std::string const rows = "SELECT *" + lost_part(each);
    // JSON has no control characters outside of escapes, so these marks leave it as it is.
    std::string const sql = to.format == migrate::export_format::csv
                                ? "COPY (" + rows + ") TO STDOUT (FORMAT csv, HEADER)"
                                : "COPY (SELECT to_jsonb(r) FROM (" + rows +
                                      ") AS r) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')";
    sark::copy_text_out(db, sql, sink);
    sink({});
}

[[nodiscard]] inline migrate::problem refusal_of(std::vector<migrate::lost_rows> const& lost) {
    std::string list;
    for (migrate::lost_rows const& each : lost) {
        if (!list.empty()) list += ", ";
        list += each.table + (each.column.empty() ? "" : "." + each.column) + " " + std::to_string(each.rows) + " (" +
                each.revision + ")";
    }
    return {migrate::problem_kind::would_lose_rows, lost.front().revision,
            "sark: the way back would drop rows that no migration made: " + list +
                ". Export them (options::export_rows) and say options::force, or stay."};
}

}  // namespace sark::migrate::detail

namespace sark::migrate::detail {

/// Counts what a plan would lose. A table that a later revision renamed is counted when its turn comes.
[[nodiscard]] inline std::vector<migrate::lost_rows> count_losses(sark::connection& db,
                                                                  std::vector<loss> const& losses) {
    return db.transaction([&](sark::transaction& tx) {
        tx.execute("SET TRANSACTION READ ONLY");
        std::vector<migrate::lost_rows> found;
        for (loss const& each : losses) {
            try {
                migrate::lost_rows lost = tx.nested([&](sark::transaction& inner) { return count_loss(inner, each); });
                if (lost.rows > 0) found.push_back(std::move(lost));
            } catch (sark::error const& cause) {
                if (cause.sqlstate() != "42P01" && cause.sqlstate() != "42703") throw;
            }
        }
        return found;
    });
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Counts, without changing anything, the rows and values that a downgrade to `target` would drop and no migration
/// made; `downgrade` refuses them without `options::force`. Reads whole tables.
[[nodiscard]] inline std::vector<lost_rows> rows_at_stake(connection& db, chain_view migrations,
                                                          std::string_view target) {
    auto decided = plan(migrations, detail::as_applied(detail::ledger_rows(db)), target);
    if (auto* why = std::get_if<problem>(&decided)) throw refused{std::move(*why)};
    return detail::count_losses(db, detail::losses_of(migrations, std::get<plan_t>(decided)));
}

}  // namespace sark::migrate
