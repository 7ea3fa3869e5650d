// expect: sark: the joined table has several relations to tables of the query
// also: CostTracking
// also: sark-Q12
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().join<CostTracking>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().join<Capability>().join<CostTracking>();
#endif
