// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/query/comparison.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/logic.hpp>
#include <sark/query/pattern.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace rules {

template <class Column>
struct column_is_jsonb {
    static constexpr bool holds = std::is_same_v<detail::plain_value_t<Column>, json>;
};

template <class Column>
struct column_is_nullable {
    static constexpr bool holds = detail::is_optional<typename Column::value_type>;
};

template <class Left, class Query>
struct sub_query_selects_what_is_compared {
    static constexpr bool holds =
        detail::comparable_types<detail::plain_value_t<Left>, detail::without_optional_t<typename Query::row>>;
};

}  // namespace rules

template <class Left, class Query>
struct in_sub_query;

namespace detail {

/// Accepts queries without including them.
template <class T>
concept sub_query_like = requires {
    typename T::row;
    typename T::outer_columns;
};

template <class Left, class V>
consteval bool check_same_type() {
    using match = rules::compared_types_match<Left, V>;
    if constexpr (!match::holds)
        static_assert(match::holds,
                      "sark: a column is compared with a value of another type. Pass a value of the column's type; "
                      "text, numbers, enums and times do not mix. [sark-Q03]");
    return match::holds;
}

/// Gives an expression what can be asked of any of its kind, as members: `col<…>.in(…)`, `lower(…).like(…)`.
template <class Self>
struct value_methods {
    /// Is true where the value equals any of these; they travel as one array, however many there are.
    template <class Range>
        requires requires(Range const& r) { std::begin(r) != std::end(r); }
    [[nodiscard]] auto in(Range const& values) const {
        return among(values);
    }

    /// Takes a list in braces: `col<&Resource::protocol>.in({"mcp", "http"})`.
    template <class V>
    [[nodiscard]] auto in(std::initializer_list<V> values) const {
        return among(values);
    }

    /// Is true where the value is among those that a query of one column selects.
    template <sub_query_like Query>
    [[nodiscard]] constexpr auto in(Query const& query) const {
        using same = rules::sub_query_selects_what_is_compared<Self, Query>;
        if constexpr (!same::holds)
            static_assert(same::holds,
                          "sark: in(query) compares a value with another type than the query selects. Select one "
                          "column of the same type. [sark-Q41]");
        if constexpr (same::holds)
            return in_sub_query<Self, Query>{self(), query};
        else
            return refused_expression{};
    }

    /// Is true where the document contains the other one (`@>`), which a GIN index serves.
    ///
    /// No index serves what has no key to look for: an empty document, or one with empty lists only.
    [[nodiscard]] auto contains(json document) const {
        static_assert(rules::column_is_jsonb<Self>::holds,
                      "sark: contains(...) compares JSON documents, and this column is not jsonb. Use ==, or in(...) "
                      "for several values. [sark-Q06]");
        return containment<Self>{self(), {{}, std::move(document)}};
    }

    /// Is true where the document has a key at its top (`?`), which a GIN index of the default class serves.
    [[nodiscard]] auto has_key(std::string_view key) const {
        static_assert(rules::column_is_jsonb<Self>::holds,
                      "sark: contains(...) compares JSON documents, and this column is not jsonb. Use ==, or in(...) "
                      "for several values. [sark-Q06]");
        return json_test<"?", json_predicate::has_key, Self, bound_key>{self(), {{}, std::string{key}}};
    }

    [[nodiscard]] constexpr auto is_null() const {
        static_assert(rules::column_is_nullable<Self>::holds,
                      "sark: this column is never NULL, so the test has one answer only. Drop it, or make the member "
                      "a std::optional. [sark-Q07]");
        return null_test<Self, false>{self()};
    }
    [[nodiscard]] constexpr auto is_not_null() const {
        static_assert(rules::column_is_nullable<Self>::holds,
                      "sark: this column is never NULL, so the test has one answer only. Drop it, or make the member "
                      "a std::optional. [sark-Q07]");
        return null_test<Self, true>{self()};
    }

    /// Is true where the values differ, NULL being a value like others; takes optionals and std::nullopt.
    template <class V>
    [[nodiscard]] constexpr auto is_distinct_from(V&& other) const {
        return distinct<true>(std::forward<V>(other));
    }
    /// Is true where the values are equal, NULL being equal to NULL.
    template <class V>
    [[nodiscard]] constexpr auto is_not_distinct_from(V&& other) const {
        return distinct<false>(std::forward<V>(other));
    }

    /// Is true from `low` to `high`, both included.
    template <class Low, class High>
    [[nodiscard]] constexpr auto between(Low&& low, High&& high) const {
        return self() >= std::forward<Low>(low) && self() <= std::forward<High>(high);
    }

    /// Matches a pattern, or a text where `%` and `_` are given as `pattern::raw(…)`.
    [[nodiscard]] auto like(pattern p) const { return match_pattern<"LIKE">(self(), std::move(p)); }
    /// Matches a pattern in upper and lower case alike.
    [[nodiscard]] auto ilike(pattern p) const { return match_pattern<"ILIKE">(self(), std::move(p)); }
    [[nodiscard]] auto starts_with(std::string_view t) const { return like(pattern{}.text(t).anything()); }
    [[nodiscard]] auto ends_with(std::string_view t) const { return like(pattern{}.anything().text(t)); }
    [[nodiscard]] auto includes(std::string_view t) const { return like(pattern{}.anything().text(t).anything()); }
    [[nodiscard]] auto istarts_with(std::string_view t) const { return ilike(pattern{}.text(t).anything()); }
    [[nodiscard]] auto iends_with(std::string_view t) const { return ilike(pattern{}.anything().text(t)); }
    [[nodiscard]] auto iincludes(std::string_view t) const { return ilike(pattern{}.anything().text(t).anything()); }

private:
    [[nodiscard]] constexpr Self const& self() const { return static_cast<Self const&>(*this); }

    template <class Range>
    [[nodiscard]] auto among(Range const& values) const {
        using target = plain_value_t<Self>;
        using value = std::remove_cvref_t<decltype(*std::begin(values))>;
        if constexpr (check_same_type<Self, value>()) {
            // Texts are copied: the query may outlive the range.
            std::vector<target> copy;
            for (auto const& v : values) copy.push_back(target(store_value<target>(v)));
            return any_of<Self, target>{self(), std::move(copy)};
        } else {
            return refused_expression{};
        }
    }

    template <bool Distinct, class V>
    [[nodiscard]] constexpr auto distinct(V&& other) const {
        using given = std::remove_cvref_t<V>;
        using target = plain_value_t<Self>;
        if constexpr (std::is_same_v<given, std::nullopt_t>) {
            return null_test<Self, Distinct>{self()};
        } else if constexpr (!check_same_type<Self, std::conditional_t<expression_like<given>, given,
                                                                       without_optional_t<std::decay_t<V>>>>()) {
            return refused_expression{};
        } else {
            auto right = typed_operand<target>(std::forward<V>(other));
            return distinction<Distinct, Self, decltype(right)>{self(), std::move(right)};
        }
    }
};

}  // namespace detail
}  // namespace sark
