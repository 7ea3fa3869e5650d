// expect: sark: this table is already part of the query
// also: Resource
// also: sark-Q10
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().join<Capability>(col<&Capability::name> == col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().join<Resource>(col<&Resource::name> == col<&Resource::id>);
#endif
