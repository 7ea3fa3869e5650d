// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/codec/number.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/query/clause.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

namespace detail {

template <std::integral I>
[[nodiscard]] constexpr std::int64_t row_count(I n) {
    if (std::cmp_less(n, 0) || !std::in_range<std::int64_t>(n))
        throw error{"sark: limit(...) and offset(...) count rows from 0. Pass a number that is not negative."};
    return static_cast<std::int64_t>(n);
}

}  // namespace detail

/// Keeps the most rows that are wanted.
struct limit_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::limit;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" LIMIT ");
        w.put_placeholder();
    }
    void bind(parameters& out) const { codec<std::int64_t>::encode(out, rows); }

    std::int64_t rows;

    constexpr explicit limit_clause(std::int64_t r) : rows{r} {}
};

/// Keeps the most rows that are wanted where the program knows them: the planner sees the number.
template <std::int64_t Rows>
struct constant_limit_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::limit;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" LIMIT ");
        w.put_number(static_cast<unsigned long long>(Rows));
    }
    void bind(parameters&) const {}
};

/// Keeps how many rows are skipped.
struct offset_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::offset;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" OFFSET ");
        w.put_placeholder();
    }
    void bind(parameters& out) const { codec<std::int64_t>::encode(out, rows); }

    std::int64_t rows;

    constexpr explicit offset_clause(std::int64_t r) : rows{r} {}
};

namespace rules {

template <std::int64_t Rows>
struct limit_is_not_negative {
    static constexpr bool holds = Rows >= 0;
};

}  // namespace rules
}  // namespace sark
