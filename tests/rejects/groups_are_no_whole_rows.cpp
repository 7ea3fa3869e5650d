// expect: sark: group_by(...) makes one row of many, and whole rows were asked for
// also: sark-Q66
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().group_by(col<&Resource::protocol>).select(col<&Resource::protocol>).sql;

#ifdef SARK_REJECT
auto wrong = from<Resource>().group_by(col<&Resource::protocol>).sql;
#endif
