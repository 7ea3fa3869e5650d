// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include <sark/sql/writer.hpp>

namespace sark::compare {

/// Is a column that both sides have; `type` is what its values are compared as, so `jsonb` compares as JSON.
struct column {
    std::string_view name;
    std::string_view type;
};

/// Says which rows of a table ought to be there, and how both are matched: by one key, the first column.
struct sides {
    std::string_view source;          ///< table that is walked in the order of its key `id`
    std::string_view source_key;      ///< that key as `expected` spells it: `s."id"`
    std::string_view key_type;        ///< type of that key: `uuid`
    std::string_view expected;        ///< SELECT of the columns, to which a WHERE can be added
    std::string_view actual;          ///< table the rows ought to be in
    std::span<column const> columns;  ///< the key comes first
};

/// Writes a name in quotes; names of sides are constants of programs and hold none.
constexpr void put_name(sql::writer& w, std::string_view name) {
    w.put('"');
    w.put(name);
    w.put('"');
}

/// Writes `alias."column"` as the type both sides share.
constexpr void put_value(sql::writer& w, std::string_view alias, column const& c) {
    w.put(alias);
    w.put('.');
    put_name(w, c.name);
    w.put("::");
    w.put(c.type);
}

/// Writes the hash of a row, a bigint, that is equal for rows of equal texts.
///
/// JSON is hashed as its text, which the server writes in one way but for the zeros behind a number: rows with another
/// hash may still be equal, rows with the same are. The hash of jsonb itself is of no use: it leaves out the sign of
/// numbers. Where `alias` has these texts already, as `"metadata text"`, `suffix` is what their names end in.
constexpr void put_hash(sql::writer& w, sides const& of, std::string_view alias, std::string_view suffix = {}) {
    w.put("hash_record_extended(ROW(");
    bool first = true;
    for (column const& c : of.columns) {
        w.put_separator(first, ", ");
        if (c.type == "jsonb" && !suffix.empty()) {
            w.put(alias);
            w.put(".\"");
            w.put(c.name);
            w.put(suffix);
            w.put('"');
            continue;
        }
        put_value(w, alias, c);
        if (c.type == "jsonb") w.put("::text");
    }
    w.put("), 0)");
}

/// Writes the condition that two rows of one key are the same, their JSON to the byte, which costs a tenth of asking whether it
/// is equal. Rows for which it does not hold may still be equal: `1.10` and `1.1`.
constexpr void put_same(sql::writer& w, sides const& of, std::string_view one, std::string_view other) {
    bool first = true;
    bool has_json = false;
    for (column const& c : of.columns.subspan(1)) {
        has_json = has_json || c.type == "jsonb";
        if (c.type == "jsonb") continue;
        w.put_separator(first, " AND ");
        put_value(w, one, c);
        w.put(" IS NOT DISTINCT FROM ");
        put_value(w, other, c);
    }
    if (!has_json) return;
    w.put_separator(first, " AND ");
    w.put("record_image_eq(ROW(");
    for (std::string_view const side : {one, other}) {
        if (side == other) w.put("), ROW(");
        bool first_document = true;
        for (column const& c : of.columns.subspan(1)) {
            if (c.type != "jsonb") continue;
            w.put_separator(first_document, ", ");
            put_value(w, side, c);
        }
    }
    w.put("))");
}

/// Writes the condition that a key is above `$1` (NULL: from the first) and not above `$2` (NULL: to the last).
///
/// `as` follows both of them: `::uuid::text` where the key is a text.
constexpr void put_key_range(sql::writer& w, sides const& of, std::string_view key, std::string_view as = {}) {
    for (std::string_view const edge : {"$1", "$2"}) {
        w.put(edge == "$1" ? "(" : " AND (");
        w.put(edge);
        w.put("::");
        w.put(of.key_type);
        w.put(" IS NULL OR ");
        w.put(key);
        w.put(edge == "$1" ? " > " : " <= ");
        w.put(edge);
        w.put(as);
        w.put(')');
    }
}

/// Writes the expected rows with a key in the range of `$1` and `$2`, as a sub-query without a name.
constexpr void put_expected_range(sql::writer& w, sides const& of) {
    w.put('(');
    w.put(of.expected);
    w.put("\nWHERE ");
    put_key_range(w, of, of.source_key);
    w.put(')');
}

}  // namespace sark::compare
