// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/meta/fixed_string.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/json_path_test.hpp>
#include <sark/query/methods.hpp>
#include <sark/sql/literal.hpp>

namespace sark {

template <class Root, class Value, class... Steps>
struct json_path;  // <sark/jsonb/json_path.hpp>

template <class Left, class Right, fixed_string Operator, class Result>
struct json_operation;

namespace detail {

template <fixed_string Name>
struct key_step;
template <std::int32_t Position>
struct index_step;
struct bound_key_step;
struct bound_index_step;

template <class T>
concept json_paths_are_included = requires { sizeof(json_path<T, json>); };

template <class Root>
consteval bool check_paths_are_included() {
    static_assert(json_paths_are_included<Root>,
                  "sark: paths into documents are not included. Include <sark/jsonb/typed_path.hpp>, or "
                  "<sark/jsonb.hpp>. [sark-J24]");
    return json_paths_are_included<Root>;
}

/// Writes keys as an array of text constants.
template <fixed_string... Keys>
struct constant_keys : expression_node {
    using value_type = std::vector<std::string>;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("ARRAY[");
        bool first = true;
        ((w.put_separator(first, ", "), sql::put_literal(w, Keys.view())), ...);
        w.put("]::text[]");
    }
    void bind(parameters&) const {}
};

/// Gives what can be asked of a document, as members; `contains` and `has_key` come with every expression.
template <class Self>
struct json_methods {
    /// Is true where the document is contained in the other one (`<@`); no index serves it.
    template <class V>
    [[nodiscard]] constexpr auto contained_in(V&& other) const {
        auto right = json_operand(std::forward<V>(other));
        return json_test<"<@", json_predicate::contained_in, Self, decltype(right)>{self(), std::move(right)};
    }
    /// Is true where the document contains what another expression holds (`@>`).
    template <expression_like E>
    [[nodiscard]] constexpr auto contains_value(E other) const {
        return containment<Self, E>{self(), std::move(other)};
    }
    /// Is true where the document has one of the keys at its top (`?|`), or one of the texts in its list.
    [[nodiscard]] auto has_any_key(std::vector<std::string> keys) const {
        return json_test<"?|", json_predicate::has_any_key, Self, bound_keys>{self(), {{}, std::move(keys)}};
    }
    /// Is true where the document has all of the keys at its top (`?&`).
    [[nodiscard]] auto has_all_keys(std::vector<std::string> keys) const {
        return json_test<"?&", json_predicate::has_all_keys, Self, bound_keys>{self(), {{}, std::move(keys)}};
    }

    /// Is true where a JSON path finds something (`@?`): `path_exists<"$.tags[*] ? (@ == \"x\")">()`.
    ///
    /// The path is a constant; what it is compared with at run time is `var<"name">(value)`. Variables cost the index:
    /// the server has them in functions only.
    template <fixed_string Path, class... Variables>
    [[nodiscard]] constexpr auto path_exists(Variables... variables) const {
        return ask_json_path<false, Path>(self(), std::move(variables)...);
    }
    /// Is true where the condition of a JSON path is (`@@`): `path_matches<"$.limit > 5">()`.
    template <fixed_string Path, class... Variables>
    [[nodiscard]] constexpr auto path_matches(Variables... variables) const {
        return ask_json_path<true, Path>(self(), std::move(variables)...);
    }

    /// Goes on to the value of a key that the program knows: `->`.
    template <fixed_string Key>
    [[nodiscard]] constexpr auto at() const {
        if constexpr (check_paths_are_included<Self>()) return json_path<Self, json>{self()}.template at<Key>();
    }
    /// Goes on to an element of a list, counted from 0, or from the end by negative numbers: `->`.
    template <std::int32_t Position>
    [[nodiscard]] constexpr auto at() const {
        if constexpr (check_paths_are_included<Self>()) return json_path<Self, json>{self()}.template at<Position>();
    }
    /// Goes on to the value of a key that is sent with the statement: `-> $1`.
    [[nodiscard]] auto at(std::string_view key) const {
        if constexpr (check_paths_are_included<Self>()) return json_path<Self, json>{self()}.at(key);
    }
    /// Goes on by several keys and positions that are sent as one array: `#> $1`.
    [[nodiscard]] auto at_path(std::vector<std::string> keys) const {
        return json_operation<Self, bound_keys, " #> ", std::optional<json>>{self(), {{}, std::move(keys)}};
    }
    /// Reads the text at a path of keys and positions that are sent as one array: `#>> $1`.
    [[nodiscard]] auto text_at_path(std::vector<std::string> keys) const {
        return json_operation<Self, bound_keys, " #>> ", std::optional<std::string>>{self(), {{}, std::move(keys)}};
    }
    /// Reads the document as a struct describes it, so that its members are paths.
    template <class T>
    [[nodiscard]] constexpr auto as() const {
        if constexpr (check_paths_are_included<Self>()) return json_path<Self, T>{self()};
    }

    /// Joins two documents at their top (`||`): keys of the right one win, and what was nested under them is gone.
    template <class V>
    [[nodiscard]] constexpr auto concat(V&& other) const {
        auto right = json_operand(std::forward<V>(other));
        using result = nullable_if_t<any_nullable<Self, decltype(right)>, json>;
        return json_operation<Self, decltype(right), " || ", result>{self(), std::move(right)};
    }
    /// Leaves a key, or the element that is this text, out: `-`.
    [[nodiscard]] auto without(std::string key) const {
        return json_operation<Self, bound_key, " - ", typename Self::value_type>{self(), {{}, std::move(key)}};
    }
    /// Leaves what is at a path of keys and positions out, as the program knows them: `#-`.
    template <fixed_string... Keys>
        requires(sizeof...(Keys) > 0)
    [[nodiscard]] constexpr auto without() const {
        return json_operation<Self, constant_keys<Keys...>, " #- ", typename Self::value_type>{self(), {}};
    }
    /// Leaves what is at a path out, which is sent as one array: `#- $1`.
    [[nodiscard]] auto without_path(std::vector<std::string> keys) const {
        return json_operation<Self, bound_keys, " #- ", typename Self::value_type>{self(), {{}, std::move(keys)}};
    }

private:
    [[nodiscard]] constexpr Self const& self() const { return static_cast<Self const&>(*this); }
};

template <class Self>
struct no_json_methods {};

/// Chooses the members of an expression by what its values are.
template <class Value, class Self>
using json_methods_of =
    std::conditional_t<std::is_same_v<without_optional_t<Value>, json>, json_methods<Self>, no_json_methods<Self>>;

}  // namespace detail

/// Makes a document, or a text, of a document and an operand.
template <class Left, class Right, fixed_string Operator, class Result>
struct json_operation : detail::node_of<Left, Right>,
                        detail::value_methods<json_operation<Left, Right, Operator, Result>>,
                        detail::json_methods_of<Result, json_operation<Left, Right, Operator, Result>> {
    using value_type = Result;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        Left::template write<Scope>(w);
        w.put(Operator.view());
        Right::template write<Scope>(w);
        w.put(')');
    }
    void bind(parameters& out) const {
        left.bind(out);
        right.bind(out);
    }

    Left left;
    Right right;

    constexpr json_operation(Left l, Right r) : left{std::move(l)}, right{std::move(r)} {}
};

}  // namespace sark
