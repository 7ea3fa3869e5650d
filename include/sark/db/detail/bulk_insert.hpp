// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/db/detail/block.hpp>
#include <sark/db/detail/bulk_columns.hpp>
#include <sark/query/row.hpp>
#include <sark/reflect/member.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark::detail {

/// One statement carries at most this much; both were measured to be past the knee (docs/performance.md).
inline constexpr std::size_t bulk_rows = 1000;
inline constexpr std::size_t bulk_bytes = 4U << 20U;

/// Writes `INSERT … SELECT … FROM unnest($1::…[], …)`, which keeps the order of the rows.
template <class T>
constexpr void write_bulk_insert(sql::writer& w) {
    w.put("INSERT INTO ");
    sql::put_identifier(w, table_name<T>);
    w.put(" (");
    bool first = true;
    for (column_facts const& c : columns_of<T>) {
        w.put_separator(first, ", ");
        sql::put_identifier(w, c.name);
    }
    w.put(") SELECT ");
    first = true;
    for_each_position<T>([&](auto i) {
        constexpr column_facts facts = columns_of<T>[i];
        w.put_separator(first, ", ");
        if constexpr (is_filled_by_server<T, i>) w.put("COALESCE(");
        w.put("\"given\".\"v");
        w.put_number(i + 1);
        w.put('"');
        if constexpr (bulk_column_of<T, i>.is_cast) {
            w.put("::");
            w.put(facts.storage_type());
        }
        if constexpr (is_filled_by_server<T, i>) {
            w.put(", ");
            if constexpr (facts.is_serial()) {
                w.put("nextval(pg_get_serial_sequence('");
                sql::put_identifier(w, table_name<T>);
                w.put("', ");
                sql::put_literal(w, facts.name);
                w.put("))");
            } else {
                w.put(facts.fallback);
            }
            w.put(')');
        }
    });
    w.put(" FROM unnest(");
    first = true;
    for_each_position<T>([&](auto i) {
        w.put_separator(first, ", ");
        w.put_placeholder();
        w.put("::");
        w.put(name_of_type(bulk_column_of<T, i>.oid));
        w.put("[]");
    });
    w.put(") WITH ORDINALITY AS \"given\" (");
    for_each_position<T>([&](auto i) {
        w.put("\"v");
        w.put_number(i + 1);
        w.put("\", ");
    });
    w.put("\"n\") ORDER BY \"given\".\"n\"");
}

/// Inserts many rows by one statement.
template <class T>
struct bulk_insert_statement {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_writable<T>()) write_bulk_insert<T>(w);
    }
};

/// Inserts many rows and returns them as the server completed them.
template <class T, auto... Members>
struct bulk_insert_returning_statement {
    using row = T;

    static constexpr void write(sql::writer& w) {
        bulk_insert_statement<T>::write(w);
        w.put(" RETURNING ");
        write_columns<T>(w);
    }
    template <class Fields>
    static row decode(Fields const& fields) {
        return row_traits<T>::decode(fields);
    }
};
/// Inserts many rows and returns some of their columns.
template <class T, auto First, auto... More>
struct bulk_insert_returning_statement<T, First, More...> {
    using row =
        std::conditional_t<sizeof...(More) == 0, value_of<First>, std::tuple<value_of<First>, value_of<More>...>>;

    static constexpr void write(sql::writer& w) {
        bulk_insert_statement<T>::write(w);
        w.put(" RETURNING ");
        bool first = true;
        for (std::size_t const i : {member_position<First>, member_position<More>...}) {
            w.put_separator(first, ", ");
            sql::put_qualified(w, table_name<T>, columns_of<T>[i].name);
        }
    }
    template <class Fields>
    static row decode(Fields const& fields) {
        std::size_t column = 0;
        auto const next = [&]<auto Member>(std::integral_constant<decltype(Member), Member>) {
            return decode_value<value_of<Member>>(fields(column++), place_of<T, member_position<Member>>);
        };
        // Braces: from left to right.
        return row{next(std::integral_constant<decltype(First), First>{}),
                   next(std::integral_constant<decltype(More), More>{})...};
    }
};

/// Tells which columns of a row are left to the server, a bit per position; at most 64 fields.
template <class T>
[[nodiscard]] std::uint64_t left_to_server(T const& row) {
    std::uint64_t mask = 0;
    for_each_position<T>([&](auto i) {
        if constexpr (is_filled_by_server<T, i>)
            if (is_unset(get_field<i>(row))) mask |= std::uint64_t{1} << i;
    });
    return mask;
}

/// Writes what follows when rows with the key exist; columns that the rows leave to the server stay as they are.
template <class T>
constexpr void write_bulk_upsert(sql::writer& w, std::uint64_t left) {
    write_bulk_insert<T>(w);
    auto const each = [&](auto chosen, auto put) {
        bool first = true;
        for (std::size_t i = 0; i < field_count<T>; ++i) {
            if (!chosen(i)) continue;
            w.put_separator(first, ", ");
            put(columns_of<T>[i].name);
        }
        return !first;
    };
    auto const written = [&](std::size_t i) { return is_updated<T>(i) && ((left >> i) & 1U) == 0; };
    auto const put_name = [&](std::string_view name) { sql::put_identifier(w, name); };
    auto const put_new = [&](std::string_view name) {
        w.put("EXCLUDED.");
        sql::put_identifier(w, name);
    };
    w.put(" ON CONFLICT (");
    each([](std::size_t i) { return key_fields<T>[i]; }, put_name);
    w.put(") DO ");
    bool any = false;
    for (std::size_t i = 0; i < field_count<T>; ++i) any = any || written(i);
    if (!any) {
        w.put("NOTHING");
    } else {
        w.put("UPDATE SET ");
        each(written, [&](std::string_view name) {
            sql::put_identifier(w, name);
            w.put(" = ");
            put_new(name);
        });
        w.put(" WHERE (");
        each(written, [&](std::string_view name) { sql::put_qualified(w, table_name<T>, name); });
        w.put(") IS DISTINCT FROM (");
        each(written, put_new);
        w.put(')');
    }
    w.put(" RETURNING (xmax = 0)");
}

/// Collects rows as one binary array per column, and gives them to a statement.
template <class T>
class bulk_arrays {
public:
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] bool is_full() const noexcept { return rows_ >= bulk_rows || bytes_ >= bulk_bytes; }

    void add(T const& row) {
        if (rows_ == 0) open();
        bytes_ = 0;
        for_each_position<T>([&](auto i) {
            append_bulk_element<T, i>(arrays_[i], row);
            bytes_ += arrays_[i].size();
        });
        ++rows_;
    }

    /// Runs the statement with what was collected and starts anew.
    result run(driver& on, statement_text const& statement) {
        for (std::size_t i = 0; i < columns; ++i) {
            close_binary_array(arrays_[i], 0, rows_);
            values_[i] = arrays_[i].data();
            lengths_[i] = static_cast<int>(arrays_[i].size());
            formats_[i] = 1;
        }
        arguments values;
        values.count = static_cast<int>(columns);
        values.values = values_.data();
        values.lengths = lengths_.data();
        values.formats = formats_.data();
        rows_ = 0;
        bytes_ = 0;
        return on.run(statement, values);
    }

private:
    static constexpr std::size_t columns = field_count<T>;

    void open() {
        for_each_position<T>([&](auto i) {
            arrays_[i].clear();
            open_binary_array(arrays_[i], bulk_column_of<T, i>.oid);
        });
    }

    std::array<std::string, columns> arrays_;
    std::array<char const*, columns> values_{};
    std::array<int, columns> lengths_{};
    std::array<int, columns> formats_{};
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

/// Sends rows in bounded chunks, all of them or none; `sent(result, rows)` is called after each chunk.
///
/// `choose(row)` gives a mark; a chunk holds rows of one mark only, and `text(mark)` is its statement.
template <class T, std::ranges::input_range Rows, class Choose, class Text, class Sent>
void send_in_chunks(driver& on, Rows&& rows, Choose&& choose, Text&& text, Sent&& sent) {
    all_or_nothing whole{on};
    bulk_arrays<T> chunk;
    std::uint64_t mark = 0;
    auto const send = [&] {
        std::size_t const count = chunk.rows();
        sent(chunk.run(on, text(mark)), count);
    };
    for (auto&& row : rows) {
        std::uint64_t const next = choose(row);
        if (chunk.rows() > 0 && (chunk.is_full() || next != mark)) {
            whole.open();
            send();
        }
        mark = next;
        chunk.add(row);
    }
    if (chunk.rows() > 0) send();
    whole.commit();
}

}  // namespace sark::detail
