// expect: sark: order_by(...) was given twice
// also: sark-Q13
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().order_by(col<&Resource::name>, desc(col<&Resource::id>));

#ifdef SARK_REJECT
auto wrong = from<Resource>().order_by(col<&Resource::name>).order_by(col<&Resource::id>);
#endif
