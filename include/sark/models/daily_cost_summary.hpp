// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sark/schema/parts.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is what one principal spent through one protocol on one day of UTC.
///
/// A materialized view, as fresh as its last refresh.
struct DailyCostSummary {
    date date_{};
    std::string principal_id{};
    std::optional<std::string> protocol{};
    std::int64_t invocation_count = 0;
    std::optional<numeric<38, 8>> total_cost{};
    std::optional<std::string> avg_cost{};  ///< as text: a quotient has more digits than any fixed scale
    std::optional<numeric<38, 8>> min_cost{};
    std::optional<numeric<38, 8>> max_cost{};
};

// clang-format off
template <>
inline constexpr auto table_of<DailyCostSummary> = materialized_view(
    "mv_daily_cost_summary",
    R"(SELECT ("timestamp" AT TIME ZONE 'UTC')::date AS date,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost,
       avg(coalesce("actual_cost", "estimated_cost")) AS avg_cost,
       min(coalesce("actual_cost", "estimated_cost")) AS min_cost,
       max(coalesce("actual_cost", "estimated_cost")) AS max_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3)",
    index<&DailyCostSummary::date_, &DailyCostSummary::principal_id, &DailyCostSummary::protocol>{
        .name = "ux_mv_daily_cost_summary", .unique = true},
    index<&DailyCostSummary::principal_id>{"ix_mv_daily_cost_summary_principal"});
// clang-format on

}  // namespace sark
