// expect: sark: select(...) was given twice, or together with with<T>()
// also: sark-Q17
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().select(col<&Resource::name>, col<&Resource::id>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().select(col<&Resource::name>).select(col<&Resource::id>);
#endif
