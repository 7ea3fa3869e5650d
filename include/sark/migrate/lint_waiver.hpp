// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/operation.hpp>

namespace sark::migrate::detail {

/// Is called, and therefore fails the constant expression, for a day that is not spelled 2027-01-31.
[[noreturn]] inline void a_day_is_spelled_year_month_day() {
    throw std::invalid_argument{"sark: a day is spelled year-month-day, as in 2027-01-31"};
}

constexpr std::string_view checked_day(std::string_view day) {
    bool good = day.size() == 10 && day[4] == '-' && day[7] == '-';
    for (std::size_t i = 0; good && i < day.size(); ++i) good = i == 4 || i == 7 || (day[i] >= '0' && day[i] <= '9');
    if (!good) a_day_is_spelled_year_month_day();
    return day;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Says that a finding of the linter is meant, in the migration or step it stands in: no statement, no effect.
struct waiver {
    std::string_view rule;
    std::string_view reason;
    std::string_view last_day = {};

    /// Limits it: the linter reports it after that day. A build never depends on the day it runs.
    [[nodiscard]] constexpr waiver until(std::string_view day) const {
        waiver copy = *this;
        copy.last_day = detail::checked_day(day);
        return copy;
    }

    [[nodiscard]] constexpr std::size_t up_count() const { return 0; }
    [[nodiscard]] constexpr std::size_t down_count() const { return 0; }
    constexpr void up(sql::writer&, std::size_t) const {}
    constexpr void down(sql::writer&, std::size_t) const {}
    constexpr void apply(schema::definition&) const {}
    constexpr void revert(schema::definition&) const {}
    [[nodiscard]] constexpr facts up_facts() const { return {}; }
    [[nodiscard]] constexpr facts down_facts() const { return {}; }
};

/// Waives one rule of the linter: `waive("index-blocks-writes", "the table has a hundred rows")`.
template <std::size_t Rule, std::size_t Reason>
[[nodiscard]] constexpr waiver waive(char const (&rule)[Rule], char const (&reason)[Reason]) {
    static_assert(Rule > 1 && Reason > 1,
                  "sark: a waiver names its rule and says why: waive(\"index-blocks-writes\", \"the table is small\"). "
                  "[sark-M13]");
    return {detail::checked_text(rule), detail::checked_text(reason)};
}

}  // namespace sark::migrate
