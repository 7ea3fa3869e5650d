// expect: sark: this column is never NULL, so the test has one answer only
// also: Resource
// also: name
// also: sark-Q07
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Capability>().where(col<&Capability::description>.is_not_null());

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name>.is_not_null());
#endif
