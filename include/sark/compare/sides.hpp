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

/// Writes the condition that two rows of one key are the same to the byte: then they are equal, too, and it costs a tenth of asking
/// for that. Rows of other bytes may still be equal: `1.10` and `1.1`.
constexpr void put_same_image(sql::writer& w, sides const& of, std::string_view one, std::string_view other) {
    auto const put_row = [&](std::string_view alias) {
        w.put("ROW(");
        bool first = true;
        for (column const& c : of.columns.subspan(1)) {
            w.put_separator(first, ", ");
            put_value(w, alias, c);
        }
        w.put(')');
    };
    w.put("record_image_eq(");
    put_row(one);
    w.put(", ");
    put_row(other);
    w.put(')');
}

/// Writes the expected rows with a key above `$1` (NULL: from the first) up to `$2`, as a sub-query without a name.
constexpr void put_expected_range(sql::writer& w, sides const& of) {
    w.put('(');
    w.put(of.expected);
    w.put("\nWHERE ($1::");
    w.put(of.key_type);
    w.put(" IS NULL OR ");
    w.put(of.source_key);
    w.put(" > $1) AND ");
    w.put(of.source_key);
    w.put(" <= $2)");
}

}  // namespace sark::compare
