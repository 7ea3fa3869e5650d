// expect: sark: with<T>() needs exactly one declared relation from the child to the rows of the query
// also: PrincipalBudget
// also: Resource
// also: sark-Q20
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().with<Capability>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().with<PrincipalBudget>();
#endif
