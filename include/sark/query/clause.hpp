// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

namespace detail {

/// Orders the clauses of a statement as SQL writes them, whatever order they were given in.
enum class clause_slot { cte, distinct, join, set, where, seek, group_by, having, order_by, limit, offset, lock };

/// Is the base of clauses. Each has `slot`, `columns`, `write<Scope>` and `bind`, like an expression; one whose text
/// depends on run-time choices has `write_chosen<Scope>` too, and its `write` writes the longest text it can have.
struct clause_part {
    using columns = type_list<>;
    static constexpr bool is_dynamic = false;
};

template <clause_slot Slot, class Scope, std::size_t I, class Clause, class Chosen>
constexpr void write_one_clause(sql::writer& w, Chosen const* chosen) {
    if constexpr (Clause::slot == Slot) {
        if constexpr (Clause::is_dynamic) {
            if (chosen != nullptr) return std::get<I>(*chosen).template write_chosen<Scope>(w);
        }
        Clause::template write<Scope>(w);
    }
}

/// Writes the clauses of one kind; `chosen` holds the clauses of a query whose text is made at run time.
template <clause_slot Slot, class Scope, class... Clauses>
constexpr void write_clauses(sql::writer& w, std::tuple<Clauses...> const* chosen) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (write_one_clause<Slot, Scope, I, Clauses>(w, chosen), ...);
    }(std::index_sequence_for<Clauses...>{});
}

template <clause_slot Slot, class... Clauses>
void bind_clauses(parameters& out, std::tuple<Clauses...> const& clauses) {
    auto const one = [&](auto const& clause) {
        if constexpr (std::remove_cvref_t<decltype(clause)>::slot == Slot) clause.bind(out);
    };
    std::apply([&](auto const&... clause) { (one(clause), ...); }, clauses);
}

template <clause_slot Slot, class... Clauses>
inline constexpr bool has_slot = ((Clauses::slot == Slot) || ...);

struct no_clause {};

template <clause_slot Slot, class... Clauses>
struct clause_of {
    using type = no_clause;
};
template <clause_slot Slot, class First, class... Rest>
struct clause_of<Slot, First, Rest...> {
    using type =
        typename std::conditional_t<First::slot == Slot, std::type_identity<First>, clause_of<Slot, Rest...>>::type;
};
/// Gives the clause of a kind, `no_clause` when there is none.
template <clause_slot Slot, class... Clauses>
using clause_of_t = typename clause_of<Slot, Clauses...>::type;

}  // namespace detail

namespace rules {

template <detail::clause_slot Slot, class... Clauses>
struct clause_is_given_once {
    static constexpr bool holds = !((Clauses::slot == Slot) || ...);
};

template <class Query>
struct text_of_inner_query_is_constant {
    static constexpr bool holds = !Query::is_dynamic;
};

}  // namespace rules

namespace detail {

template <class Query>
consteval bool check_constant_text() {
    using constant = rules::text_of_inner_query_is_constant<Query>;
    static_assert(constant::holds,
                  "sark: a query with when(...) or another choice at run time is made a part of another statement, "
                  "whose text is a constant. Choose in the outer one. [sark-Q59]");
    return constant::holds;
}

}  // namespace detail
}  // namespace sark
