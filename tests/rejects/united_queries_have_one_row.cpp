// expect: sark: the two sides of a set operation have rows of different types
// also: sark-Q83
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = union_of(from<Resource>().select(col<&Resource::id>), from<Resource>().select(col<&Resource::name>));

#ifdef SARK_REJECT
auto wrong = union_of(from<Resource>().select(col<&Resource::id>), from<CostTracking>().select(col<&CostTracking::id>));
#endif
