// expect: sark: this table is already part of the query
// also: Capability
// also: sark-Q10
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().join<Capability>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().join<Capability>().join<Capability>();
#endif
