// expect: sark: where(...) was given twice
// also: Resource
// also: sark-Q02
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::name> == "n", col<&Resource::id> == "i");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name> == "n").where(col<&Resource::id> == "i");
#endif
