// expect: sark: a pattern is matched with something that is no text
// also: sark-Q40
// also: CostTracking
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = col<&CostTracking::principal_id>.starts_with("a");

#ifdef SARK_REJECT
auto wrong = col<&CostTracking::id>.starts_with("a");
#endif
