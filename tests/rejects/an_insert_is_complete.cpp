// expect: sark: an insert leaves out a column that is never NULL and has no default
// also: sark-Q93
// also: PrincipalBudget
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::insert_into<PrincipalBudget>().set(col<&PrincipalBudget::principal_id>, "p").sql;

#ifdef SARK_REJECT
auto wrong = sark::insert_into<PrincipalBudget>().set(col<&PrincipalBudget::currency>, "EUR").sql;
#endif
