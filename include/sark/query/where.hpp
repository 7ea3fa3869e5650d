// SPDX-License-Identifier: MIT
#pragma once

#include <tuple>
#include <utility>

#include <sark/query/clause.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace rules {

template <class... Arguments>
struct where_takes_conditions {
    static constexpr bool holds = sizeof...(Arguments) > 0 && (condition<Arguments> && ...);
};

}  // namespace rules

/// Keeps the conditions of a statement; all must be true.
template <class... Conditions>
struct where_clause {
    static constexpr auto slot = detail::clause_slot::where;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, " AND "), Conditions::template write<Scope>(w)), ...);
    }
    void bind(parameters& out) const {
        std::apply([&](auto const&... c) { (c.bind(out), ...); }, conditions);
    }

    std::tuple<Conditions...> conditions;
};

}  // namespace sark
