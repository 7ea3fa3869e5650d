// SPDX-License-Identifier: MIT
#pragma once

namespace sark {

namespace detail {

/// Orders the clauses of a statement as SQL writes them, whatever order they were given in.
enum class clause_slot { join, where, order_by, limit, offset };

}  // namespace detail

namespace rules {

template <detail::clause_slot Slot, class... Clauses>
struct clause_is_given_once {
    static constexpr bool holds = !((Clauses::slot == Slot) || ...);
};

}  // namespace rules
}  // namespace sark
