// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/row.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

/// Says which table a row type reads and how; specialised for rows that are more than a table's struct.
template <class Row>
struct row_traits {
    using table = Row;

    /// Tells whether reading this row implies a condition, which `write_condition` writes.
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

/// Selects whole rows.
template <class Row>
struct whole_row {
    using row = Row;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        write_columns<typename row_traits<Row>::table>(w);
    }
    void bind(parameters&) const {}

    template <class Fields>
    static row decode(Fields const& fields) {
        return row_traits<Row>::decode(fields);
    }
};

}  // namespace detail
}  // namespace sark
