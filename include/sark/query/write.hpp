// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/codec/row.hpp>
#include <sark/query/row.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace rules {

template <class Table>
struct rows_go_into_a_table {
    static constexpr bool holds = !is_view<Table>;
};

template <class Table>
struct table_has_a_primary_key {
    static constexpr bool holds = key_size<Table> > 0;
};

}  // namespace rules

namespace detail {

/// Tells whether a value is in the state that stands for "not given".
template <class T>
constexpr bool is_unset(T const& value) {
    if constexpr (requires { value.is_set(); })
        return !value.is_set();
    else if constexpr (std::is_same_v<T, uuid>)
        return value == uuid{};
    else if constexpr (std::is_integral_v<T>)
        return value == 0;
    else
        return false;
}

/// Tells whether "not given" makes the server fill a column in: a set-or-unset value with a default, or a serial 0.
template <class T, std::size_t I>
inline constexpr bool is_filled_by_server = [] {
    using member = field_type<T, I>;
    if constexpr (std::is_integral_v<member>)
        return columns_of<T>[I].is_serial();
    else
        return columns_of<T>[I].has_default() &&
               (requires(member const& m) { m.is_set(); } || std::is_same_v<member, uuid>);
}();

template <class T>
inline constexpr auto filled_by_server = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<bool, sizeof...(I)>{is_filled_by_server<T, I>...};
}(std::make_index_sequence<field_count<T>>{});

/// Writes what fills a column in that was not given: its default, or the next number of its sequence.
template <class T>
constexpr void write_column_default(sql::writer& w, std::size_t i) {
    column_facts const& facts = columns_of<T>[i];
    if (!facts.is_serial()) return w.put(facts.fallback);
    // pg_get_serial_sequence reads its first argument as an identifier and its second as a plain name.
    w.put("nextval(pg_get_serial_sequence('");
    sql::put_identifier(w, table_name<T>);
    w.put("', ");
    sql::put_literal(w, facts.name);
    w.put("))");
}

/// Writes the value of a column in VALUES: a placeholder, with the column's own default for an unset one.
template <class T, std::size_t I>
constexpr void write_inserted_value(sql::writer& w) {
    constexpr column_facts facts = columns_of<T>[I];
    if constexpr (is_filled_by_server<T, I>) {
        w.put("COALESCE(");
        w.put_placeholder();
        // Named, because the server would take the parameter's type from a default of another one.
        if (!facts.is_serial()) {
            w.put("::");
            w.put(facts.type);
        }
        w.put(", ");
        write_column_default<T>(w, I);
        w.put(')');
    } else {
        w.put_placeholder();
    }
}

template <class T>
constexpr void write_inserted_columns(sql::writer& w) {
    w.put(" (");
    bool first = true;
    for (column_facts const& c : columns_of<T>) {
        w.put_separator(first, ", ");
        sql::put_identifier(w, c.name);
    }
    w.put(')');
}

template <class T>
constexpr void write_insert(sql::writer& w) {
    w.put("INSERT INTO ");
    sql::put_identifier(w, table_name<T>);
    write_inserted_columns<T>(w);
    w.put(" VALUES (");
    bool first = true;
    for_each_position<T>([&](auto i) {
        w.put_separator(first, ", ");
        write_inserted_value<T, i>(w);
    });
    w.put(')');
}

/// Adds one column's value; an unset one without a default is refused by name.
template <class T, std::size_t I>
void bind_inserted_value(parameters& out, T const& row) {
    auto const& value = get_field<I>(row);
    if constexpr (is_filled_by_server<T, I>) {
        if (is_unset(value)) return out.add_null();
    } else if constexpr (requires { value.is_set(); }) {
        if (!value.is_set())
            refuse_field(place_of<T, I>, "was not set and has no default", "Set it before inserting the row.");
    }
    encode_value(out, value);
}

template <class T>
void bind_inserted(parameters& out, T const& row) {
    for_each_position<T>([&](auto i) { bind_inserted_value<T, i>(out, row); });
}

template <class T>
void bind_key(parameters& out, T const& row) {
    for_each_position<T>([&](auto i) {
        if constexpr (key_fields<T>[i]) encode_value(out, get_field<i>(row));
    });
}

/// Tells whether an update writes a column: not its key, and not what the server maintains.
template <class T>
constexpr bool is_updated(std::size_t i) {
    return !key_fields<T>[i] && !columns_of<T>[i].managed;
}

template <class T>
inline constexpr std::size_t updated_columns = [] {
    std::size_t n = 0;
    for (std::size_t i = 0; i < field_count<T>; ++i) n += is_updated<T>(i) ? 1U : 0U;
    return n;
}();

template <class T>
constexpr void write_key_condition(sql::writer& w) {
    bool first = true;
    for (std::size_t i = 0; i < field_count<T>; ++i) {
        if (!key_fields<T>[i]) continue;
        w.put_separator(first, " AND ");
        sql::put_qualified(w, table_name<T>, columns_of<T>[i].name);
        w.put(" = ");
        w.put_placeholder();
    }
}

template <class T>
consteval bool check_writable() {
    static_assert(rules::rows_go_into_a_table<T>::holds,
                  "sark: this struct reads a view, which takes no rows. Write to the tables below it. [sark-Q30]");
    return rules::rows_go_into_a_table<T>::holds;
}

template <class T>
consteval bool check_has_key() {
    static_assert(rules::table_has_a_primary_key<T>::holds,
                  "sark: this table has no primary key, so a row cannot be found again. Declare primary_key<…> in its "
                  "table_of, or name a member id. [sark-Q31]");
    return rules::table_has_a_primary_key<T>::holds;
}

}  // namespace detail

/// Inserts a row; columns with a default take it where the member is unset.
template <class T>
struct insert_statement {
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::check_writable<T>()) detail::write_insert<T>(w);
    }
    static void bind(parameters& out, T const& row) { detail::bind_inserted(out, row); }
    static void bind(parameters&, T const&&) = delete;  // parameters borrow the row's texts
};

/// Inserts a row and returns it as the server completed it.
template <class T>
struct insert_returning_statement : insert_statement<T> {
    static constexpr void write(sql::writer& w) {
        insert_statement<T>::write(w);
        w.put(" RETURNING ");
        detail::write_columns<T>(w);
    }
};

/// Inserts a row, or updates the one with its key where a column differs; returns whether it was new.
///
/// A row that is equal already is not written again and returns nothing: no dead row, no trigger, no new updated_at.
template <class T>
struct upsert_statement {
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::check_writable<T>() && detail::check_has_key<T>()) {
            detail::write_insert<T>(w);
            w.put(" ON CONFLICT (");
            each_name(w, ", ", true,
                      [](sql::writer& out, std::size_t i) { sql::put_identifier(out, columns_of<T>[i].name); });
            w.put(") DO ");
            if constexpr (detail::updated_columns<T> == 0) {
                w.put("NOTHING");
            } else {
                w.put("UPDATE SET ");
                each_name(w, ", ", false, [](sql::writer& out, std::size_t i) {
                    sql::put_identifier(out, columns_of<T>[i].name);
                    out.put(" = ");
                    put_new_value(out, i);
                });
                w.put(" WHERE (");
                each_name(w, ", ", false, [](sql::writer& out, std::size_t i) {
                    sql::put_qualified(out, table_name<T>, columns_of<T>[i].name);
                });
                w.put(") IS DISTINCT FROM (");
                each_name(w, ", ", false, put_new_value);
                w.put(')');
            }
            // A row that an update touched carries the updater's transaction in xmax, a fresh one none.
            w.put(" RETURNING (xmax = 0)");
        }
    }
    static void bind(parameters& out, T const& row) { detail::bind_inserted(out, row); }
    static void bind(parameters&, T const&&) = delete;  // parameters borrow the row's texts

private:
    template <class Put>
    static constexpr void each_name(sql::writer& w, std::string_view separator, bool of_key, Put put) {
        bool first = true;
        for (std::size_t i = 0; i < field_count<T>; ++i) {
            if (of_key ? !key_fields<T>[i] : !detail::is_updated<T>(i)) continue;
            w.put_separator(first, separator);
            put(w, i);
        }
    }

    /// Writes what a column becomes. What the server filled in is no news: a value that was not set stays as it is.
    static constexpr void put_new_value(sql::writer& w, std::size_t i) {
        if (!detail::filled_by_server<T>[i]) {
            w.put("EXCLUDED.");
            sql::put_identifier(w, columns_of<T>[i].name);
            return;
        }
        w.put("COALESCE($");
        w.put_number(i + 1);  // the parameters of the insert are the columns in order
        w.put("::");
        w.put(columns_of<T>[i].storage_type());
        w.put(", ");
        sql::put_qualified(w, table_name<T>, columns_of<T>[i].name);
        w.put(')');
    }
};

/// Writes all columns but the key and those that the server maintains, of the row with the key.
template <class T>
struct update_statement {
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::check_writable<T>() && detail::check_has_key<T>()) {
            w.put("UPDATE ");
            sql::put_identifier(w, table_name<T>);
            w.put(" SET ");
            bool first = true;
            for (std::size_t i = 0; i < field_count<T>; ++i) {
                if (!detail::is_updated<T>(i)) continue;
                w.put_separator(first, ", ");
                sql::put_identifier(w, columns_of<T>[i].name);
                w.put(" = ");
                if (detail::filled_by_server<T>[i]) w.put("COALESCE(");
                w.put_placeholder();
                if (detail::filled_by_server<T>[i]) {
                    w.put("::");
                    w.put(columns_of<T>[i].storage_type());
                    w.put(", ");
                    sql::put_qualified(w, table_name<T>, columns_of<T>[i].name);
                    w.put(')');
                }
            }
            w.put(" WHERE ");
            detail::write_key_condition<T>(w);
        }
    }
    static void bind(parameters& out, T const& row) {
        for_each_position<T>([&](auto i) {
            if constexpr (detail::is_updated<T>(i)) detail::bind_inserted_value<T, i>(out, row);
        });
        detail::bind_key(out, row);
    }
    static void bind(parameters&, T const&&) = delete;  // parameters borrow the row's texts
};

/// Deletes the row with a key.
template <class T>
struct erase_statement {
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::check_writable<T>() && detail::check_has_key<T>()) {
            w.put("DELETE FROM ");
            sql::put_identifier(w, table_name<T>);
            w.put(" WHERE ");
            detail::write_key_condition<T>(w);
        }
    }
    static void bind(parameters& out, T const& row) { detail::bind_key(out, row); }
    static void bind(parameters&, T const&&) = delete;  // parameters borrow the row's texts
};

}  // namespace sark
