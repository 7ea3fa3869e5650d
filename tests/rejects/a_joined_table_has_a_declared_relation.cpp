// expect: sark: the joined table has no declared relation to a table of the query
// also: PrincipalBudget
// also: Resource
// also: sark-Q11
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().join<Capability>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().join<PrincipalBudget>();
#endif
