// expect: sark: rows of groups, aggregates and distinct rows are no rows of a table
// also: sark-Q74
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().for_update();

#ifdef SARK_REJECT
auto wrong = from<Resource>().group_by(col<&Resource::protocol>).select(col<&Resource::protocol>).for_update();
#endif
