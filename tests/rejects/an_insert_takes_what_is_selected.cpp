// expect: sark: the query does not select what the columns of the insert take
// also: sark-Q95
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::insert_into<PrincipalBudget>().select<&PrincipalBudget::principal_id>(
    from<Resource>().select(col<&Resource::id>));

#ifdef SARK_REJECT
auto wrong = sark::insert_into<PrincipalBudget>().select<&PrincipalBudget::principal_id>(
    from<CostTracking>().select(col<&CostTracking::id>));
#endif
