// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string_view>

#include <sark/db/detail/bulk_insert.hpp>
#include <sark/db/detail/copy_rows.hpp>
#include <sark/db/detail/copy_stream.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/text.hpp>

namespace sark::detail {

/// Asks whether a table takes binary COPY as it takes INSERT: no view, rule, row-level security or computed column,
/// and columns of the types that the struct declares, for in binary a value of another type is another value.
template <class T>
struct copy_question {
    static constexpr void write(sql::writer& w) {
        w.put("SELECT count(*) = ");
        w.put_number(field_count<T>);
        w.put(" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid WHERE c.oid = ");
        w.put("pg_catalog.to_regclass(");
        put_quoted_name(w, table_name<T>);
        w.put(") AND c.relkind IN ('r', 'p') AND NOT pg_catalog.row_security_active(c.oid) AND NOT EXISTS (SELECT FROM "
              "pg_catalog.pg_rewrite AS r WHERE r.ev_class = c.oid AND r.ev_type = '3') AND "
              "NOT a.attisdropped AND a.attgenerated = '' AND (");
        bool first = true;
        for_each_position<T>([&](auto i) {
            w.put_separator(first, " OR ");
            w.put("a.attname = ");
            sql::put_literal(w, columns_of<T>[i].name);
            w.put(" AND a.atttypid IN (");
            w.put_number(bulk_column_of<T, i>.oid);
            if constexpr (bulk_column_of<T, i>.oid == oid::text) {
                w.put(", ");
                w.put_number(oid::varchar);
                w.put(", ");
                w.put_number(oid::bpchar);
            }
            w.put(')');
        });
        w.put(')');
    }

private:
    /// Writes a quoted identifier as a literal.
    static constexpr void put_quoted_name(sql::writer& w, std::string_view name) {
        w.put("'\"");
        for (char const c : name) {
            if (c == '"' || c == '\'') w.put(c);
            w.put(c);
        }
        w.put("\"'");
    }
};

/// Accepts ranges whose rows lie side by side in memory, so nothing runs between two of them.
template <class Rows>
concept rows_in_memory = std::ranges::contiguous_range<Rows> && std::ranges::sized_range<Rows>;

/// Tells whether a chunk of rows, or more, leaves nothing to the server: COPY has no default for a single row.
template <class T, class Iterator, class End>
[[nodiscard]] bool is_worth_copying(Iterator at, End const& end) {
    if (end - at < static_cast<std::ptrdiff_t>(bulk_rows)) return false;
    return std::all_of(at, at + static_cast<std::ptrdiff_t>(bulk_rows),
                       [](T const& row) { return left_to_server<T>(row) == 0; });
}

/// Copies rows that leave nothing to the server, up to a chunk's bytes; returns how many, and moves on behind them.
template <class T, class Iterator, class End>
[[nodiscard]] std::size_t copy_rows(driver& on, Iterator& at, End const& end) {
    copy_in_stream copy{on, copy_in_text<T>(0), true};
    for (; at != end && copy.bytes() < bulk_bytes && left_to_server<T>(*at) == 0; ++at) {
        append_copy_row<T>(copy.buffer(), *at, 0);
        copy.flush_when_full();
    }
    return copy.finish();
}

}  // namespace sark::detail
