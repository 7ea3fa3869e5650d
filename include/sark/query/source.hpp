// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <type_traits>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/row.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

template <auto M, class Source>
    requires data_member<M>
struct col_t;

/// Is a table under another name, so that it can stand in a query twice.
/// @code
/// using boss = sark::alias<Employee, "boss">;
/// from<Employee>().left_join<boss>(col<&Employee::boss_id> == boss::col<&Employee::id>)
/// @endcode
template <class T, fixed_string Name>
struct alias {
    using aliased = T;

    /// Refers to a column of the table under this name.
    template <auto M>
    static constexpr col_t<M, alias> col{};
};

template <class T, fixed_string Name>
inline constexpr std::string_view table_name<alias<T, Name>> = Name.view();
template <class T, fixed_string Name>
inline constexpr auto const& columns_of<alias<T, Name>> = columns_of<T>;

template <class T, fixed_string Name>
struct row_traits<alias<T, Name>> {
    using table = alias<T, Name>;
    using row = T;
    static constexpr bool has_condition = false;
    static constexpr void write_condition(sql::writer&) {}

    template <class Fields>
    static T decode(Fields const& fields) {
        return row_traits<T>::decode(fields);
    }
};

namespace detail {

template <class T>
struct base_table {
    using type = T;
};
template <class T, fixed_string Name>
struct base_table<alias<T, Name>> {
    using type = T;
};
/// Gives the struct behind a table or an alias of one.
template <class T>
using base_table_t = typename base_table<T>::type;

/// Writes a table as FROM names it.
template <class T>
constexpr void write_source(sql::writer& w) {
    if constexpr (!std::is_same_v<T, base_table_t<T>>) {
        sql::put_identifier(w, table_name<base_table_t<T>>);
        w.put(" AS ");
    }
    sql::put_identifier(w, table_name<T>);
}

/// Stands for the row that an insert proposed, inside of ON CONFLICT DO UPDATE.
template <class T>
struct excluded_row {};

}  // namespace detail

template <class T>
inline constexpr std::string_view table_name<detail::excluded_row<T>> = "excluded";

}  // namespace sark
