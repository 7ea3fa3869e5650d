// expect: sark: date_trunc and extract take a timestamp
// also: sark-Q44
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::date_trunc<"day">(col<&CostTracking::timestamp_>);

#ifdef SARK_REJECT
auto wrong = sark::date_trunc<"day">(col<&CostTracking::id>);
#endif
