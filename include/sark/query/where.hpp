// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/json_question.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/value.hpp>

namespace sark {

/// Is a condition that a query may have or not, decided at run time; made by `when(…)`, taken by `where(…)`.
template <class Condition>
struct optional_condition : expression_node {
    static constexpr bool is_optional_condition = true;
    using value_type = typename Condition::value_type;
    using columns = typename Condition::columns;
    using operands = type_list<Condition>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Condition::template write<Scope>(w);
    }
    void bind(parameters& out) const {
        if (condition) condition->bind(out);
    }

    std::optional<Condition> condition;

    constexpr explicit optional_condition(std::optional<Condition> c) : condition{std::move(c)} {}
};

/// Adds a condition where a value is given: `where(when(filter.name, [](auto const& n) { return name == n; }))`.
template <class T, class MakeCondition>
    requires condition<std::invoke_result_t<MakeCondition, T const&>>
[[nodiscard]] constexpr auto when(std::optional<T> const& given, MakeCondition&& make) {
    using made = std::invoke_result_t<MakeCondition, T const&>;
    return optional_condition<made>{given ? std::optional<made>{make(*given)} : std::nullopt};
}
/// Adds a condition where `wanted` is true.
template <condition C>
[[nodiscard]] constexpr auto when(bool wanted, C condition) {
    return optional_condition<C>{wanted ? std::optional<C>{std::move(condition)} : std::nullopt};
}

namespace detail {

template <class C>
inline constexpr bool is_optional_condition = requires { C::is_optional_condition; };

}  // namespace detail

namespace rules {

template <class... Arguments>
struct where_takes_conditions {
    static constexpr bool holds = sizeof...(Arguments) > 0 && (condition<Arguments> && ...);
};

}  // namespace rules

/// Keeps the conditions of a statement; all must be true.
template <class... Conditions>
struct where_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::where;
    static constexpr bool is_dynamic = (detail::is_optional_condition<Conditions> || ...);
    using columns = joined_t<typename Conditions::columns...>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, " AND "), Conditions::template write<Scope>(w)), ...);
    }
    /// Writes the conditions that are wanted; `true` where none is, so that the statement around stays the same.
    template <class Scope>
    constexpr void write_chosen(sql::writer& w) const {
        bool first = true;
        auto const one = [&]<class C>(C const& c) {
            if constexpr (detail::is_optional_condition<C>)
                if (!c.condition) return;
            w.put_separator(first, " AND ");
            C::template write<Scope>(w);
        };
        detail::for_each_value(conditions, one);
        if (first) w.put("true");
    }
    void bind(parameters& out) const { detail::bind_all(out, conditions); }

    detail::bundle<Conditions...> conditions;
};

namespace detail {

/// Accepts conditions on one document that become one condition: <sark/jsonb/path_containment.hpp>.
template <class A, class B>
concept merging = requires(A a, B b) { merge_conditions(a, b); };

template <class Bundle>
constexpr auto merge_all(Bundle done) {
    return done;
}
template <std::size_t... I, class... Done, class First, class... Rest>
constexpr auto merge_all(bundle_at<std::index_sequence<I...>, Done...> done, First first, Rest... rest) {
    constexpr std::size_t place = [] {
        bool const fits[]{merging<Done, First>..., true};
        std::size_t i = 0;
        while (!fits[i]) ++i;
        return i;
    }();
    if constexpr (place == sizeof...(Done)) {
        return merge_all(append(done, std::move(first)), std::move(rest)...);
    } else {
        auto const one = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
            if constexpr (N == place)
                return merge_conditions(value_at<N>(done), first);
            else
                return value_at<N>(done);
        };
        using merged = bundle<decltype(one(std::integral_constant<std::size_t, I>{}))...>;
        return merge_all(merged{{one(std::integral_constant<std::size_t, I>{})}...}, std::move(rest)...);
    }
}

template <std::size_t... I, class... Conditions>
constexpr auto where_of(bundle_at<std::index_sequence<I...>, Conditions...> conditions) {
    return where_clause<Conditions...>{{}, std::move(conditions)};
}

/// Makes the clause of conditions, those on one document as one.
template <class... Conditions>
constexpr auto make_where(Conditions... conditions) {
    constexpr std::size_t on_documents = (std::size_t{0} + ... +
                                          (any_json_column(typename Conditions::columns{}) ? 1U : 0U));
    if constexpr (on_documents > 1)
        return where_of(merge_all(bundle<>{}, static_cast<Conditions&&>(conditions)...));
    else
        return where_clause<Conditions...>{{}, bundle<Conditions...>{{static_cast<Conditions&&>(conditions)}...}};
}

}  // namespace detail

}  // namespace sark
