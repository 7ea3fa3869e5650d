// expect: sark: in(query) compares a value with another type
// also: sark-Q41
// also: Resource
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = col<&Resource::id>.in(from<Capability>().select(col<&Capability::resource_id>));

#ifdef SARK_REJECT
auto wrong = col<&Resource::id>.in(from<CostTracking>().select(col<&CostTracking::id>));
#endif
