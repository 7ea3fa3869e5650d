// expect: sark: where(...) or a join uses an aggregate
// also: sark-Q58
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().group_by(col<&Resource::protocol>).having(sark::count() > 3);

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(sark::count() > 3);
#endif
