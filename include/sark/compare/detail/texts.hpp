// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sark/compare/sides.hpp>
#include <sark/sql/text.hpp>

namespace sark::compare::detail {

[[nodiscard]] inline std::string count_text(sides const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT count(*) FROM ");
        put_name(w, of.source);
    });
}

/// Asks for the key that is `$3` rows behind the first one of the range of `$1` and `$2`.
[[nodiscard]] inline std::string bound_text(sides const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT \"id\" FROM ");
        put_name(w, of.source);
        w.put(" WHERE ");
        put_key_range(w, of, "\"id\"");
        w.put(" ORDER BY \"id\" OFFSET $3::bigint LIMIT 1");
    });
}

/// Writes the expected rows of a range as `m` beside the rows that are there as `t`, of which no others are read into memory
/// where keys of both have one order: keys of one type, and UUIDs beside their texts.
constexpr void put_beside(sql::writer& w, sides const& of) {
    w.put("FROM ");
    put_expected_range(w, of);
    w.put(" AS m\nLEFT JOIN ");
    put_name(w, of.actual);
    w.put(" AS t ON t.\"id\" = m.\"id\"");
    std::string_view const type = of.columns.front().type;
    if (type == of.key_type) {
        w.put(" AND ");
        put_key_range(w, of, "t.\"id\"");
    } else if (type == "text" && of.key_type == "uuid") {
        w.put(" AND ");
        put_key_range(w, of, "t.\"id\" COLLATE \"C\"", "::uuid::text");
    }
}

/// Writes the condition that a row is missing or differs; nearly all rows are the same.
constexpr void put_differs(sql::writer& w, sides const& of) {
    w.put("t.\"id\" IS NULL");
    if (of.columns.size() < 2) return;
    w.put(" OR NOT (");
    put_same(w, of, "m", "t");
    w.put(") AND (");
    bool first = true;
    for (column const& c : of.columns.subspan(1)) {
        w.put_separator(first, " OR ");
        put_value(w, "m", c);
        w.put(" IS DISTINCT FROM ");
        put_value(w, "t", c);
    }
    w.put(')');
}

/// Asks for the number of rows of a range, and whether all of them are as they ought to be.
[[nodiscard]] inline std::string range_text(sides const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT count(*), count(*) FILTER (WHERE ");
        put_differs(w, of);
        w.put(") = 0\n");
        put_beside(w, of);
    });
}

/// Asks for the keys of a range whose rows are missing or differ.
[[nodiscard]] inline std::string keys_text(sides const& of) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT m.\"id\" ");
        put_beside(w, of);
        w.put("\nWHERE ");
        put_differs(w, of);
        w.put("\nORDER BY 1");
    });
}

/// Asks for the fields in which the rows with the keys `$1` differ: key, field (NULL: no row), both values.
[[nodiscard]] inline std::string fields_text(sides const& of, bool with_values) {
    return sql::render([&](sql::writer& w) {
        w.put("SELECT m.\"id\", f.\"field\", f.\"expected\", f.\"actual\"\nFROM (");
        w.put(of.expected);
        w.put("\nWHERE ");
        w.put(of.source_key);
        w.put(" = ANY($1::");
        w.put(of.key_type);
        w.put("[])) AS m\nLEFT JOIN ");
        put_name(w, of.actual);
        w.put(" AS t ON t.\"id\" = m.\"id\"\nCROSS JOIN LATERAL (");
        w.put("SELECT NULL::text AS \"field\", NULL::text AS \"expected\", NULL::text AS \"actual\" "
              "WHERE t.\"id\" IS NULL");
        auto const put_both = [&](std::string_view m, std::string_view t) {
            for (std::string_view const side : {m, t}) {
                w.put(", ");
                w.put(with_values ? side : "NULL");
                w.put("::text");
            }
        };
        for (column const& c : of.columns.subspan(1)) {
            std::string const m = sql::render([&](sql::writer& v) { put_value(v, "m", c); });
            std::string const t = sql::render([&](sql::writer& v) { put_value(v, "t", c); });
            bool const is_json = c.type == "jsonb";
            w.put("\nUNION ALL SELECT '");
            w.put(c.name);
            w.put("'");
            put_both(m, t);
            w.put(" WHERE t.\"id\" IS NOT NULL AND ");
            w.put(m + " IS DISTINCT FROM " + t);
            if (!is_json) continue;
            // Objects are told key by key.
            std::string const objects = "jsonb_typeof(" + m + ") = 'object' AND jsonb_typeof(" + t + ") = 'object'";
            w.put(" AND (" + objects + ") IS NOT TRUE\nUNION ALL SELECT '");
            w.put(c.name);
            w.put(".' || coalesce(a.\"key\", b.\"key\")");
            put_both("a.\"value\"", "b.\"value\"");
            w.put(" FROM jsonb_each(CASE WHEN " + objects + " THEN " + m + " ELSE '{}' END) AS a");
            w.put(" FULL JOIN jsonb_each(CASE WHEN " + objects + " THEN " + t +
                  " ELSE '{}' END) AS b ON b.\"key\" = a.\"key\" WHERE a.\"value\" IS DISTINCT FROM b.\"value\"");
        }
        w.put(") AS f\nORDER BY 1, 2");
    });
}

}  // namespace sark::compare::detail
