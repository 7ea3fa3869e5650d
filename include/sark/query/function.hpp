// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/value.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

namespace detail {

template <class Scope, class... Es>
constexpr void write_list(sql::writer& w, [[maybe_unused]] std::string_view separator) {
    [[maybe_unused]] bool first = true;
    ((w.put_separator(first, separator), Es::template write<Scope>(w)), ...);
}

/// Writes a function's name, quoted part by part: `pg_catalog.lower` is `"pg_catalog"."lower"`.
constexpr void write_function_name(sql::writer& w, std::string_view name) {
    while (true) {
        std::size_t const dot = name.find('.');
        sql::put_identifier(w, name.substr(0, dot));
        if (dot == std::string_view::npos) return;
        w.put('.');
        name.remove_prefix(dot + 1);
    }
}

}  // namespace detail

/// Calls a function of the server.
template <fixed_string Name, class Result, bool Quoted, class... Args>
struct function_call : detail::node_of<Args...>, detail::value_methods<function_call<Name, Result, Quoted, Args...>> {
    using value_type = Result;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (Quoted)
            detail::write_function_name(w, Name.view());
        else
            w.put(Name.view());
        w.put('(');
        detail::write_list<Scope, Args...>(w, ", ");
        w.put(')');
    }
    void bind(parameters& out) const { detail::bind_all(out, arguments); }

    [[no_unique_address]] detail::bundle<Args...> arguments;

    constexpr explicit function_call(Args... args) : arguments{{std::move(args)}...} {}
};

/// Writes text around one or more operands, which the forms of SQL that are no calls need.
template <fixed_string Before, fixed_string Between, fixed_string After, class Result, class... Args>
struct framed : detail::node_of<Args...>, detail::value_methods<framed<Before, Between, After, Result, Args...>> {
    using value_type = Result;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Before.view());
        detail::write_list<Scope, Args...>(w, Between.view());
        w.put(After.view());
    }
    void bind(parameters& out) const { detail::bind_all(out, arguments); }

    [[no_unique_address]] detail::bundle<Args...> arguments;

    constexpr explicit framed(Args... args) : arguments{{std::move(args)}...} {}
};

/// Reads a field of a time; `Whole` ones are integers.
template <fixed_string Field, bool Whole, class Result, class E>
struct extracted : detail::node_of<E>, detail::value_methods<extracted<Field, Whole, Result, E>> {
    using value_type = Result;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("extract(");
        w.put(Field.view());
        w.put(" FROM ");
        E::template write<Scope>(w);
        w.put(Whole ? ")::integer" : ")");
    }
    void bind(parameters& out) const { operand.bind(out); }

    [[no_unique_address]] E operand;

    constexpr explicit extracted(E e) : operand{std::move(e)} {}
};

/// Writes a fragment of SQL as it stands, in parentheses; it can only be a constant of the program.
template <fixed_string Sql, class T>
struct literal_t : expression_node, detail::value_methods<literal_t<Sql, T>> {
    using value_type = T;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        w.put(Sql.view());
        w.put(')');
    }
    void bind(parameters&) const {}
};

/// Casts a value; what cannot be cast fails on the server, what has more digits is rounded there.
template <class T, class E>
struct cast_to : detail::node_of<E>, detail::value_methods<cast_to<T, E>> {
    using value_type = detail::nullable_if_t<detail::any_nullable<E>, T>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("CAST(");
        E::template write<Scope>(w);
        w.put(" AS ");
        w.put(sql_type<detail::without_optional_t<T>>::name);
        w.put(')');
    }
    void bind(parameters& out) const { operand.bind(out); }

    [[no_unique_address]] E operand;

    constexpr explicit cast_to(E e) : operand{std::move(e)} {}
};

namespace rules {

template <class... Arguments>
struct function_takes_text {
    static constexpr bool holds = (detail::text_like<detail::without_optional_t<detail::argument_type_t<Arguments>>> &&
                                   ...);
};

template <class Argument>
struct function_takes_a_timestamp {
    static constexpr bool holds = std::is_same_v<detail::plain_value_t<Argument>, timestamp>;
};

template <fixed_string Unit>
struct unit_of_time_is_known {
    static constexpr bool holds = detail::is_one_of(Unit.view(), "microseconds", "milliseconds", "second", "minute",
                                                    "hour", "day", "week", "month", "quarter", "year", "decade",
                                                    "century", "millennium");
};

template <fixed_string Field>
struct field_of_time_is_known {
    static constexpr bool holds = unit_of_time_is_known<Field>::holds ||
                                  detail::is_one_of(Field.view(), "epoch", "dow", "doy", "isodow", "isoyear");
};

template <fixed_string Sql>
struct literal_holds_no_placeholder {
    static constexpr bool holds = [] {
        std::string_view const text = Sql.view();
        for (std::size_t i = 0; i + 1 < text.size(); ++i)
            if (text[i] == '$' && text[i + 1] >= '0' && text[i + 1] <= '9') return false;
        return !text.empty();
    }();
};

}  // namespace rules

namespace detail {

template <class... Args>
consteval bool check_text_arguments() {
    using text = rules::function_takes_text<Args...>;
    static_assert(text::holds,
                  "sark: a function of texts is given something else. Pass a text, or write the value as text with "
                  "cast<std::string>(...). [sark-Q43]");
    return text::holds;
}

/// Calls a function that gives NULL for NULL.
template <fixed_string Name, class Result, class... Args>
constexpr auto strict_call(Args... args) {
    return function_call<Name, nullable_if_t<any_nullable<Args...>, Result>, false, Args...>{std::move(args)...};
}

template <fixed_string Name, class Result, class E>
constexpr auto text_function(E&& e) {
    if constexpr (check_text_arguments<std::remove_cvref_t<E>>())
        return strict_call<Name, Result>(natural_operand(std::forward<E>(e)));
    else
        return refused_expression{};
}

template <class E>
consteval bool check_timestamp() {
    using time = rules::function_takes_a_timestamp<E>;
    static_assert(time::holds,
                  "sark: date_trunc and extract take a timestamp. Pass a column of sark::timestamp. [sark-Q44]");
    return time::holds;
}

template <fixed_string Text>
struct text_constant : expression_node {
    using value_type = std::string;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        sql::put_literal(w, Text.view());
    }
    void bind(parameters&) const {}
};

}  // namespace detail

template <class E>
[[nodiscard]] constexpr auto lower(E&& e) {
    return detail::text_function<"lower", std::string>(std::forward<E>(e));
}
template <class E>
[[nodiscard]] constexpr auto upper(E&& e) {
    return detail::text_function<"upper", std::string>(std::forward<E>(e));
}
/// Counts the characters of a text.
template <class E>
[[nodiscard]] constexpr auto length(E&& e) {
    return detail::text_function<"length", std::int32_t>(std::forward<E>(e));
}

/// Joins texts; NULL as soon as one of them is.
template <class... Es>
    requires(sizeof...(Es) > 1)
[[nodiscard]] constexpr auto concat(Es&&... es) {
    if constexpr (detail::check_text_arguments<std::remove_cvref_t<Es>...>())
        return [](auto... nodes) {
            using result_type = detail::nullable_if_t<detail::any_nullable<decltype(nodes)...>, std::string>;
            return framed<"(", " || ", ")", result_type, decltype(nodes)...>{std::move(nodes)...};
        }(detail::natural_operand(std::forward<Es>(es))...);
    else
        return detail::refused_expression{};
}

/// Gives the time at which the transaction began.
[[nodiscard]] constexpr auto now() { return function_call<"now", timestamp, false>{}; }

/// Cuts a timestamp down to a unit: `date_trunc<"day">(col<&CostTracking::timestamp_>)`, in UTC unless told otherwise.
template <fixed_string Unit, fixed_string Zone = "UTC", expression_like E>
[[nodiscard]] constexpr auto date_trunc(E const& e) {
    using known = rules::unit_of_time_is_known<Unit>;
    static_assert(known::holds,
                  "sark: PostgreSQL has no unit of time of this name. Write \"hour\", \"day\", \"week\", \"month\", "
                  "\"year\" or another of its units. [sark-Q45]");
    if constexpr (!known::holds)
        return detail::refused_expression{};
    else if constexpr (detail::check_timestamp<E>())
        return detail::strict_call<"date_trunc", timestamp>(detail::text_constant<Unit>{}, e,
                                                            detail::text_constant<Zone>{});
    else
        return detail::refused_expression{};
}

/// Reads a field of a timestamp, in UTC: an integer, and a `decimal` for `second` and `epoch`.
template <fixed_string Field, expression_like E>
[[nodiscard]] constexpr auto extract(E const& e) {
    using known = rules::field_of_time_is_known<Field>;
    static_assert(known::holds,
                  "sark: PostgreSQL has no unit of time of this name. Write \"hour\", \"day\", \"week\", \"month\", "
                  "\"year\" or another of its units. [sark-Q45]");
    if constexpr (!known::holds) {
        return detail::refused_expression{};
    } else if constexpr (detail::check_timestamp<E>()) {
        constexpr bool whole = !detail::is_one_of(Field.view(), "second", "epoch");
        using result_type = std::conditional_t<whole, std::int32_t, decimal>;
        auto const utc = framed<"", "", " AT TIME ZONE 'UTC'", typename E::value_type, E>{e};
        using type = detail::nullable_if_t<detail::any_nullable<E>, result_type>;
        return extracted<Field, whole, type, std::remove_const_t<decltype(utc)>>{utc};
    } else {
        return detail::refused_expression{};
    }
}

/// Casts an expression or a value: `cast<money>(avg(col<&CostTracking::actual_cost>))`.
template <class T, class E>
[[nodiscard]] constexpr auto cast(E&& e) {
    auto operand = detail::natural_operand(std::forward<E>(e));
    return cast_to<T, decltype(operand)>{std::move(operand)};
}

/// Calls any function by name; its result type is what you say: `call<"pg_column_size", int>(col<&T::x>)`.
///
/// The name is quoted and may have a schema: `"pg_catalog.lower"`. Say std::optional where it can give NULL.
template <fixed_string Name, class Result, class... Es>
[[nodiscard]] constexpr auto call(Es&&... es) {
    return [](auto... nodes) {
        return function_call<Name, Result, true, decltype(nodes)...>{std::move(nodes)...};
    }(detail::natural_operand(std::forward<Es>(es))...);
}

namespace detail {

template <fixed_string Sql, class T>
consteval auto make_literal() {
    using plain = rules::literal_holds_no_placeholder<Sql>;
    static_assert(plain::holds,
                  "sark: a literal fragment holds a placeholder, which would be counted among those of the statement. "
                  "Pass values to the expressions around it. [sark-Q46]");
    return literal_t<Sql, T>{};
}

}  // namespace detail

/// Writes a fragment of SQL as it stands: `literal<"current_date", date>`. Run-time text is not taken.
template <fixed_string Sql, class T>
inline constexpr auto literal = detail::make_literal<Sql, T>();

}  // namespace sark
