// expect: sark: order_by(...) takes columns and desc(...) of columns
// also: int
// also: sark-Q14
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().order_by(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().order_by(1);
#endif
