// expect: sark: a column is compared with a value of another type
// also: PrincipalBudget
// also: daily_spent
// also: sark-Q03
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<PrincipalBudget>().where(col<&PrincipalBudget::daily_spent> > 1);

#ifdef SARK_REJECT
auto wrong = from<PrincipalBudget>().where(col<&PrincipalBudget::daily_spent> > 0.5);
#endif
