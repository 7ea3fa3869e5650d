// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/reflect/enum_names.hpp>
#include <sark/schema/ddl.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

template <class Member>
constexpr void add_enum([[maybe_unused]] schema::definition& d, [[maybe_unused]] std::string_view declared) {
    using type = without_optional_t<Member>;
    if constexpr (std::is_enum_v<type>) {
        if (enum_type_of<type>.empty() || declared != enum_type_of<type>) return;
        for (schema::enum_type const& known : d.enums)
            if (known.name == enum_type_of<type>) return;
        schema::enum_type e{.name = enum_type_of<type>};
        for (std::string_view label : labels_of<type>) e.labels.push_back(label);
        d.enums.push_back(e);
    }
}

template <class T, std::size_t... I>
constexpr void add_enums(schema::definition& d, std::index_sequence<I...>) {
    (add_enum<field_type<T, I>>(d, columns_of<T>[I].type), ...);
}

template <class T>
constexpr void add_struct(schema::definition& d, std::string_view extension) {
    add_enums<T>(d, std::make_index_sequence<field_count<T>>{});
    if constexpr (is_view<T>) {
        if (!table_of<T>.continuous.is_continuous() || extension == "timescaledb")
            d.views.push_back(view_definition_of<T>(extension));
    } else {
        d.tables.push_back(definition_of<T>(extension));
    }
}

/// Gives what structs describe in the order in which they are named, which is all that a comparison needs.
template <class... Ts>
[[nodiscard]] constexpr schema::definition unordered_schema_of(std::string_view extension = {}) {
    schema::definition d;
    d.tables.reserve(sizeof...(Ts));
    (add_struct<Ts>(d, extension), ...);
    return d;
}

/// Sorts tables so that each comes after those it references, as far as the references have no cycle.
constexpr void order_by_reference(std::vector<schema::table>& tables) {
    std::vector<schema::table> ordered;
    ordered.reserve(tables.size());
    auto const needed_by = [&](schema::table const& t) {
        for (schema::constraint const& c : t.constraints) {
            if (c.kind != schema::constraint_kind::foreign_key || c.references == t.name) continue;
            for (auto waiting = tables.begin(); waiting != tables.end(); ++waiting)
                if (waiting->name == c.references) return waiting;
        }
        return tables.end();
    };
    while (!tables.empty()) {
        auto next = tables.begin();
        while (next != tables.end() && needed_by(*next) != tables.end()) ++next;
        if (next == tables.end()) {
            // Whoever follows references long enough stands in a cycle. Its closing key is added afterwards.
            next = tables.begin();
            for (std::size_t n = 0; n < tables.size(); ++n) next = needed_by(*next);
        }
        ordered.push_back(std::move(*next));
        tables.erase(next);
    }
    tables = std::move(ordered);
}

}  // namespace detail

/// Gives the definition of the tables, views and enums of Ts as one value, each table after those it references; with
/// the name of an extension as a server has them where it is installed.
template <class... Ts>
[[nodiscard]] constexpr schema::definition schema_of(std::string_view extension = {}) {
    schema::definition d = detail::unordered_schema_of<Ts...>(extension);
    detail::order_by_reference(d.tables);
    return d;
}

namespace schema {

/// Calls `emit(write)` for each statement that creates a schema, in order; `write(sql::writer&)` writes its text.
///
/// A foreign key to a table that comes later is added at the end, and so is what is not valid.
template <class Emit>
constexpr void each_create_statement(definition const& d, Emit&& emit) {
    for (enum_type const& e : d.enums) emit([&](sql::writer& w) { put_create_enum(w, e); });
    struct postponed_constraint {
        std::string_view table;
        constraint what;
    };
    std::vector<postponed_constraint> postponed;
    for (std::size_t n = 0; n < d.tables.size(); ++n) {
        table t = d.tables[n];
        auto const comes_later = [&](std::string_view name) {
            for (std::size_t later = n + 1; later < d.tables.size(); ++later)
                if (d.tables[later].name == name) return true;
            return false;
        };
        for (auto c = t.constraints.begin(); c != t.constraints.end();) {
            if (c->not_valid || (c->kind == constraint_kind::foreign_key && comes_later(c->references))) {
                postponed.push_back({t.name, *c});
                c = t.constraints.erase(c);
            } else {
                ++c;
            }
        }
        emit([&](sql::writer& w) { put_create_table(w, t); });
        for (index const& i : t.indexes) emit([&](sql::writer& w) { put_create_index(w, t.name, i); });
        if (!t.comment.empty()) emit([&](sql::writer& w) { put_comment_on_table(w, t.name, t.comment); });
        for (column const& c : t.columns)
            if (!c.comment.empty()) emit([&](sql::writer& w) { put_comment_on_column(w, t.name, c.name, c.comment); });
    }
    for (postponed_constraint const& late : postponed)
        emit([&](sql::writer& w) {
            w.put("ALTER TABLE ");
            sql::put_identifier(w, late.table);
            w.put(" ADD ");
            put_constraint(w, late.table, late.what);
            if (late.what.not_valid) w.put(" NOT VALID");
        });
    for (view const& v : d.views) {
        emit([&](sql::writer& w) { put_create_view(w, v); });
        for (index const& i : v.indexes) emit([&](sql::writer& w) { put_create_index(w, v.name, i); });
    }
}

}  // namespace schema

namespace detail {

template <class... Ts>
struct create_script {
    static constexpr void write(sql::writer& w) {
        schema::each_create_statement(schema_of<Ts...>(), [&](auto const& statement) {
            statement(w);
            w.put(";\n");
        });
    }
};

template <class... Ts>
inline constexpr std::size_t create_statement_count = [] {
    std::size_t n = 0;
    schema::each_create_statement(schema_of<Ts...>(), [&](auto const&) { ++n; });
    return n;
}();

// Views of the script: a text of its own for each statement would make the compiler build the schema once per statement.
template <class... Ts>
inline constexpr auto create_statements = [] {
    std::array<std::string_view, create_statement_count<Ts...>> views{};
    std::size_t n = 0;
    std::size_t begin = 0;
    sql::writer w;
    schema::each_create_statement(schema_of<Ts...>(), [&](auto const& statement) {
        statement(w);
        views[n++] = sql::text<create_script<Ts...>>::value.substr(begin, w.size() - begin);
        w.put(";\n");
        begin = w.size();
    });
    return views;
}();

}  // namespace detail

/// Holds the script that creates the tables of Ts from nothing, each statement ended by a semicolon.
///
/// For tests and prototypes. A database that lives longer than a test has a migration chain.
template <class... Ts>
inline constexpr std::string_view create_script = sql::text<detail::create_script<Ts...>>::value;

/// Lists the same statements one by one, without semicolons.
template <class... Ts>
inline constexpr auto const& create_statements = detail::create_statements<Ts...>;

}  // namespace sark
