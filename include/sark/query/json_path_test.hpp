// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/function.hpp>
#include <sark/query/json_path_text.hpp>
#include <sark/query/value.hpp>
#include <sark/sql/literal.hpp>

namespace sark {

/// Gives a variable of a JSON path its value: `var<"least">(5)`.
template <fixed_string Name, class Operand>
struct path_variable {
    static constexpr std::string_view name = Name.view();
    Operand value;
};
template <fixed_string Name, class V>
[[nodiscard]] constexpr auto var(V&& v) {
    auto operand = detail::natural_operand(std::forward<V>(v));
    return path_variable<Name, decltype(operand)>{std::move(operand)};
}

namespace detail {

/// Is a JSON path in the text of a statement: a constant of the program.
template <fixed_string Path>
struct path_constant : expression_node {
    using value_type = std::string;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        sql::put_literal(w, Path.view());
        w.put("::jsonpath");
    }
    void bind(parameters&) const {}
};

}  // namespace detail

/// Asks a JSON path with variables, by the function that takes them; errors of the path are no match, as in operators.
template <fixed_string Function, fixed_string Path, class Left, class... Variables>
struct json_path_call : expression_node {
    using operands = type_list<Left, decltype(Variables::value)...>;
    using columns = joined_t<typename Left::columns, typename decltype(Variables::value)::columns...>;
    using value_type = std::optional<bool>;
    using tested = Left;
    static constexpr json_predicate asked = json_predicate::path_variables;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Function.view());
        w.put('(');
        Left::template write<Scope>(w);
        w.put(", ");
        sql::put_literal(w, Path.view());
        w.put(", jsonb_build_object(");
        bool first = true;
        ((w.put_separator(first, ", "), sql::put_literal(w, Variables::name), w.put(", "),
          decltype(Variables::value)::template write<Scope>(w)),
         ...);
        w.put("), true)");
    }
    void bind(parameters& out) const {
        left.bind(out);
        for_each(out, std::index_sequence_for<Variables...>{});
    }

    Left left;
    detail::bundle<Variables...> variables;

    constexpr json_path_call(Left l, detail::bundle<Variables...> v) : left{std::move(l)}, variables{std::move(v)} {}

private:
    template <std::size_t... I>
    void for_each(parameters& out, std::index_sequence<I...>) const {
        (detail::value_at<I>(variables).value.bind(out), ...);
    }
};

namespace rules {

template <fixed_string Path>
struct json_path_is_whole {
    static constexpr bool holds = detail::is_path_shaped(Path.view());
};

/// Holds when the names in a path and those that are given are the same.
template <fixed_string Path, class... Variables>
struct json_path_variables_are_given {
    static constexpr bool holds = [] {
        bool all = true;
        constexpr std::array<std::string_view, sizeof...(Variables) + 1> given{Variables::name...};
        detail::each_path_variable(Path.view(), [&](std::string_view name) {
            bool found = false;
            for (std::size_t i = 0; i + 1 < given.size(); ++i) found = found || given[i] == name;
            all = all && found;
        });
        for (std::size_t i = 0; i + 1 < given.size(); ++i) {
            bool used = false;
            detail::each_path_variable(Path.view(), [&](std::string_view name) { used = used || name == given[i]; });
            all = all && used;
        }
        return all;
    }();
};

}  // namespace rules

namespace detail {

template <fixed_string Path, class... Variables>
consteval bool check_json_path() {
    using whole = rules::json_path_is_whole<Path>;
    using given = rules::json_path_variables_are_given<Path, Variables...>;
    if constexpr (!whole::holds)
        static_assert(whole::holds,
                      "sark: this JSON path is not whole: a bracket or a quote is open, or it has no $. Correct it. "
                      "[sark-J22]");
    else
        static_assert(given::holds,
                      "sark: the variables of a JSON path are not those that are given. Give each $name of the path "
                      "as var<\"name\">(value), and no others. [sark-J23]");
    return whole::holds && given::holds;
}

template <bool Match, fixed_string Path, class Left, class... Variables>
constexpr auto ask_json_path(Left const& left, Variables... variables) {
    if constexpr (!check_json_path<Path, Variables...>()) {
        return refused_expression{};
    } else if constexpr (sizeof...(Variables) == 0) {
        constexpr json_predicate asked = predicate_of_path(Path.view(), Match);
        if constexpr (Match)
            return json_test<"@@", asked, Left, path_constant<Path>>{left, {}};
        else
            return json_test<"@?", asked, Left, path_constant<Path>>{left, {}};
    } else if constexpr (Match) {
        return json_path_call<"jsonb_path_match", Path, Left, Variables...>{left, {{std::move(variables)}...}};
    } else {
        return json_path_call<"jsonb_path_exists", Path, Left, Variables...>{left, {{std::move(variables)}...}};
    }
}

}  // namespace detail
}  // namespace sark
