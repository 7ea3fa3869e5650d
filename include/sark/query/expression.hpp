// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

/// Every node of an expression derives from this and has four parts, in this order:
///  - `value_type`: the C++ type of its SQL value, `std::optional` when it can be NULL;
///  - `columns`: the column references in it, as a `type_list` of `col_t`;
///  - `write<Scope>(sql::writer&)`: its text, a function of its type only; Scope is the `type_list` of tables;
///  - `bind(parameters&)`: its values, in the order of the placeholders it wrote.
///
/// It may say more: `operands`, the nodes it is made of (see `node_of`); `strict`, the columns whose NULL makes it
/// NULL, where that is not all of them; `is_aggregate` and `is_window`.
struct expression_node {};

/// Accepts what stands for an SQL value inside of a statement.
template <class T>
concept expression_like = std::derived_from<std::remove_cvref_t<T>, expression_node>;

/// Accepts expressions that are true, false or unknown.
template <class T>
concept condition = expression_like<T> &&
                    std::same_as<detail::without_optional_t<typename std::remove_cvref_t<T>::value_type>, bool>;

namespace detail {

template <std::size_t... I, class... Nodes>
void bind_all([[maybe_unused]] parameters& out, bundle_at<std::index_sequence<I...>, Nodes...> const& nodes) {
    (static_cast<bundled<I, Nodes> const&>(nodes).value.bind(out), ...);
}

/// Is the base of a node made of other nodes.
template <class... Operands>
struct node_of : expression_node {
    using operands = type_list<Operands...>;
    using columns = joined_t<typename Operands::columns...>;
};

/// Stands in for an expression that a rule has refused, so that one mistake gives one message.
struct refused_expression : expression_node {
    using value_type = bool;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer&) {}
    static void bind(parameters&) {}
};

template <bool Nullable, class T>
using nullable_if_t = std::conditional_t<Nullable, std::optional<without_optional_t<T>>, T>;

/// Gives what an expression is without its NULL.
template <class E>
using plain_value_t = without_optional_t<typename std::remove_cvref_t<E>::value_type>;

template <class... Es>
inline constexpr bool any_nullable = (is_optional<typename Es::value_type> || ...);

// ---- what is inside of an expression

template <class E>
    struct is_aggregate_node : std::bool_constant < requires {
    E::is_aggregate;
} > {};
template <class E>
    struct is_window_node : std::bool_constant < requires {
    E::is_window;
} > {};
template <class E>
    struct is_waiting_node : std::bool_constant < requires {
    E::waits_for_over;
} > {};

template <template <class> class Is, class E>
consteval bool finds();
template <template <class> class Is, class... Es>
consteval bool finds_in(type_list<Es...>) {
    return (finds<Is, Es>() || ...);
}
template <template <class> class Is, class E>
consteval bool finds() {
    if constexpr (Is<E>::value)
        return true;
    else if constexpr (requires { typename E::operands; })
        return finds_in<Is>(typename E::operands{});
    else
        return false;
}

/// Tells whether an expression computes one value of many rows.
template <class E>
inline constexpr bool has_aggregate = finds<is_aggregate_node, E>();
/// Tells whether an expression looks at the rows around its own.
template <class E>
inline constexpr bool has_window = finds<is_window_node, E>() || finds<is_waiting_node, E>();

template <class E>
struct strict_columns {
    using type = typename E::columns;
};
template <class E>
    requires requires { typename E::strict; }
struct strict_columns<E> {
    using type = typename E::strict;
};
template <class List>
struct strict_columns_in;
template <class... Es>
struct strict_columns_in<type_list<Es...>> {
    using type = joined_t<typename strict_columns<Es>::type...>;
};
template <class E>
    requires(
        requires { typename E::operands; } && !requires { typename E::strict; })
struct strict_columns<E> : strict_columns_in<typename E::operands> {};

/// Lists the columns whose NULL makes an expression NULL: what an outer join can do to it.
template <class E>
using strict_columns_t = typename strict_columns<E>::type;

/// Tells that an expression has a value whatever row is missing.
template <class E>
inline constexpr bool is_always_there = !is_optional<typename E::value_type> &&
                                        std::is_same_v<strict_columns_t<E>, type_list<>>;

/// Gives the columns that may make `coalesce` and its kin NULL: none as soon as one argument is always there.
template <class... Es>
using strict_unless_one_is_there =
    std::conditional_t<(is_always_there<Es> || ...), type_list<>, joined_t<strict_columns_t<Es>...>>;

}  // namespace detail
}  // namespace sark
