// expect: sark: a column is compared with a value of another type
// also: Resource
// also: sensitivity_level
// also: sark-Q03
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::sensitivity_level> >= Sensitivity::high);

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::sensitivity_level> >= "high");
#endif
