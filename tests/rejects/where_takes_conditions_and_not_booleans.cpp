// expect: sark: where(...) takes conditions
// also: bool
// also: sark-Q08
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::name> == "n");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(true);
#endif
