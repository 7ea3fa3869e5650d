// expect: sark: a column of a table that is not part of the query
// also: Capability
// also: Resource
// also: sark-Q01
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().select(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().select(col<&Resource::name>, col<&Capability::name>);
#endif
