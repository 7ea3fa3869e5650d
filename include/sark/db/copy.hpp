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

#include <sark/db/detail/bulk_insert.hpp>
#include <sark/db/detail/copy_rows.hpp>
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
