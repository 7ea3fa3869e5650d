// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sark/models/capability.hpp>
#include <sark/models/resource.hpp>
#include <sark/models/sensitivity.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is an amount of money, exact to a hundred-millionth: single model tokens cost less than a ten-thousandth.
using money = numeric<20, 8>;

/// Is what one invocation cost; a time series, so its key begins with the time.
///
/// A `request_id` makes recording idempotent: the same request at the same time is one row.
struct CostTracking {
    std::int64_t id = 0;
    timestamp timestamp_{};
    std::string principal_id{};
    std::string resource_id{};
    std::string capability_id{};
    std::optional<money> estimated_cost{};
    std::optional<money> actual_cost{};
    json metadata_{};
    std::optional<std::string> request_id{};
    std::optional<std::string> protocol{};
};

// clang-format off
template <>
inline constexpr auto table_of<CostTracking> = table(
    "cost_tracking",
    column<&CostTracking::id>{.type = "bigserial"},
    column<&CostTracking::timestamp_>{.fallback = "now()"},
    column<&CostTracking::principal_id>{.type = "varchar(255)"},
    column<&CostTracking::resource_id>{.type = "varchar(255)"},
    column<&CostTracking::capability_id>{.type = "varchar(255)"},
    column<&CostTracking::metadata_>{.fallback = "'{}'"},
    column<&CostTracking::request_id>{.type = "varchar(255)"},
    column<&CostTracking::protocol>{.type = "varchar(50)"},
    primary_key<&CostTracking::timestamp_, &CostTracking::id>{},
    with_extension("timescaledb", hypertable<&CostTracking::timestamp_>{.chunk = "7 days"},
                   compressed<&CostTracking::principal_id>{.after = "90 days"}),
    with_extension("citus", distributed_by<&CostTracking::resource_id, Resource>{},
                   primary_key<&CostTracking::resource_id, &CostTracking::timestamp_, &CostTracking::id>{},
                   index<&CostTracking::request_id, &CostTracking::timestamp_, &CostTracking::resource_id>{
                       .name = "ux_cost_tracking_request", .unique = true}),
    check{"ck_cost_tracking_estimated_cost", "estimated_cost >= 0 AND estimated_cost <> 'NaN'"},
    check{"ck_cost_tracking_actual_cost", "actual_cost >= 0 AND actual_cost <> 'NaN'"},
    check{"ck_cost_tracking_protocol", detail::protocol_check},
    index<&CostTracking::principal_id, descending<&CostTracking::timestamp_>>{"ix_cost_tracking_principal"},
    index<&CostTracking::resource_id>{"ix_cost_tracking_resource"},
    index<&CostTracking::capability_id>{"ix_cost_tracking_capability"},
    without_extension("citus", index<&CostTracking::request_id, &CostTracking::timestamp_>{
                                   .name = "ux_cost_tracking_request", .unique = true}),
    // A cost outlives what it was for, so the database enforces neither.
    relation<&CostTracking::resource_id, &Resource::id>{},
    relation<&CostTracking::capability_id, &Capability::id>{});
// clang-format on

}  // namespace sark
