// expect: sark: with<T>() was given twice for the same children
// also: Capability
// also: sark-Q23
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;
auto good = from<Resource>().with<Capability>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().with<Capability>().with<Capability>();
#endif
