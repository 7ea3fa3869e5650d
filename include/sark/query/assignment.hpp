// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <sark/query/arithmetic.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/group_by.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/value.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

/// Keeps what a column is set to.
template <class Column, class Value>
struct set_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::set;
    using column = Column;
    using columns = typename Value::columns;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        sql::put_identifier(w, column_of<Column::member>.name);
        w.put(" = ");
        Value::template write<Scope>(w);
    }
    void bind(parameters& out) const { value.bind(out); }

    Value value;

    constexpr explicit set_clause(Value v) : value{std::move(v)} {}
};

namespace detail {

struct null_constant : expression_node {
    using value_type = std::optional<bool>;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("NULL");
    }
    void bind(parameters&) const {}
};

/// Tells whether a column of type Target takes a value of type V without losing anything.
template <class Target, class V>
consteval bool is_assignable() {
    if constexpr (std::is_same_v<Target, V> || (text_like<Target> && text_like<V>) ||
                  (plain_integer<Target> && plain_integer<V>)) {
        return true;
    } else if constexpr (scaled_number<Target>) {
        if constexpr (scaled_number<V>)
            return V::scale <= Target::scale;
        else
            return plain_integer<V>;
    } else if constexpr (std::is_same_v<Target, decimal>) {
        return exact_number<V>;
    } else {
        return std::floating_point<Target> && number<V> && !std::is_same_v<V, decimal>;
    }
}

}  // namespace detail

namespace rules {

template <class Column, class Table>
struct set_column_is_of_the_written_table {
    static constexpr bool holds = std::is_same_v<typename Column::table, Table>;
};

template <class Column>
struct set_column_is_not_managed {
    static constexpr bool holds = !column_of<Column::member>.managed;
};

template <class Column, class... Clauses>
struct column_is_set_once {
    static constexpr bool holds = [] {
        [[maybe_unused]] auto const one = []<class C>(std::type_identity<C>) {
            if constexpr (requires { typename C::column; })
                return std::is_same_v<typename C::column, Column>;
            else
                return false;
        };
        return !(one(std::type_identity<Clauses>{}) || ...);
    }();
};

template <class Column, class V>
struct set_value_has_the_columns_type {
    static constexpr bool holds = [] {
        using target = detail::plain_value_t<Column>;
        using given = std::remove_cvref_t<V>;
        if constexpr (std::is_same_v<given, std::nullopt_t>)
            return true;
        else if constexpr (expression_like<given>)
            return detail::is_assignable<target, detail::plain_value_t<given>>();
        else
            return !std::is_void_v<detail::stored_value_t<target, detail::without_optional_t<given>>>;
    }();
};

template <class Column, class V>
struct set_value_is_not_null {
    static constexpr bool holds = [] {
        using given = std::remove_cvref_t<V>;
        if constexpr (detail::is_optional<typename Column::value_type>)
            return true;
        else if constexpr (std::is_same_v<given, std::nullopt_t>)
            return false;
        else if constexpr (expression_like<given>)
            return !detail::is_optional<typename given::value_type>;
        else
            return !detail::is_optional<given>;
    }();
};

}  // namespace rules

namespace detail {

template <class Column, class V>
constexpr auto assigned_value(V&& v) {
    using given = std::remove_cvref_t<V>;
    using target = plain_value_t<Column>;
    if constexpr (std::is_same_v<given, std::nullopt_t>) {
        return null_constant{};
    } else if constexpr (is_optional<given>) {
        using stored = decltype(store_value<target>(*v));
        std::optional<stored> kept;
        if (v) kept = store_value<target>(*std::forward<V>(v));
        return bound<std::optional<stored>>{std::move(kept)};
    } else {
        return operand<target>(std::forward<V>(v));
    }
}

/// Enforces the rules of one `set`; the first broken one speaks.
template <class Table, class Tables, bool MayBeManaged, class Clauses, class Column, class V>
struct assignment_check;
template <class Table, class Tables, bool MayBeManaged, class... Clauses, class Column, class V>
struct assignment_check<Table, Tables, MayBeManaged, type_list<Clauses...>, Column, V> {
    static consteval bool holds() {
        using own = rules::set_column_is_of_the_written_table<Column, Table>;
        using unmanaged = rules::set_column_is_not_managed<Column>;
        using once = rules::column_is_set_once<Column, Clauses...>;
        using typed = rules::set_value_has_the_columns_type<Column, V>;
        using there = rules::set_value_is_not_null<Column, V>;
        if constexpr (!own::holds) {
            static_assert(own::holds,
                          "sark: set(...) names a column of another table than the one that is written. Name a member "
                          "of its struct. [sark-Q85]");
            return false;
        } else if constexpr (!MayBeManaged && !unmanaged::holds) {
            static_assert(unmanaged::holds,
                          "sark: set(...) names a column that the server maintains. Leave it to its trigger, or drop "
                          "managed from its description. [sark-Q86]");
            return false;
        } else if constexpr (!once::holds) {
            static_assert(once::holds, "sark: a column is set twice. Set it once. [sark-Q87]");
            return false;
        } else if constexpr (!typed::holds) {
            static_assert(typed::holds,
                          "sark: a column is set to a value of another type. Pass a value of the column's type, or say "
                          "how it becomes one with cast<T>(...). [sark-Q88]");
            return false;
        } else if constexpr (!there::holds) {
            static_assert(there::holds,
                          "sark: a column that is never NULL is set to something that can be. Use coalesce(...) or "
                          "value_or(...), or make the member a std::optional. [sark-Q89]");
            return false;
        } else if constexpr (expression_like<V>) {
            using given = std::remove_cvref_t<V>;
            return check_columns<Tables>(typename given::columns{}) && check_row_condition<given>();
        } else {
            return true;
        }
    }
};

}  // namespace detail
}  // namespace sark
