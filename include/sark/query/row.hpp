// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>

#include <sark/codec/row.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

/// Says which table a row type reads and how; specialised for rows that are more than a table's struct.
template <class Row>
struct row_traits {
    using table = Row;

    /// Tells whether reading this row implies a condition, which `write_condition` writes; where there is a
    /// `write_condition_key`, it writes the same as a partial index has it.
    static constexpr bool has_condition = false;
    static constexpr void write_condition(sql::writer&) {}

    template <class Fields>
    static Row decode(Fields const& fields) {
        return detail::decode_struct<Row>(fields);
    }
};

namespace detail {

/// Writes all columns of a table, qualified, in the order of the struct's fields.
template <class Table>
constexpr void write_columns(sql::writer& w) {
    bool first = true;
    for (column_facts const& c : columns_of<Table>) {
        w.put_separator(first, ", ");
        sql::put_qualified(w, table_name<Table>, c.name);
    }
}

template <class Table>
struct column_list {
    static constexpr void write(sql::writer& w) { write_columns<Table>(w); }
};

template <class Row>
struct row_of_traits {
    using type = Row;
};
template <class Row>
    requires requires { typename row_traits<Row>::row; }
struct row_of_traits<Row> {
    using type = typename row_traits<Row>::row;
};
/// Gives what reading a row type gives: the type itself, and the struct behind an alias.
template <class Row>
using decoded_row_t = typename row_of_traits<Row>::type;

/// Tells by position which column cannot be NULL in a row that is there; the number of columns when any can.
template <class Table>
inline constexpr std::size_t witness_column = [] {
    std::size_t i = 0;
    while (i < columns_of<Table>.size() && columns_of<Table>[i].nullable) ++i;
    return i;
}();

/// Tells whether an outer join left a row out: it has NULL where no row of the table has.
template <class Table, class Fields>
bool is_missing_row(Fields const& fields) {
    if constexpr (witness_column<Table> < columns_of<Table>.size()) {
        return fields(witness_column<Table>).is_null;
    } else {
        for (std::size_t i = 0; i < columns_of<Table>.size(); ++i)
            if (!fields(i).is_null) return false;
        return true;
    }
}

/// Is the reference to a table that a whole row stands for.
template <class Table>
struct table_mark {
    using table = Table;
};

/// Selects whole rows; those of a table that an outer join can leave out are optional.
template <class Row>
struct whole_row {
    using table = typename row_traits<Row>::table;
    using columns = type_list<table_mark<table>>;
    static constexpr std::size_t width = columns_of<table>.size();
    static constexpr bool is_whole_row = true;

    template <class Nullable>
    using row_in =
        std::conditional_t<Nullable::template contains<table>, std::optional<decoded_row_t<Row>>, decoded_row_t<Row>>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        // Made once for a table, not once for a query.
        w.put(sql::text<column_list<table>>::value);
    }
    void bind(parameters&) const {}

    template <class Nullable, class Fields>
    static row_in<Nullable> decode(Fields const& fields) {
        if constexpr (Nullable::template contains<table>)
            if (is_missing_row<table>(fields)) return std::nullopt;
        return row_traits<Row>::decode(fields);
    }
};

/// Reads the rows of a projection, for whoever calls it with the fields of one.
template <class Projection, class Nullable>
struct projection_decoder {
    template <class Fields>
    [[nodiscard]] typename Projection::template row_in<Nullable> operator()(Fields const& fields) const {
        return Projection::template decode<Nullable>(fields);
    }
};

}  // namespace detail
}  // namespace sark
