// expect: sark: a comparison with an optional or NULL would be unknown where it is NULL
// also: Resource
// also: name
// also: sark-Q04
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

std::optional<std::string> maybe = "n";
auto good = from<Resource>().where(col<&Resource::name> == *maybe);

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name> == maybe);
#endif
