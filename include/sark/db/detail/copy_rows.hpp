// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <sark/db/detail/bulk_columns.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark::detail {

/// Tells whether all columns of a table go through binary COPY; text COPY takes every type, at a third more time.
template <class T>
inline constexpr bool copies_in_binary = []<std::size_t... I>(std::index_sequence<I...>) {
    return (bulk_column_of<T, I>.has_copy_form && ...);
}(std::make_index_sequence<field_count<T>>{});

template <class T>
[[nodiscard]] std::string copy_in_text(std::uint64_t left) {
    return sql::render([&](sql::writer& w) {
        w.put("COPY ");
        sql::put_identifier(w, table_name<T>);
        w.put(" (");
        bool first = true;
        for (std::size_t i = 0; i < field_count<T>; ++i) {
            if (((left >> i) & 1U) != 0) continue;
            w.put_separator(first, ", ");
            sql::put_identifier(w, columns_of<T>[i].name);
        }
        w.put(copies_in_binary<T> ? ") FROM STDIN (FORMAT binary)" : ") FROM STDIN");
    });
}

/// Appends a text as COPY's text form has it: a backslash before what would end a field, a row or all of it.
inline void append_copy_text(std::string& out, std::string_view text) {
    for (char const c : text) {
        switch (c) {
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: out += c;
        }
    }
}

template <class T>
void append_copy_row(std::string& out, T const& row, std::uint64_t left) {
    if constexpr (copies_in_binary<T>) {
        append_network(out, static_cast<std::int16_t>(static_cast<int>(field_count<T>) - __builtin_popcountll(left)));
        for_each_position<T>([&](auto i) {
            if (((left >> i) & 1U) == 0) append_bulk_element<T, i>(out, row);
        });
    } else {
        bool first = true;
        for_each_position<T>([&](auto i) {
            if (((left >> i) & 1U) != 0) return;
            if (!std::exchange(first, false)) out += '\t';
            auto const* const value = is_left_to_server<T, i>(row) ? nullptr : value_inside(get_field<i>(row));
            bool is_null = value == nullptr;
            if constexpr (requires { value->is_set(); }) is_null = is_null || !value->is_set();
            if (is_null)
                out += "\\N";
            else
                append_copy_text(out, text_form(*value, place_of<T, i>));
        });
        out += '\n';
    }
}

}  // namespace sark::detail
