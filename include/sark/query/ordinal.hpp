// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/query/expression.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark::detail {

/// Writes an expression, by rank where it is an enum stored as text and an order is wanted.
///
/// `array_position` over the constant list of labels is the rank; NULL and unknown labels stay NULL.
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
        w.put("array_position(ARRAY[");
        bool first = true;
        for (std::string_view label : labels_of<type>) {
            w.put_separator(first, ", ");
            sql::put_literal(w, label);
        }
        w.put("], ");
        Expression::template write<Scope>(w);
        w.put("::text)");
    } else {
        Expression::template write<Scope>(w);
    }
}

}  // namespace sark::detail
