// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark::validate::detail {

// The rule: a period is the day, or the month, of UTC in which its last reset lies. What a principal spent in it is at
// least the sum of its costs from the reset to the period's end, and at most the sum of all its costs of the period:
// whether a budget that is set at noon counts the morning is the program's choice. A budget that was never reset was
// never charged, so it has spent nothing. A cost is its actual amount, else the estimate.

template <bool Monthly>
struct budget_period {
    static constexpr std::string_view unit = Monthly ? "month" : "day";
    static constexpr std::string_view spent = Monthly ? R"("monthly_spent")" : R"("daily_spent")";
    static constexpr std::string_view reset = Monthly ? R"("last_monthly_reset")" : R"("last_daily_reset")";

    /// Writes the sums of the ledger for each budget, as `l."least"` and `l."most"`.
    static constexpr void put_sums(sql::writer& w) {
        w.put("\"principal_budgets\" AS b\nCROSS JOIN LATERAL (SELECT date_trunc('");
        w.put(unit);
        w.put("', b.");
        w.put(reset);
        w.put(" AT TIME ZONE 'UTC') AS \"first\") AS p\n"
              "CROSS JOIN LATERAL (SELECT coalesce(sum(coalesce(c.\"actual_cost\", c.\"estimated_cost\")), 0) AS "
              "\"most\",\n    coalesce(sum(coalesce(c.\"actual_cost\", c.\"estimated_cost\")) "
              "FILTER (WHERE c.\"timestamp\" >= b.");
        w.put(reset);
        w.put(
            "), 0) AS \"least\"\n  FROM \"cost_tracking\" AS c WHERE c.\"principal_id\" = b.\"principal_id\" AND "
            "c.\"timestamp\" >= p.\"first\" AT TIME ZONE 'UTC'\n    AND c.\"timestamp\" < (p.\"first\" + interval '1 ");
        w.put(unit);
        w.put("') AT TIME ZONE 'UTC') AS l\nWHERE b.");
        w.put(spent);
        w.put(" NOT BETWEEN l.\"least\" AND l.\"most\"");
    }
};

template <bool Monthly>
struct wrong_spent_text {
    static constexpr void write(sql::writer& w) {
        w.put("SELECT b.\"principal_id\" FROM ");
        budget_period<Monthly>::put_sums(w);
    }
};

/// Sets what is outside of the bounds to the sum of the whole period.
template <bool Monthly>
struct set_spent_text {
    static constexpr void write(sql::writer& w) {
        w.put("UPDATE \"principal_budgets\" AS u SET ");
        w.put(budget_period<Monthly>::spent);
        w.put(" = s.\"most\" FROM (SELECT b.\"principal_id\", l.\"most\" FROM ");
        budget_period<Monthly>::put_sums(w);
        w.put(") AS s WHERE s.\"principal_id\" = u.\"principal_id\"");
    }
};

inline constexpr std::string_view wrong_daily_spent = sql::text<wrong_spent_text<false>>::value;
inline constexpr std::string_view wrong_monthly_spent = sql::text<wrong_spent_text<true>>::value;
inline constexpr std::string_view set_daily_spent = sql::text<set_spent_text<false>>::value;
inline constexpr std::string_view set_monthly_spent = sql::text<set_spent_text<true>>::value;

}  // namespace sark::validate::detail
