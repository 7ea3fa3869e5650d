// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/few.hpp>
#include <sark/schema/definition.hpp>

namespace sark::migrate {

/// Holds an index as a constant; `to_schema` gives the schema's value.
struct index_part {
    std::string_view name = {};
    detail::few<schema::index_key> keys = {};
    std::string_view method = "btree";
    bool unique = false;
    detail::few<std::string_view> included = {};
    std::string_view predicate = {};
    bool concurrent = false;  ///< how it is built, no property of what is built

    [[nodiscard]] constexpr schema::index to_schema() const {
        return {.name = name,
                .keys = keys.to_vector(),
                .method = method,
                .unique = unique,
                .include = included.to_vector(),
                .where = predicate};
    }
};

/// Names the access method: `create_index("ix", "t", method{"gin"}, "document")`.
struct method {
    std::string_view name;
};
inline constexpr method gin{"gin"};

/// Asks for an index to be built, and dropped, while others write. The server refuses it inside a transaction, so it is
/// best alone in its migration: `create_index("ix", "t", concurrently, "column")`.
struct concurrently_t {};
inline constexpr concurrently_t concurrently{};

/// Is made by `include`: columns the index covers without being sorted by them.
struct included_columns {
    detail::few<std::string_view> names;
};

/// Limits an index to the rows for which the expression is true.
struct where {
    std::string_view expression;
};

template <class... Columns>
[[nodiscard]] constexpr included_columns include(Columns const&... names) {
    included_columns part{};
    (part.names.push_back(detail::checked_name(names)), ...);
    return part;
}

/// Makes a key of an expression, which is written between parentheses.
[[nodiscard]] constexpr schema::index_key expression(std::string_view text) {
    return {.expression = detail::checked_text(text)};
}

[[nodiscard]] constexpr schema::index_key descending(schema::index_key key) {
    key.descending = true;
    return key;
}

[[nodiscard]] constexpr schema::index_key descending(std::string_view column) {
    return {.column = detail::checked_name(column), .descending = true};
}

/// Chooses the operator class of a key: `with_class("document", "jsonb_path_ops")`.
[[nodiscard]] constexpr schema::index_key with_class(std::string_view column, std::string_view operator_class) {
    return {.column = detail::checked_name(column), .operator_class = detail::checked_text(operator_class)};
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

constexpr void add_index_part(migrate::index_part& to, schema::index_key const& key) { to.keys.push_back(key); }
constexpr void add_index_part(migrate::index_part& to, std::string_view column) {
    to.keys.push_back({.column = checked_name(column)});
}
constexpr void add_index_part(migrate::index_part& to, migrate::method chosen) {
    to.method = checked_text(chosen.name);
}
constexpr void add_index_part(migrate::index_part& to, migrate::included_columns const& columns) {
    to.included = columns.names;
}
constexpr void add_index_part(migrate::index_part& to, migrate::concurrently_t) { to.concurrent = true; }
constexpr void add_index_part(migrate::index_part& to, migrate::where rows) {
    to.predicate = checked_text(rows.expression);
}

template <class... Parts>
constexpr migrate::index_part index_of(std::string_view name, bool unique, Parts const&... parts) {
    migrate::index_part part{.name = checked_name(name), .unique = unique};
    (add_index_part(part, parts), ...);
    return part;
}

}  // namespace sark::migrate::detail
