// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/meta/bundle.hpp>
#include <sark/query/assignment.hpp>
#include <sark/query/where.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

namespace detail {

/// Tells whether a list of columns is a unique key of T: its primary key, a unique constraint, or a unique index on
/// plain columns of all rows. The order plays no part.
template <class T, auto... Ms>
consteval bool is_unique_key() {
    schema::table const t = definition_of<T>();
    auto const same = [](std::vector<std::string_view> const& columns) {
        std::vector<std::string_view> const target = names_of_columns<Ms...>();
        std::size_t found = 0;
        for (std::string_view name : target)
            for (std::string_view column : columns)
                if (name == column) {
                    ++found;
                    break;
                }
        return columns.size() == target.size() && found == target.size();
    };
    for (schema::constraint const& c : t.constraints)
        if ((c.kind == schema::constraint_kind::primary_key || c.kind == schema::constraint_kind::unique) &&
            same(c.columns))
            return true;
    for (schema::index const& i : t.indexes) {
        if (!i.unique || !i.where.empty()) continue;
        std::vector<std::string_view> columns;
        for (schema::index_key const& k : i.keys) columns.push_back(k.column);  // an expression has none
        if (same(columns)) return true;
    }
    return false;
}

/// Lets a conflict be an error.
struct no_conflict {
    template <class Scope>
    static constexpr void write(sql::writer&) {}
    void bind(parameters&) const {}
};

template <auto... Ms>
constexpr void write_conflict_target(sql::writer& w) {
    w.put(" ON CONFLICT");
    if constexpr (sizeof...(Ms) > 0) {
        bool first = true;
        w.put(" (");
        ((w.put_separator(first, ", "), sql::put_identifier(w, column_of<Ms>.name)), ...);
        w.put(')');
    }
}

/// Leaves the row that is there as it is.
template <auto... Ms>
struct conflict_does_nothing {
    template <class Scope>
    static constexpr void write(sql::writer& w) {
        write_conflict_target<Ms...>(w);
        w.put(" DO NOTHING");
    }
    void bind(parameters&) const {}
};

template <auto... Ms>
struct conflict_target {};

/// Changes the row that is there.
template <class Target, class... Clauses>
struct conflict_updates;
template <auto... Ms, class... Clauses>
struct conflict_updates<conflict_target<Ms...>, Clauses...> {
    template <class Scope>
    static constexpr void write(sql::writer& w) {
        write_conflict_target<Ms...>(w);
        w.put(" DO UPDATE SET ");
        bool first = true;
        (write_set<Scope, Clauses>(w, first), ...);
        (write_where<Scope, Clauses>(w), ...);
    }
    void bind(parameters& out) const { bind_clauses<clause_slot::set, clause_slot::where>(out, clauses); }

    bundle<Clauses...> clauses;

private:
    template <class Scope, class Clause>
    static constexpr void write_set(sql::writer& w, bool& first) {
        if constexpr (Clause::slot == clause_slot::set) {
            w.put_separator(first, ", ");
            Clause::template write<Scope>(w);
        }
    }
    template <class Scope, class Clause>
    static constexpr void write_where(sql::writer& w) {
        if constexpr (Clause::slot == clause_slot::where) {
            w.put(" WHERE ");
            Clause::template write<Scope>(w);
        }
    }
};

}  // namespace detail

namespace rules {

template <class T, auto... Ms>
struct conflict_target_is_a_unique_key {
    static constexpr bool holds = (std::is_same_v<owner_of<Ms>, T> && ...) && detail::is_unique_key<T, Ms...>();
};

template <class Conflict>
struct upsert_sets_a_column {
    static constexpr bool holds = true;
};
template <class Target>
struct upsert_sets_a_column<detail::conflict_updates<Target>> {
    static constexpr bool holds = false;
};

}  // namespace rules

namespace detail {

template <class T, auto... Ms>
consteval bool check_conflict_target() {
    using key = rules::conflict_target_is_a_unique_key<T, Ms...>;
    static_assert(key::holds,
                  "sark: these columns are no unique key of the table, so the server cannot see a conflict in them. "
                  "Name its primary key or a unique constraint, or declare one. [sark-Q92]");
    return key::holds;
}

}  // namespace detail
}  // namespace sark
