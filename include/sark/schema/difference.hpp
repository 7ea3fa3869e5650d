// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>
#include <sark/schema/engine_words.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/writer.hpp>

namespace sark::schema {

/// Names a part of a schema: a table, or something that belongs to one.
struct item {
    std::string_view kind;   ///< `table`, `column`, `constraint`, `index`, `enum`, `view`
    std::string_view table;  ///< table or view it belongs to, empty for what stands alone
    std::string_view name;
};

/// Writes an item as a sentence names it: `column resources.name`.
constexpr void put_item(sql::writer& w, item const& what) {
    w.put(what.kind);
    w.put(' ');
    if (!what.table.empty()) {
        w.put(what.table);
        w.put('.');
    }
    w.put(what.name);
}

}  // namespace sark::schema

namespace sark::schema::detail {

/// Holds the name of a constraint, which may be the one the server would choose.
class constraint_name {
public:
    constexpr constraint_name(std::string_view table, constraint const& c) {
        sql::writer w{chars_};
        put_constraint_name(w, table, c);
        size_ = w.size();
    }
    /// Gives the name without its quotes.
    [[nodiscard]] constexpr std::string_view view() const { return {&chars_[1], size_ - 2}; }

private:
    char chars_[600]{};  // names of eight columns and a table, with room to spare
    std::size_t size_ = 0;
};

[[nodiscard]] constexpr bool same_constraint(constraint const& a, constraint const& b) {
    return a.kind == b.kind && a.columns == b.columns && a.references == b.references && a.referenced == b.referenced &&
           a.on_delete == b.on_delete && a.expression == b.expression && a.not_valid == b.not_valid;
}

[[nodiscard]] constexpr constraint const* find_constraint(std::string_view table, std::vector<constraint> const& list,
                                                          constraint const& wanted) {
    constraint_name const name{table, wanted};
    for (constraint const& candidate : list)
        if (candidate.kind == wanted.kind && constraint_name{table, candidate}.view() == name.view()) return &candidate;
    return nullptr;
}

}  // namespace sark::schema::detail

namespace sark::schema {

/// Calls `differs(item, put_left, put_right)` for each difference of two schemas, the first ones first; a side that
/// lacks the item has an empty writer. Stops when it returns false.
///
/// The order of columns, constraints, indexes and tables means nothing; that of enum labels does.
template <class Differs>
constexpr bool each_difference(definition const& left, definition const& right, Differs&& differs);

}  // namespace sark::schema

namespace sark::schema::detail {

inline constexpr auto put_nothing = [](sql::writer&) {};

/// Compares two lists of named things: what only one side has, and what differs.
template <class T, class Same, class Put, class Differs>
constexpr bool compare_named(std::string_view kind, std::string_view table, std::vector<T> const& left,
                             std::vector<T> const& right, Same same, Put put, Differs& differs) {
    for (std::size_t i = 0; i < left.size(); ++i) {
        T const& l = left[i];
        T const* const r = find_named(right, l.name, i);
        if (r != nullptr && same(l, *r)) continue;
        auto const put_left = [&](sql::writer& w) { put(w, l); };
        if (r == nullptr ? !differs(item{kind, table, l.name}, put_left, put_nothing)
                         : !differs(item{kind, table, l.name}, put_left, [&](sql::writer& w) { put(w, *r); }))
            return false;
    }
    for (std::size_t i = 0; i < right.size(); ++i) {
        T const& r = right[i];
        if (find_named(left, r.name, i) != nullptr) continue;
        if (!differs(item{kind, table, r.name}, put_nothing, [&](sql::writer& w) { put(w, r); })) return false;
    }
    return true;
}

template <class Differs>
constexpr bool compare_constraints(std::string_view table, std::vector<constraint> const& left,
                                   std::vector<constraint> const& right, Differs& differs) {
    auto const put = [&](constraint const& c) {
        return [&, table](sql::writer& w) {
            put_constraint(w, table, c);
            if (c.not_valid) w.put(" NOT VALID");
        };
    };
    // Most are spelled alike; names are only made for the others.
    auto const is_in = [](std::vector<constraint> const& list, constraint const& wanted) {
        for (constraint const& c : list)
            if (c == wanted) return true;
        return false;
    };
    for (constraint const& l : left) {
        if (is_in(right, l)) continue;
        constraint const* const r = find_constraint(table, right, l);
        if (r != nullptr && same_constraint(l, *r)) continue;
        constraint_name const name{table, l};
        item const what{"constraint", table, name.view()};
        if (r == nullptr ? !differs(what, put(l), put_nothing) : !differs(what, put(l), put(*r))) return false;
    }
    for (constraint const& r : right)
        if (!is_in(left, r) && find_constraint(table, left, r) == nullptr) {
            constraint_name const name{table, r};
            if (!differs(item{"constraint", table, name.view()}, put_nothing, put(r))) return false;
        }
    return true;
}

/// Writes what differs between a column and its counterpart: type, nullability, default or comment, the first of these.
constexpr void put_column_difference(sql::writer& w, column const& c, column const& other) {
    if (c.type != other.type) {
        w.put(c.type);
    } else if (c.nullable != other.nullable) {
        w.put(c.nullable ? "null" : "not null");
    } else if (c.fallback != other.fallback) {
        w.put(c.fallback.empty() ? "without default" : "default ");
        w.put(c.fallback);
    } else {
        w.put("commented ");
        sql::put_literal(w, c.comment);
    }
}

template <class Differs>
constexpr bool compare_columns(std::string_view table, std::vector<column> const& left,
                               std::vector<column> const& right, Differs& differs) {
    for (column const& l : left) {
        column const* const r = find_named(right, l.name);
        if (r != nullptr && l == *r) continue;
        item const what{"column", table, l.name};
        bool const go_on = r == nullptr ? differs(
                                              what, [&](sql::writer& w) { w.put(l.type); }, put_nothing)
                                        : differs(
                                              what, [&](sql::writer& w) { put_column_difference(w, l, *r); },
                                              [&](sql::writer& w) { put_column_difference(w, *r, l); });
        if (!go_on) return false;
    }
    for (column const& r : right)
        if (find_named(left, r.name) == nullptr)
            if (!differs(item{"column", table, r.name}, put_nothing, [&](sql::writer& w) { w.put(r.type); }))
                return false;
    return true;
}

template <class Differs>
constexpr bool compare_indexes(std::string_view table, std::vector<index> const& left, std::vector<index> const& right,
                               Differs& differs) {
    return compare_named(
        "index", table, left, right, [](index const& a, index const& b) { return a == b; },
        [table](sql::writer& w, index const& i) { put_create_index(w, table, i); }, differs);
}

/// Compares where engines keep the rows of a table, or how they keep a view.
template <class T, class Differs>
constexpr bool compare_engine(item const& what, T const& l, T const& r, Differs& differs) {
    return l == r || differs(
                         what, [&](sql::writer& w) { put_words(w, l); }, [&](sql::writer& w) { put_words(w, r); });
}

template <class Differs>
constexpr bool compare_tables(table const& l, table const& r, Differs& differs) {
    if (l.columns != r.columns)
        if (!compare_columns(l.name, l.columns, r.columns, differs)) return false;
    if (l.comment != r.comment)
        if (!differs(
                item{"comment of table", {}, l.name}, [&](sql::writer& w) { sql::put_literal(w, l.comment); },
                [&](sql::writer& w) { sql::put_literal(w, r.comment); }))
            return false;
    if (l.constraints != r.constraints && !compare_constraints(l.name, l.constraints, r.constraints, differs))
        return false;
    if (!compare_engine({"table", {}, l.name}, l.chunks, r.chunks, differs)) return false;
    if (!compare_engine({"table", {}, l.name}, l.shards, r.shards, differs)) return false;
    return l.indexes == r.indexes || compare_indexes(l.name, l.indexes, r.indexes, differs);
}

inline constexpr auto put_table_words = [](sql::writer& w, table const&) { w.put("a table"); };

}  // namespace sark::schema::detail

namespace sark::schema {

template <class Differs>
constexpr bool each_difference(definition const& left, definition const& right, Differs&& differs) {
    bool const enums = detail::compare_named(
        "enum", {}, left.enums, right.enums, [](enum_type const& a, enum_type const& b) { return a == b; },
        [](sql::writer& w, enum_type const& e) { put_create_enum(w, e); }, differs);
    if (!enums) return false;
    bool const names = detail::compare_named(
        "table", {}, left.tables, right.tables, [](table const&, table const&) { return true; },
        detail::put_table_words, differs);
    if (!names) return false;
    for (std::size_t i = 0; i < left.tables.size(); ++i)
        if (table const* const r = detail::find_named(right.tables, left.tables[i].name, i))
            if (!detail::compare_tables(left.tables[i], *r, differs)) return false;
    bool const views = detail::compare_named(
        "view", {}, left.views, right.views,
        [](view const& a, view const& b) { return a.query == b.query && a.materialized == b.materialized; },
        [](sql::writer& w, view const& v) { put_create_view(w, v); }, differs);
    if (!views) return false;
    for (view const& l : left.views)
        if (view const* const r = detail::find_named(right.views, l.name)) {
            if (!detail::compare_engine({"view", {}, l.name}, l.continuous, r->continuous, differs)) return false;
            if (!detail::compare_indexes(l.name, l.indexes, r->indexes, differs)) return false;
        }
    return true;
}

}  // namespace sark::schema
