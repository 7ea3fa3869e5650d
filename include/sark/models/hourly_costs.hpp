// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sark/schema/engine_parts.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is what one principal spent through one protocol in one hour; it exists only where TimescaleDB is installed.
///
/// Always up to date: what is not summed yet is summed when it is read.
struct HourlyCosts {
    timestamp hour{};
    std::string principal_id{};
    std::optional<std::string> protocol{};
    std::int64_t invocation_count = 0;
    std::optional<numeric<38, 8>> total_cost{};
};

// clang-format off
template <>
inline constexpr auto table_of<HourlyCosts> = continuous_aggregate(
    "cost_by_hour",
    R"(SELECT time_bucket(INTERVAL '1 hour', "timestamp") AS hour,
       "principal_id",
       "protocol",
       count(*) AS invocation_count,
       sum(coalesce("actual_cost", "estimated_cost")) AS total_cost
FROM "cost_tracking"
GROUP BY 1, 2, 3)",
    schema::refresh{.every = "1 hour", .from = {}, .until = "1 hour"});
// clang-format on

}  // namespace sark
