// SPDX-License-Identifier: MIT
#pragma once

#include <sark/query/expression.hpp>
#include <sark/schema/rank.hpp>
#include <sark/sql/writer.hpp>

namespace sark::detail {

/// Writes an expression, by rank where it is an enum stored as text and an order is wanted.
///
/// An index on `rank<…>` has the same text, so it serves the order.
template <class Expression, class Scope, bool Ranked>
constexpr void write_ranked(sql::writer& w) {
    constexpr bool ordinal = [] {
        if constexpr (Ranked && requires { Expression::is_text_ordinal; })
            return Expression::is_text_ordinal;
        else
            return false;
    }();
    if constexpr (ordinal) {
        using type = without_optional_t<typename Expression::value_type>;
        put_rank<type>(w, [](sql::writer& out) { Expression::template write<Scope>(out); });
    } else {
        Expression::template write<Scope>(w);
    }
}

}  // namespace sark::detail
