// expect: sark: a comparison with an optional or NULL would be unknown where it is NULL
// also: Capability
// also: description
// also: sark-Q04
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Capability>().where(col<&Capability::description>.is_null());

#ifdef SARK_REJECT
auto wrong = from<Capability>().where(col<&Capability::description> == std::nullopt);
#endif
