// expect: sark: select(...) takes columns and expressions
// also: sark-Q18
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().select(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().select("name");
#endif
