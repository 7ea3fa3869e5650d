// SPDX-License-Identifier: MIT
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/function.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/ordinal.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace rules {

/// Compares the types of branches, of the arguments of coalesce and its kin.
template <class First, class... Others>
struct alternatives_have_one_type {
    static constexpr bool holds = (detail::is_operand_for<First, Others>() && ...);
};

template <class Expression>
struct ordinal_is_stored_in_order {
    static constexpr bool holds = !detail::is_text_ordinal<Expression>;
};

}  // namespace rules

namespace detail {

template <class Target, class... Others>
consteval bool check_alternatives() {
    using same = rules::alternatives_have_one_type<Target, Others...>;
    static_assert(same::holds,
                  "sark: the alternatives of one value have different types. Give all of them the type of the first, "
                  "with cast<T>(...) where need be. [sark-Q47]");
    return same::holds;
}

template <class E>
consteval bool check_stored_order() {
    using ordered = rules::ordinal_is_stored_in_order<std::remove_cvref_t<E>>;
    static_assert(ordered::holds,
                  "sark: this enum is stored as text, whose order is that of its letters. Sort with order_by(...), "
                  "which goes by rank, and take the first row. [sark-Q48]");
    return ordered::holds;
}

}  // namespace detail

/// Gives the first value that is not NULL.
template <fixed_string Name, bool AllMustBeNull, class... Args>
struct alternatives : detail::node_of<Args...>, detail::value_methods<alternatives<Name, AllMustBeNull, Args...>> {
private:
    using first = std::tuple_element_t<0, std::tuple<Args...>>;

public:
    using value_type = detail::nullable_if_t<
        AllMustBeNull ? (detail::is_optional<typename Args::value_type>&&...) : true, detail::plain_value_t<first>>;
    using strict = std::conditional_t<AllMustBeNull, detail::strict_unless_one_is_there<Args...>, type_list<>>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Name.view());
        w.put('(');
        detail::write_list<Scope, Args...>(w, ", ");
        w.put(')');
    }
    void bind(parameters& out) const { detail::bind_all(out, arguments); }

    [[no_unique_address]] detail::bundle<Args...> arguments;

    constexpr explicit alternatives(Args... args) : arguments{{std::move(args)}...} {}
};

namespace detail {

template <fixed_string Name, bool AllMustBeNull, class First, class... Others>
constexpr auto make_alternatives(First&& first, Others&&... others) {
    using target = without_optional_t<argument_type_t<First>>;
    if constexpr (check_alternatives<target, std::remove_cvref_t<Others>...>()) {
        return [](auto... nodes) {
            return alternatives<Name, AllMustBeNull, decltype(nodes)...>{std::move(nodes)...};
        }(natural_operand(std::forward<First>(first)), typed_operand<target>(std::forward<Others>(others))...);
    } else {
        return refused_expression{};
    }
}

}  // namespace detail

/// Gives the first value that is not NULL: `coalesce(col<&T::actual>, col<&T::estimated>, money{0})`.
template <expression_like First, class... Others>
    requires(sizeof...(Others) > 0)
[[nodiscard]] constexpr auto coalesce(First&& first, Others&&... others) {
    return detail::make_alternatives<"coalesce", true>(std::forward<First>(first), std::forward<Others>(others)...);
}

/// Gives NULL where two values are equal, and else the first.
template <expression_like First, class Second>
[[nodiscard]] constexpr auto nullif(First&& first, Second&& second) {
    return detail::make_alternatives<"nullif", false>(std::forward<First>(first), std::forward<Second>(second));
}

/// Gives the greatest of the values that are not NULL.
template <expression_like First, class... Others>
[[nodiscard]] constexpr auto greatest(First&& first, Others&&... others) {
    if constexpr (detail::check_stored_order<First>())
        return detail::make_alternatives<"greatest", true>(std::forward<First>(first), std::forward<Others>(others)...);
    else
        return detail::refused_expression{};
}
/// Gives the least of the values that are not NULL.
template <expression_like First, class... Others>
[[nodiscard]] constexpr auto least(First&& first, Others&&... others) {
    if constexpr (detail::check_stored_order<First>())
        return detail::make_alternatives<"least", true>(std::forward<First>(first), std::forward<Others>(others)...);
    else
        return detail::refused_expression{};
}

/// Keeps one branch of CASE.
template <class Condition, class Value>
struct case_branch : detail::node_of<Condition, Value> {
    using value_type = typename Value::value_type;
    using strict = detail::strict_columns_t<Value>;  // a condition that is unknown chooses another branch

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" WHEN ");
        Condition::template write<Scope>(w);
        w.put(" THEN ");
        Value::template write<Scope>(w);
    }
    void bind(parameters& out) const {
        condition.bind(out);
        value.bind(out);
    }

    [[no_unique_address]] Condition condition;
    [[no_unique_address]] Value value;
};

/// Is the last part of CASE when there is no ELSE.
struct no_else : expression_node {
    using value_type = std::optional<bool>;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer&) {}
    void bind(parameters&) const {}
};

/// Chooses between values; without `otherwise` it is NULL where no condition is true.
template <class Else, class... Branches>
struct case_of : detail::node_of<Branches..., Else>, detail::value_methods<case_of<Else, Branches...>> {
    using target = detail::plain_value_t<std::tuple_element_t<0, std::tuple<Branches...>>>;
    using value_type = detail::nullable_if_t<detail::any_nullable<Branches..., Else>, target>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put("CASE");
        (Branches::template write<Scope>(w), ...);
        if constexpr (!std::is_same_v<Else, no_else>) {
            w.put(" ELSE ");
            Else::template write<Scope>(w);
        }
        w.put(" END");
    }
    void bind(parameters& out) const {
        detail::bind_all(out, branches);
        last.bind(out);
    }

    /// Adds a branch, looked at when no earlier one was taken.
    template <condition C, class V>
        requires std::is_same_v<Else, no_else>
    [[nodiscard]] constexpr auto when(C c, V&& v) const {
        if constexpr (detail::check_alternatives<target, std::remove_cvref_t<V>>()) {
            auto node = detail::typed_operand<target>(std::forward<V>(v));
            using branch = case_branch<C, decltype(node)>;
            return case_of<Else, Branches..., branch>{
                detail::append(branches, branch{{}, std::move(c), std::move(node)}), last};
        } else {
            return *this;
        }
    }
    /// Adds the value for where no condition is true.
    template <class V>
        requires std::is_same_v<Else, no_else>
    [[nodiscard]] constexpr auto otherwise(V&& v) const {
        if constexpr (detail::check_alternatives<target, std::remove_cvref_t<V>>()) {
            auto node = detail::typed_operand<target>(std::forward<V>(v));
            return case_of<decltype(node), Branches...>{branches, std::move(node)};
        } else {
            return *this;
        }
    }

    [[no_unique_address]] detail::bundle<Branches...> branches;
    [[no_unique_address]] Else last;

    constexpr case_of(detail::bundle<Branches...> b, Else e) : branches{std::move(b)}, last{std::move(e)} {}
};

/// Starts a CASE: `case_when(col<&T::n> > 9, "many").when(col<&T::n> > 0, "some").otherwise("none")`.
template <condition C, class V>
[[nodiscard]] constexpr auto case_when(C c, V&& v) {
    auto node = detail::natural_operand(std::forward<V>(v));
    using branch = case_branch<C, decltype(node)>;
    return case_of<no_else, branch>{detail::bundle<branch>{{branch{{}, std::move(c), std::move(node)}}}, no_else{}};
}

}  // namespace sark
