// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/meta/same_text.hpp>
#include <sark/schema/engines.hpp>

namespace sark::schema {

/// The definitions are plain values: models, migrations and (later) the live catalog all become these, so one DDL
/// writer and one comparison serve all of them. They hold views of constants and live in a constant expression or on
/// the stack of a tool; none owns text.
///
/// They compare member by member, as a defaulted operator would, but with `same_text`: proofs compare thousands.

using sark::detail::same_text;

/// Describes a column.
struct column {
    std::string_view name;
    /// As the server takes it: `varchar(255)`, `timestamptz`, `numeric(10,4)`, …; `bigserial` for a bigint filled by a
    /// sequence of its own.
    std::string_view type;
    bool nullable = false;
    std::string_view fallback = {};  ///< the DEFAULT expression, empty for none
    std::string_view comment = {};
    constexpr bool operator==(column const& o) const {
        return nullable == o.nullable && same_text(name, o.name) && same_text(type, o.type) &&
               same_text(fallback, o.fallback) && same_text(comment, o.comment);
    }
};

enum class constraint_kind { primary_key, unique, foreign_key, check };

enum class referential_action { no_action, restrict, cascade, set_null, set_default };

/// Describes a constraint; an empty name is the one the server itself would choose.
struct constraint {
    constraint_kind kind{};
    std::string_view name = {};
    std::vector<std::string_view> columns = {};
    std::string_view references = {};               ///< foreign keys: the other table
    std::vector<std::string_view> referenced = {};  ///< foreign keys: its columns
    referential_action on_delete = referential_action::no_action;
    std::string_view expression = {};  ///< checks
    bool not_valid = false;            ///< checks and foreign keys: holds for new rows only, until it is validated
    constexpr bool operator==(constraint const& o) const {
        return kind == o.kind && on_delete == o.on_delete && not_valid == o.not_valid && same_text(name, o.name) &&
               same_text(references, o.references) && same_text(expression, o.expression) &&
               same_texts(columns, o.columns) && same_texts(referenced, o.referenced);
    }
};

enum class nulls_order { by_direction, first, last };

/// Describes one key of an index: a column, or an expression that `expression` spells.
struct index_key {
    std::string_view column = {};
    std::string_view expression = {};
    std::string_view operator_class = {};
    bool descending = false;
    nulls_order nulls = nulls_order::by_direction;
    constexpr bool operator==(index_key const& o) const {
        return descending == o.descending && nulls == o.nulls && same_text(column, o.column) &&
               same_text(expression, o.expression) && same_text(operator_class, o.operator_class);
    }
};

struct index {
    std::string_view name;
    std::vector<index_key> keys = {};
    std::string_view method = "btree";
    bool unique = false;
    std::vector<std::string_view> include = {};  ///< covered columns
    std::string_view where = {};                 ///< predicate of a partial index
    constexpr bool operator==(index const& o) const {
        return unique == o.unique && same_text(name, o.name) && same_text(method, o.method) &&
               same_text(where, o.where) && keys == o.keys && same_texts(include, o.include);
    }
};

/// Describes a row trigger that calls a function without arguments.
struct trigger {
    std::string_view name;
    std::string_view event;  ///< `BEFORE UPDATE`, `AFTER INSERT OR DELETE`, …
    std::string_view function;
    std::string_view when = {};  ///< condition, empty for none
    constexpr bool operator==(trigger const& o) const {
        return same_text(name, o.name) && same_text(event, o.event) && same_text(function, o.function) &&
               same_text(when, o.when);
    }
};

struct table {
    std::string_view name;
    std::vector<column> columns = {};
    std::vector<constraint> constraints = {};
    std::vector<index> indexes = {};
    std::string_view comment = {};
    std::vector<trigger> triggers = {};
    hypertable chunks = {};    ///< where TimescaleDB keeps the rows
    distribution shards = {};  ///< where Citus keeps the rows
    constexpr bool operator==(table const& o) const {
        return same_text(name, o.name) && same_text(comment, o.comment) && columns == o.columns &&
               constraints == o.constraints && indexes == o.indexes && triggers == o.triggers && chunks == o.chunks &&
               shards == o.shards;
    }
};

struct enum_type {
    std::string_view name;
    std::vector<std::string_view> labels = {};  ///< in order
    constexpr bool operator==(enum_type const& o) const {
        return same_text(name, o.name) && same_texts(labels, o.labels);
    }
};

struct view {
    std::string_view name;
    std::string_view query;
    bool materialized = false;
    std::vector<index> indexes = {};  ///< materialized views only
    refresh continuous = {};          ///< continuous aggregates of TimescaleDB only
    constexpr bool operator==(view const& o) const {
        return materialized == o.materialized && same_text(name, o.name) && same_text(query, o.query) &&
               indexes == o.indexes && continuous == o.continuous;
    }
};

struct function {
    std::string_view name;
    std::string_view arguments = {};  ///< as in CREATE FUNCTION, without the parentheses
    std::string_view returns;
    std::string_view language;
    std::string_view body;
    constexpr bool operator==(function const& o) const {
        return same_text(name, o.name) && same_text(arguments, o.arguments) && same_text(returns, o.returns) &&
               same_text(language, o.language) && same_text(body, o.body);
    }
};

/// Describes a whole schema, every list in the order in which it can be created.
struct definition {
    std::vector<enum_type> enums = {};
    std::vector<table> tables = {};
    std::vector<view> views = {};
    std::vector<function> functions = {};
    constexpr bool operator==(definition const& o) const {
        return enums == o.enums && tables == o.tables && views == o.views && functions == o.functions;
    }
};

}  // namespace sark::schema

namespace sark::schema::detail {

/// Finds an item by its name. Proofs of long chains spend their time here: plain pointers, from the end, where
/// migrations find what the last ones made, and a look at the last character before a comparison, because the items of
/// one list tend to begin alike.
template <class T>
[[nodiscard]] constexpr T* find_named(T* first, T* last, std::string_view name) {
    std::size_t const size = name.size();
    char const* const text = name.data();
    while (first != last) {
        --last;
        if (last->name.size() == size && (size == 0 || last->name.data()[size - 1] == text[size - 1]) &&
            same_text(last->name, name))
            return last;
    }
    return nullptr;
}
template <class T>
[[nodiscard]] constexpr T const* find_named(std::vector<T> const& list, std::string_view name) {
    return find_named(list.data(), list.data() + list.size(), name);
}
/// Finds an item that probably stands at a place: two lists of the same things tend to have the same order.
template <class T>
[[nodiscard]] constexpr T const* find_named(std::vector<T> const& list, std::string_view name, std::size_t place) {
    if (place < list.size() && same_text(list[place].name, name)) return list.data() + place;
    return find_named(list, name);
}
template <class T>
[[nodiscard]] constexpr T* find_named(std::vector<T>& list, std::string_view name) {
    return find_named(list.data(), list.data() + list.size(), name);
}

}  // namespace sark::schema::detail
