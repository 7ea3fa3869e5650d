// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/array.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/choice.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/function.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/value.hpp>
#include <sark/query/window.hpp>

namespace sark {

namespace detail {

struct no_filter {};

/// Gives the type of sum(T): the server widens, so that a sum of integers does not overflow where its parts fit.
template <class T>
consteval auto sum_type() {
    if constexpr (plain_integer<T>) {
        if constexpr (sizeof(T) < sizeof(std::int64_t))
            return std::type_identity<std::int64_t>{};
        else
            return std::type_identity<numeric<38, 0>>{};
    } else if constexpr (scaled_number<T>) {
        return std::type_identity<numeric<38, T::scale>>{};
    } else {
        return std::type_identity<T>{};
    }
}

template <class T>
using average_t = std::conditional_t<std::floating_point<T>, double, decimal>;

}  // namespace detail

/// Computes one value of many rows.
///
/// `Start` is what stands before the arguments: `sum(`, `count(DISTINCT `.
template <fixed_string Start, class Result, class Filter, class Arguments, class Keys>
struct aggregate;
template <fixed_string Start, class Result, class Filter, class... Args, class... Keys>
struct aggregate<Start, Result, Filter, type_list<Args...>, type_list<Keys...>>
    : expression_node, detail::value_methods<aggregate<Start, Result, Filter, type_list<Args...>, type_list<Keys...>>> {
private:
    static constexpr bool filtered = !std::is_same_v<Filter, detail::no_filter>;
    template <class F, class... Ns>
    struct parts {
        using type = type_list<Ns..., F>;
    };
    template <class... Ns>
    struct parts<detail::no_filter, Ns...> {
        using type = type_list<Ns...>;
    };
    template <class List>
    struct columns_in;
    template <class... Es>
    struct columns_in<type_list<Es...>> {
        using type = joined_t<typename Es::columns...>;
    };

public:
    static constexpr bool is_aggregate = true;
    using value_type = Result;
    using inside = typename parts<Filter, Args..., detail::key_expression_t<Keys>...>::type;
    using columns = typename columns_in<inside>::type;
    using strict = type_list<>;  // rows that are missing are counted out, or the result is optional anyway
    static constexpr bool collects = Start.view() == "array_agg(";  // and here they are elements that are NULL
    using collected = detail::strict_columns_in<type_list<Args...>>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Start.view());
        detail::write_list<Scope, Args...>(w, ", ");
        if constexpr (sizeof...(Keys) > 0) {
            w.put(" ORDER BY ");
            detail::write_keys<Scope, Keys...>(w);
        }
        w.put(')');
        if constexpr (filtered) {
            w.put(" FILTER (WHERE ");
            Filter::template write<Scope>(w);
            w.put(')');
        }
    }
    void bind(parameters& out) const {
        detail::bind_all(out, arguments);
        detail::bind_keys(out, keys);
        if constexpr (filtered) condition.bind(out);
    }

    /// Takes only the rows for which a condition is true.
    template <condition C>
        requires(!filtered)
    [[nodiscard]] constexpr auto filter(C c) const {
        return aggregate<Start, Result, C, type_list<Args...>, type_list<Keys...>>{arguments, keys, std::move(c)};
    }
    /// Takes the values in an order: `string_agg(col<&T::name>, ", ").ordered_by(col<&T::name>)`.
    template <class... NewKeys>
        requires(sizeof...(Keys) == 0 && rules::order_by_takes_expressions<NewKeys...>::holds)
    [[nodiscard]] constexpr auto ordered_by(NewKeys... new_keys) const {
        return aggregate<Start, Result, Filter, type_list<Args...>, type_list<NewKeys...>>{
            arguments, detail::bundle<NewKeys...>{{std::move(new_keys)}...}, condition};
    }
    /// Computes it over the rows around each row, which stay as they are.
    template <class... Window>
    [[nodiscard]] constexpr auto over(window_spec<Window...> w) const {
        return window_call<Result, aggregate, window_spec<Window...>>{*this, std::move(w)};
    }

    [[no_unique_address]] detail::bundle<Args...> arguments;
    [[no_unique_address]] detail::bundle<Keys...> keys;
    [[no_unique_address]] Filter condition;

    constexpr aggregate(detail::bundle<Args...> a, detail::bundle<Keys...> k, Filter f)
        : arguments{std::move(a)}, keys{std::move(k)}, condition{std::move(f)} {}
};

namespace rules {

template <class Argument>
struct aggregate_takes_numbers {
    static constexpr bool holds = detail::number<detail::plain_value_t<Argument>>;
};
template <class Argument>
struct aggregate_takes_values_in_order {
    using value = detail::plain_value_t<Argument>;
    static constexpr bool holds = detail::number<value> || detail::text_like<value> || std::is_enum_v<value> ||
                                  std::is_same_v<value, timestamp> || std::is_same_v<value, date>;
};
template <class Argument>
struct aggregates_do_not_nest {
    static constexpr bool holds = !detail::has_aggregate<Argument> && !detail::has_window<Argument>;
};

}  // namespace rules

namespace detail {

template <fixed_string Start, class Result, class... Args>
constexpr auto make_aggregate(Args... args) {
    return aggregate<Start, Result, no_filter, type_list<Args...>, type_list<>>{
        detail::bundle<Args...>{{std::move(args)}...}, detail::bundle<>{}, no_filter{}};
}

template <class E>
consteval bool check_not_nested() {
    using flat = rules::aggregates_do_not_nest<E>;
    static_assert(flat::holds,
                  "sark: an aggregate or a window function stands inside of an aggregate. Compute the inner one in a "
                  "query of its own and give it to with(...). [sark-Q49]");
    return flat::holds;
}

template <class E>
consteval bool check_numbers() {
    using numbers = rules::aggregate_takes_numbers<E>;
    static_assert(numbers::holds, "sark: sum and avg take numbers. Name a column of numbers. [sark-Q50]");
    if constexpr (numbers::holds)
        return check_not_nested<E>();
    else
        return false;
}

template <class E>
consteval bool check_in_order() {
    using ordered = rules::aggregate_takes_values_in_order<E>;
    static_assert(ordered::holds,
                  "sark: min and max take values that have an order: numbers, texts, times. Use bool_and or bool_or "
                  "for booleans. [sark-Q51]");
    if constexpr (!ordered::holds)
        return false;
    else if constexpr (!check_stored_order<E>())
        return false;
    else
        return check_not_nested<E>();
}

template <class E>
using aggregated_t = std::optional<plain_value_t<E>>;

}  // namespace detail

/// Counts rows.
[[nodiscard]] constexpr auto count() { return detail::make_aggregate<"count(*", std::int64_t>(); }
/// Counts the values that are not NULL.
template <expression_like E>
[[nodiscard]] constexpr auto count(E e) {
    if constexpr (detail::check_not_nested<E>())
        return detail::make_aggregate<"count(", std::int64_t>(std::move(e));
    else
        return detail::refused_expression{};
}
/// Counts the different values that are not NULL.
template <expression_like E>
[[nodiscard]] constexpr auto count_distinct(E e) {
    if constexpr (detail::check_not_nested<E>())
        return detail::make_aggregate<"count(DISTINCT ", std::int64_t>(std::move(e));
    else
        return detail::refused_expression{};
}
/// Adds up; absent for no row. The sum of `int` is an `int64`, of `int64` and decimals a `numeric` of 38 digits.
template <expression_like E>
[[nodiscard]] constexpr auto sum(E e) {
    if constexpr (detail::check_numbers<E>())
        return detail::make_aggregate<
            "sum(", std::optional<typename decltype(detail::sum_type<detail::plain_value_t<E>>())::type>>(std::move(e));
    else
        return detail::refused_expression{};
}
/// Gives the mean; absent for no row. It is a `decimal`, with all digits the server computes, or a `double` of floats.
template <expression_like E>
[[nodiscard]] constexpr auto avg(E e) {
    if constexpr (detail::check_numbers<E>())
        return detail::make_aggregate<"avg(", std::optional<detail::average_t<detail::plain_value_t<E>>>>(std::move(e));
    else
        return detail::refused_expression{};
}
template <expression_like E>
[[nodiscard]] constexpr auto min(E e) {
    if constexpr (detail::check_in_order<E>())
        return detail::make_aggregate<"min(", detail::aggregated_t<E>>(std::move(e));
    else
        return detail::refused_expression{};
}
template <expression_like E>
[[nodiscard]] constexpr auto max(E e) {
    if constexpr (detail::check_in_order<E>())
        return detail::make_aggregate<"max(", detail::aggregated_t<E>>(std::move(e));
    else
        return detail::refused_expression{};
}
/// Is true where a condition is true of all rows; absent for no row.
template <condition E>
[[nodiscard]] constexpr auto bool_and(E e) {
    return detail::make_aggregate<"bool_and(", std::optional<bool>>(std::move(e));
}
/// Is true where a condition is true of any row; absent for no row.
template <condition E>
[[nodiscard]] constexpr auto bool_or(E e) {
    return detail::make_aggregate<"bool_or(", std::optional<bool>>(std::move(e));
}
/// Collects the values into an array; absent for no row. Elements are optional where the values are, also where an outer
/// join leaves them out.
template <expression_like E>
[[nodiscard]] constexpr auto array_agg(E e) {
    if constexpr (detail::check_not_nested<E>())
        return detail::make_aggregate<"array_agg(", std::optional<std::vector<typename E::value_type>>>(std::move(e));
    else
        return detail::refused_expression{};
}
/// Joins texts with a separator; absent for no row.
template <expression_like E>
[[nodiscard]] constexpr auto string_agg(E e, std::string_view separator) {
    if constexpr (detail::check_text_arguments<E>())
        return detail::make_aggregate<"string_agg(", std::optional<std::string>>(std::move(e),
                                                                                 bound<std::string_view>{separator});
    else
        return detail::refused_expression{};
}

}  // namespace sark
