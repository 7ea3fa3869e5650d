// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/row.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>
#include <sark/reflect/fields.hpp>

namespace sark {

namespace rules {

template <class... Expressions>
struct select_takes_expressions {
    static constexpr bool holds = sizeof...(Expressions) > 0 && (expression_like<Expressions> && ...);
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

/// Selects expressions, into a tuple, into a struct, or as they are when there is one.
template <class Row, class... Expressions>
struct projection {
    using row = Row;
    using columns = joined_t<typename Expressions::columns...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, ", "), Expressions::template write<Scope>(w)), ...);
    }
    void bind(parameters& out) const {
        std::apply([&](auto const&... e) { (e.bind(out), ...); }, expressions);
    }

    template <class Fields>
    static row decode(Fields const& fields) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return row{
                decode_value<typename Expressions::value_type>(fields(I), place_of_expression<Expressions>::value)...};
        }(std::index_sequence_for<Expressions...>{});
    }

    std::tuple<Expressions...> expressions;
};

template <class Into, class... Expressions>
struct projected_row {
    using type = Into;
};
template <class... Expressions>
struct projected_row<void, Expressions...> {
    using type = std::tuple<typename Expressions::value_type...>;
};
template <class Expression>
struct projected_row<void, Expression> {
    using type = typename Expression::value_type;
};

}  // namespace detail
}  // namespace sark
