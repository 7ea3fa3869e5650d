// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/models/cost_tracking.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is what a principal may spend, and has spent, per day and month; no limit where a budget is absent.
struct PrincipalBudget {
    std::string principal_id{};
    std::optional<money> daily_budget{};
    std::optional<money> monthly_budget{};
    money daily_spent{};
    money monthly_spent{};
    std::optional<timestamp> last_daily_reset{};
    std::optional<timestamp> last_monthly_reset{};
    std::string currency = "USD";
    timestamp created_at{};
    timestamp updated_at{};
};

// clang-format off
template <>
inline constexpr auto table_of<PrincipalBudget> = table(
    "principal_budgets",
    column<&PrincipalBudget::principal_id>{.type = "varchar(255)"},
    column<&PrincipalBudget::daily_spent>{.fallback = "'0'"},
    column<&PrincipalBudget::monthly_spent>{.fallback = "'0'"},
    column<&PrincipalBudget::currency>{.type = "varchar(3)", .fallback = "'USD'"},
    column<&PrincipalBudget::created_at>{.fallback = "now()", .managed = true},
    column<&PrincipalBudget::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&PrincipalBudget::principal_id>{},
    with_extension("citus", distributed_by<&PrincipalBudget::principal_id>{}),
    check{"ck_principal_budgets_daily_budget", "daily_budget >= 0 AND daily_budget <> 'NaN'"},
    check{"ck_principal_budgets_monthly_budget", "monthly_budget >= 0 AND monthly_budget <> 'NaN'"},
    check{"ck_principal_budgets_daily_spent", "daily_spent >= 0 AND daily_spent <> 'NaN'"},
    check{"ck_principal_budgets_monthly_spent", "monthly_spent >= 0 AND monthly_spent <> 'NaN'"},
    check{"ck_principal_budgets_currency", "currency ~ '^[A-Z]{3}$'"});
// clang-format on

}  // namespace sark
