// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

namespace sark::schema {

/// The definitions are plain values: models, migrations and (later) the live catalog all become these, so one DDL
/// writer and one comparison serve all of them. They hold views of constants and live in a constant expression or on
/// the stack of a tool; none owns text.

/// Describes a column.
struct column {
    std::string_view name;
    /// As the server takes it: `varchar(255)`, `timestamptz`, `numeric(10,4)`, …; `bigserial` for a bigint filled by a
    /// sequence of its own.
    std::string_view type;
    bool nullable = false;
    std::string_view fallback = {};  ///< the DEFAULT expression, empty for none
    std::string_view comment = {};
    constexpr bool operator==(column const&) const = default;
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
    constexpr bool operator==(constraint const&) const = default;
};

enum class nulls_order { by_direction, first, last };

/// Describes one key of an index: a column, or an expression that `expression` spells.
struct index_key {
    std::string_view column = {};
    std::string_view expression = {};
    std::string_view operator_class = {};
    bool descending = false;
    nulls_order nulls = nulls_order::by_direction;
    constexpr bool operator==(index_key const&) const = default;
};

struct index {
    std::string_view name;
    std::vector<index_key> keys = {};
    std::string_view method = "btree";
    bool unique = false;
    std::vector<std::string_view> include = {};  ///< covered columns
    std::string_view where = {};                 ///< predicate of a partial index
    constexpr bool operator==(index const&) const = default;
};

/// Describes a row trigger that calls a function without arguments.
struct trigger {
    std::string_view name;
    std::string_view event;  ///< `BEFORE UPDATE`, `AFTER INSERT OR DELETE`, …
    std::string_view function;
    std::string_view when = {};  ///< condition, empty for none
    constexpr bool operator==(trigger const&) const = default;
};

struct table {
    std::string_view name;
    std::vector<column> columns = {};
    std::vector<constraint> constraints = {};
    std::vector<index> indexes = {};
    std::string_view comment = {};
    std::vector<trigger> triggers = {};
    constexpr bool operator==(table const&) const = default;
};

struct enum_type {
    std::string_view name;
    std::vector<std::string_view> labels = {};  ///< in order
    constexpr bool operator==(enum_type const&) const = default;
};

struct view {
    std::string_view name;
    std::string_view query;
    bool materialized = false;
    std::vector<index> indexes = {};  ///< materialized views only
    constexpr bool operator==(view const&) const = default;
};

struct function {
    std::string_view name;
    std::string_view arguments = {};  ///< as in CREATE FUNCTION, without the parentheses
    std::string_view returns;
    std::string_view language;
    std::string_view body;
    constexpr bool operator==(function const&) const = default;
};

/// Describes a whole schema, every list in the order in which it can be created.
struct definition {
    std::vector<enum_type> enums = {};
    std::vector<table> tables = {};
    std::vector<view> views = {};
    std::vector<function> functions = {};
    constexpr bool operator==(definition const&) const = default;
};

}  // namespace sark::schema
