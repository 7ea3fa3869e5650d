// expect: sark: a column is compared with a value of another type
// also: Resource
// also: name
// also: sark-Q03
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::name> == "5");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name> == 5);
#endif
