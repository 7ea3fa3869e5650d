// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/bundle.hpp>
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

/// Orders the positions of a statement's clauses as SQL writes them; those of one kind stay in the order they were given.
template <std::size_t N>
struct clause_positions {
    std::size_t position[N + 1]{};
    std::size_t begin[static_cast<std::size_t>(clause_slot::lock) + 2]{};

    [[nodiscard]] constexpr std::size_t first(clause_slot slot) const { return begin[static_cast<std::size_t>(slot)]; }
    [[nodiscard]] constexpr std::size_t last(clause_slot slot) const {
        return begin[static_cast<std::size_t>(slot) + 1];
    }
    /// Tells whether there is a clause of one of the kinds between two.
    [[nodiscard]] constexpr bool has(clause_slot from, clause_slot to) const { return first(from) < last(to); }
    [[nodiscard]] constexpr bool has(clause_slot slot) const { return has(slot, slot); }
};

template <std::size_t N>
[[nodiscard]] constexpr clause_positions<N> order_positions(clause_slot const (&slots)[N + 1]) {
    clause_positions<N> ordered;
    std::size_t n = 0;
    for (std::size_t slot = 0; slot + 1 < sizeof ordered.begin / sizeof ordered.begin[0]; ++slot) {
        ordered.begin[slot] = n;
        for (std::size_t i = 0; i < N; ++i)
            if (static_cast<std::size_t>(slots[i]) == slot) ordered.position[n++] = i;
        ordered.begin[slot + 1] = n;
    }
    return ordered;
}

/// Depends on the kinds of the clauses only, so that queries of one shape share it.
template <clause_slot... Slots>
inline constexpr auto ordered_clauses = order_positions<sizeof...(Slots)>({Slots..., clause_slot::lock});

template <class Scope, class Clause>
constexpr void write_chosen_clause(sql::writer& w, [[maybe_unused]] Clause const& clause) {
    if constexpr (Clause::is_dynamic)
        clause.template write_chosen<Scope>(w);
    else
        Clause::template write<Scope>(w);
}

/// Writes the clauses of the kinds between two; `chosen` holds those of a query whose text is made at run time.
template <clause_slot From, clause_slot To, class Scope, class... Clauses>
constexpr void write_clauses(sql::writer& w, [[maybe_unused]] bundle<Clauses...> const* chosen = nullptr) {
    constexpr auto const& order = ordered_clauses<Clauses::slot...>;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        if constexpr ((Clauses::is_dynamic || ...)) {
            if (chosen != nullptr) {
                (write_chosen_clause<Scope>(w, value_at<order.position[order.first(From) + I]>(*chosen)), ...);
                return;
            }
        }
        (type_at<order.position[order.first(From) + I], bundle<Clauses...>>::template write<Scope>(w), ...);
    }(std::make_index_sequence<order.last(To) - order.first(From)>{});
}

template <auto const& Order, std::size_t First, class... Clauses, std::size_t... P, std::size_t... I>
void bind_at(parameters& out, bundle_at<std::index_sequence<P...>, Clauses...> const& clauses,
             std::index_sequence<I...>) {
    // A cast, because a function that gives the clause would be one more for each clause of each query.
    (static_cast<bundled<Order.position[First + I],
                         type_at<Order.position[First + I], bundle_at<std::index_sequence<P...>, Clauses...>>> const&>(
         clauses)
         .value.bind(out),
     ...);
}
/// Adds the parameters of the clauses of the kinds between two.
template <clause_slot From, clause_slot To, std::size_t... P, class... Clauses>
void bind_clauses([[maybe_unused]] parameters& out,
                  [[maybe_unused]] bundle_at<std::index_sequence<P...>, Clauses...> const& clauses) {
    constexpr auto const& order = ordered_clauses<Clauses::slot...>;
    if constexpr (order.has(From, To))
        bind_at<ordered_clauses<Clauses::slot...>, order.first(From)>(
            out, clauses, std::make_index_sequence<order.last(To) - order.first(From)>{});
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
