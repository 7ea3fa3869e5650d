// expect: sark: offset(...) was given twice
// also: sark-Q16
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().offset(1);

#ifdef SARK_REJECT
auto wrong = from<Resource>().offset(1).offset(2);
#endif
