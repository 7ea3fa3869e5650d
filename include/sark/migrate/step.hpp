// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/operation.hpp>

namespace sark::migrate::detail {

template <std::size_t I, class Op>
struct slot {
    Op op;
};

/// Holds operations side by side; a flat std::tuple, because a chain holds hundreds of them.
template <class Indices, class... Ops>
struct slots;

template <std::size_t... I, class... Ops>
struct slots<std::index_sequence<I...>, Ops...> : slot<I, Ops>... {
    /// Calls `visit(op)` for every operation in order.
    template <class Visit>
    constexpr void forward(Visit&& visit) const {
        (visit(static_cast<slot<I, Ops> const&>(*this).op), ...);
    }
    /// Calls `visit(op)` for every operation, the last one first.
    template <class Visit>
    constexpr void backward(Visit&& visit) const {
        // The right-hand side of an assignment is evaluated first, which turns the fold round without recursion.
        int turn = 0;
        ((visit(static_cast<slot<I, Ops> const&>(*this).op), turn) = ... = 0);
    }
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Groups operations under one title: the concern they serve. Plans and errors name it.
template <operation... Ops>
struct step_t {
    std::string_view title;
    detail::slots<std::index_sequence_for<Ops...>, Ops...> operations;

    constexpr void apply(schema::definition& d, profile server = profile::plain) const {
        operations.forward(detail::apply_parts{d, server});
    }
    constexpr void revert(schema::definition& d, profile server = profile::plain) const {
        operations.backward(detail::revert_parts{d, server});
    }
};

template <class... Ops>
inline constexpr bool depends_on_profile<step_t<Ops...>> = (depends_on_profile<Ops> || ...);
template <class... Ops>
inline constexpr bool places_rows<step_t<Ops...>> = (places_rows<Ops> || ...);

template <operation... Ops>
[[nodiscard]] constexpr step_t<Ops...> step(std::string_view title, Ops const&... ops) {
    return {detail::checked_text(title), {{ops}...}};
}

}  // namespace sark::migrate
