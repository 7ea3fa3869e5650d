// expect: sark: sum and avg take numbers
// also: sark-Q50
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::sum(col<&CostTracking::id>);

#ifdef SARK_REJECT
auto wrong = sark::sum(col<&CostTracking::principal_id>);
#endif
