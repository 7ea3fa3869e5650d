// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/row.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/row.hpp>
#include <sark/query/source.hpp>
#include <sark/query/value.hpp>
#include <sark/reflect/fields.hpp>

namespace sark {

namespace detail {

/// Accepts what makes several columns of a select: whole rows and nested structs.
template <class T>
concept wide_item = requires { T::width; };

template <class T>
concept selectable = expression_like<T> || wide_item<T>;

inline constexpr field_place selected{"", "of the projection"};

template <class E>
struct place_of_expression {
    static constexpr field_place value = selected;
};
template <class E>
    requires requires { E::member; }
struct place_of_expression<E> {
    static constexpr field_place value{table_name<typename E::table>, column_of<E::member>.name};
};

template <class Nullable, class List>
inline constexpr bool any_column_of = false;
template <class Nullable, class... Cs>
inline constexpr bool any_column_of<Nullable, type_list<Cs...>> = [] {
    [[maybe_unused]] auto const one = []<class C>(std::type_identity<C>) {
        if constexpr (requires { typename C::table; })
            return Nullable::template contains<typename C::table>;
        else
            return false;
    };
    return (one(std::type_identity<Cs>{}) || ...);
}();

/// Tells of which columns an item collects the values into an array.
template <class Item>
struct collected_columns {
    using type = type_list<>;
};
template <class Item>
    requires requires { requires Item::collects; }
struct collected_columns<Item> : Item::collected {};
template <class Item>
    requires requires { typename Item::computes; }
struct collected_columns<Item> : collected_columns<typename Item::computes> {};

/// Makes the elements of an array optional where rows may be missing from what it collects.
template <bool Missing, class T>
struct with_missing_elements {
    using type = T;
};
template <class T>
struct with_missing_elements<true, std::optional<std::vector<T>>> {
    using type = std::optional<std::vector<std::optional<without_optional_t<T>>>>;
};

/// Gives the type an item has in a row where the tables of Nullable may be left out.
template <class Item, class Nullable>
struct item_type {
    static constexpr bool is_missing = any_column_of<Nullable, typename collected_columns<Item>::type>;
    using value = typename with_missing_elements<is_missing, typename Item::value_type>::type;
    using type = nullable_if_t<any_column_of<Nullable, strict_columns_t<Item>>, value>;
};
template <class Item>
struct item_type<Item, type_list<>> {
    using type = typename Item::value_type;
};
template <wide_item Item, class Nullable>
struct item_type<Item, Nullable> {
    using type = typename Item::template row_in<Nullable>;
};
template <wide_item Item>
struct item_type<Item, type_list<>> {
    using type = typename Item::template row_in<type_list<>>;
};
template <class Item, class Nullable>
using item_type_t = typename item_type<Item, Nullable>::type;

template <class Item>
inline constexpr std::size_t item_width = 1;
template <wide_item Item>
inline constexpr std::size_t item_width<Item> = Item::width;

/// Sees the fields of a row from one on.
template <class Fields>
struct fields_from {
    Fields const& fields;
    std::size_t first;

    [[gnu::always_inline]] constexpr auto operator()(std::size_t i) const { return fields(first + i); }
};

template <class Item, class Nullable, class Fields>
[[gnu::always_inline]] inline item_type_t<Item, Nullable> decode_item(Fields const& fields, std::size_t first) {
    if constexpr (wide_item<Item>)
        return Item::template decode<Nullable>(fields_from<Fields>{fields, first});
    else
        return decode_value<item_type_t<Item, Nullable>>(fields(first), place_of_expression<Item>::value);
}

template <class Into, class... Values>
struct projected_row {
    using type = Into;
};
template <class... Values>
struct projected_row<void, Values...> {
    using type = std::tuple<Values...>;
};
template <class Value>
struct projected_row<void, Value> {
    using type = Value;
};

/// Selects items, into a tuple, into a struct, or as they are when there is one.
template <class Into, class... Items>
struct projection {
    using columns = joined_t<typename Items::columns...>;
    static constexpr std::size_t width = (std::size_t{0} + ... + item_width<Items>);
    static constexpr bool aggregates = (has_aggregate<Items> || ...);
    using operands = type_list<Items...>;

    template <class Nullable>
    using row_in = typename projected_row<Into, item_type_t<Items, Nullable>...>::type;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, ", "), Items::template write<Scope>(w)), ...);
    }
    void bind(parameters& out) const { bind_all(out, chosen); }

    template <class Nullable, class Fields>
    static row_in<Nullable> decode(Fields const& fields) {
        static constexpr auto starts = [] {
            std::array<std::size_t, sizeof...(Items)> first{};
            std::array<std::size_t, sizeof...(Items)> const widths{item_width<Items>...};
            for (std::size_t i = 1; i < widths.size(); ++i) first[i] = first[i - 1] + widths[i - 1];
            return first;
        }();
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return row_in<Nullable>{decode_item<Items, Nullable>(fields, starts[I])...};
        }(std::index_sequence_for<Items...>{});
    }

    detail::bundle<Items...> chosen;
};

}  // namespace detail

namespace rules {

template <class... Expressions>
struct select_takes_expressions {
    static constexpr bool holds = sizeof...(Expressions) > 0 && (detail::selectable<Expressions> && ...);
};

template <class Struct, class... Values>
struct selected_columns_fit_the_struct {
    static constexpr bool holds = [] {
        if constexpr (field_count<Struct> != sizeof...(Values)) {
            return false;
        } else {
            return []<std::size_t... I>(std::index_sequence<I...>) {
                // A nullable value needs an optional member; an optional member takes a value that is never NULL.
                return ((std::is_same_v<field_type<Struct, I>, Values> ||
                         std::is_same_v<field_type<Struct, I>, std::optional<Values>>)&&...);
            }(std::index_sequence_for<Values...>{});
        }
    }();
};

}  // namespace rules

namespace detail {

template <class Into, class... Values>
consteval bool check_fit() {
    if constexpr (std::is_void_v<Into>) {
        return true;
    } else {
        using fit = rules::selected_columns_fit_the_struct<Into, Values...>;
        static_assert(fit::holds,
                      "sark: the selected columns do not fit the fields of the struct. Select as many columns as "
                      "it has fields, of the same types in the same order; a nullable one needs an optional. "
                      "[sark-Q21]");
        return fit::holds;
    }
}

/// Selects a struct inside of a row.
template <class Into, class... Items>
struct nested_struct : projection<Into, Items...> {
    template <class Nullable, class Fields>
    static Into decode(Fields const& fields) {
        if constexpr (check_fit<Into, item_type_t<Items, Nullable>...>())
            return projection<Into, Items...>::template decode<Nullable>(fields);
        else
            return {};
    }
};

}  // namespace detail

/// Selects the whole row of a table of the query: `select(whole<Resource>, whole<Capability>)`.
template <class Row>
inline constexpr detail::whole_row<Row> whole{};

/// Selects a struct as one field of the row: `select<Page>(col<&T::id>, into<Author>(col<&A::name>, col<&A::mail>))`.
template <class Struct, class... Items>
    requires(detail::selectable<Items> && ...)
[[nodiscard]] constexpr auto into(Items... items) {
    return detail::nested_struct<Struct, Items...>{{detail::bundle<Items...>{{std::move(items)}...}}};
}

}  // namespace sark
