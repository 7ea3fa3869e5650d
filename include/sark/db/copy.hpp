// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/detail/bulk_columns.hpp>
#include <sark/db/detail/bulk_insert.hpp>
#include <sark/db/detail/copy_stream.hpp>
#include <sark/db/session.hpp>

namespace sark {

namespace rules {

template <class Statement>
struct copied_text_is_constant {
    static constexpr bool holds = detail::constant_statement<Statement>;
};

}  // namespace rules

namespace detail {

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

/// Refuses the row that does not leave the same columns to the server as the first one.
template <class T>
[[noreturn]] void refuse_mixed_rows(std::uint64_t different) {
    std::string column;
    for (std::size_t i = 0; i < field_count<T> && column.empty(); ++i)
        if (((different >> i) & 1U) != 0) column = columns_of<T>[i].name;
    throw error{"sark: copy_in was given rows that set column " + std::string{table_name<T>} + "." + column +
                    " beside rows that do not. Set it in all of them or in none, or use insert_many(...).",
                {.table = std::string{table_name<T>}, .column = column}};
}

}  // namespace detail

template <std::ranges::input_range Rows>
std::size_t session::copy_in(Rows&& rows) {
    using T = std::ranges::range_value_t<Rows>;
    if constexpr (detail::check_writable<T>()) {
        check_turn();
        std::optional<detail::copy_in_stream> copy;
        std::uint64_t left = 0;
        for (auto&& row : rows) {
            std::uint64_t const now = detail::left_to_server<T>(row);
            if (!copy) {
                left = now;
                copy.emplace(*driver_, detail::copy_in_text<T>(left), detail::copies_in_binary<T>);
            } else if (now != left) {
                detail::refuse_mixed_rows<T>(now ^ left);
            }
            detail::append_copy_row<T>(copy->buffer(), row, left);
            copy->flush_when_full();
        }
        if (!copy) return 0;
        return copy->finish();
    } else {
        return 0;
    }
}

template <row_statement S, class F>
void session::copy_out(S const& statement, F&& f) {
    using constant = rules::copied_text_is_constant<S>;
    static_assert(constant::holds,
                  "sark: copy_out(...) takes a statement whose text is a constant of its type. Use stream(...) for "
                  "one that is put together at run time. [sark-D03]");
    static_assert(rules::rows_are_read_without_children<typename S::row>::holds,
                  "sark: copy_out(...) hands out one row at a time and loads no children. Use all(...), or leave "
                  "with<T>() out. [sark-Q24]");
    if constexpr (constant::holds) {
        check_turn();
        parameters values;
        statement.bind(values);
        if (values.size() != 0)
            throw error{"sark: COPY takes no values, and the statement of copy_out(...) has some. Use stream(...), or "
                        "leave the conditions out."};
        std::vector<std::uint32_t> const types = detail::column_types(*driver_, S::sql.data());
        struct copied_text {
            static constexpr void write(sql::writer& w) {
                w.put("COPY (");
                w.put(S::sql);
                w.put(") TO STDOUT (FORMAT binary)");
            }
        };
        detail::copy_out_stream copy{*driver_, sql::text<copied_text>::value.data()};
        bool checked = false;
        while (auto const fields = copy.next_row(types.size())) {
            detail::binary_votes votes;
            auto row = statement.decode([&](std::size_t column) {
                field view = fields[column];
                if (!checked) {
                    view.type = types[column];
                    view.votes = &votes;
                }
                return view;
            });
            if (!checked && votes.against > 0)
                throw error{"sark: copy_out(...) reads binary values, and a column is of a type without a binary form "
                            "that its member reads. Use stream(...)."};
            checked = true;
            f(std::move(row));
        }
    }
}

}  // namespace sark
