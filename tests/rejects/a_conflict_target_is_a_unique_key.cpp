// expect: sark: these columns are no unique key of the table
// also: sark-Q92
// also: PrincipalBudget
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::insert_into<PrincipalBudget>().on_conflict<&PrincipalBudget::principal_id>().do_nothing();

#ifdef SARK_REJECT
auto wrong = sark::insert_into<PrincipalBudget>().on_conflict<&PrincipalBudget::currency>().do_nothing();
#endif
