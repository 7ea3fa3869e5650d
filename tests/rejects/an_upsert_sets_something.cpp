// expect: sark: do_update() sets no column
// also: sark-Q94
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::insert_into<PrincipalBudget>()
                .set(col<&PrincipalBudget::principal_id>, "p")
                .on_conflict<&PrincipalBudget::principal_id>()
                .do_nothing()
                .sql;

#ifdef SARK_REJECT
auto wrong = sark::insert_into<PrincipalBudget>()
                 .set(col<&PrincipalBudget::principal_id>, "p")
                 .on_conflict<&PrincipalBudget::principal_id>()
                 .do_update()
                 .sql;
#endif
