// expect: sark: outer(...) names a table that the sub-query has, too
// also: sark-Q61
// also: Resource
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

using other = sark::alias<Resource, "other">;

auto good = from<other>().where(other::col<&Resource::protocol> == outer(col<&Resource::protocol>));

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::protocol> == outer(col<&Resource::protocol>));
#endif
