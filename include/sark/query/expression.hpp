// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <optional>
#include <type_traits>

#include <sark/codec/parameters.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

/// Every node of an expression derives from this and has four parts, in this order:
///  - `value_type`: the C++ type of its SQL value, `std::optional` when it can be NULL;
///  - `columns`: the column references in it, as a `type_list` of `col_t`;
///  - `write<Scope>(sql::writer&)`: its text, a function of its type only; Scope is the `type_list` of tables;
///  - `bind(parameters&)`: its values, in the order of the placeholders it wrote.
struct expression_node {};

/// Accepts what stands for an SQL value inside of a statement.
template <class T>
concept expression_like = std::derived_from<std::remove_cvref_t<T>, expression_node>;

/// Accepts expressions that are true, false or unknown.
template <class T>
concept condition = expression_like<T> &&
                    std::same_as<detail::without_optional_t<typename std::remove_cvref_t<T>::value_type>, bool>;

namespace detail {

/// Stands in for an expression that a rule has refused, so that one mistake gives one message.
struct refused_expression : expression_node {
    using value_type = bool;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer&) {}
    static void bind(parameters&) {}
};

}  // namespace detail
}  // namespace sark
