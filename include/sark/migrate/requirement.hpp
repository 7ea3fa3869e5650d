// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>

namespace sark::migrate::detail {

/// Writes a statement that fails, naming the table, the number of rows and the keys of the first five, when the
/// condition that `put_rows` writes holds for any row.
template <class PutRows>
constexpr void put_requirement(sql::writer& w, std::string_view table, std::string_view key, PutRows const& put_rows,
                               std::string_view complaint) {
    w.put("DO $sark$ -- stops when rows of ");
    w.put(table);
    w.put(' ');
    w.put(complaint);
    w.put("\nDECLARE\n    found bigint;\n    keys text;\nBEGIN\n    SELECT count(*), string_agg(");
    w.put(key);
    w.put("::text, ', ' ORDER BY ");
    w.put(key);
    w.put(") FILTER (WHERE place <= 5) INTO found, keys\n    FROM (SELECT ");
    w.put(key);
    w.put(", row_number() OVER (ORDER BY ");
    w.put(key);
    w.put(") AS place FROM ");
    sql::put_identifier(w, table);
    w.put(" WHERE ");
    put_rows(w);
    w.put(") AS offending;\n    IF found > 0 THEN\n");
    w.put("        RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = ");
    sql::put_literal(w, table);
    w.put(",\n            MESSAGE = format('%s: %s row(s) %s', ");
    sql::put_literal(w, table);
    w.put(", found, ");
    sql::put_literal(w, complaint);
    w.put("),\n            DETAIL = format('First keys (");
    w.put(key);
    w.put("): %s', keys),\n            HINT = 'Correct these rows and run the migration again.';\n");
    w.put("    END IF;\nEND\n$sark$");
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Stops the migration before it changes anything when rows exist that it could not carry over.
///
/// `up_rows` is the condition that no row may fulfil on the way up, `down_rows` the one for the way down; an empty
/// condition asks for nothing in that direction. `complaint` completes the sentence "table: n row(s) …".
struct require_no_rows {
    std::string_view table;
    std::string_view key;
    std::string_view up_rows = {};
    std::string_view down_rows = {};
    std::string_view complaint;

    [[nodiscard]] constexpr std::size_t up_count() const { return up_rows.empty() ? 0 : 1; }
    [[nodiscard]] constexpr std::size_t down_count() const { return down_rows.empty() ? 0 : 1; }
    constexpr void up(sql::writer& w) const { put(w, up_rows); }
    constexpr void down(sql::writer& w) const { put(w, down_rows); }
    constexpr void apply(schema::definition&) const {}
    constexpr void revert(schema::definition&) const {}
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .scans = true}; }
    [[nodiscard]] constexpr facts down_facts() const { return {.relation = table, .scans = true}; }

private:
    constexpr void put(sql::writer& w, std::string_view rows) const {
        detail::put_requirement(
            w, table, key, [rows](sql::writer& out) { out.put(rows); }, complaint);
    }
};

}  // namespace sark::migrate
