// expect: sark: limit(...) was given twice
// also: sark-Q15
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().limit(1);

#ifdef SARK_REJECT
auto wrong = from<Resource>().limit(1).limit(2);
#endif
