// expect: sark: group_by(...) is given a value, an aggregate or a window function
// also: sark-Q54
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().group_by(col<&Resource::protocol>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().group_by(sark::concat(col<&Resource::protocol>, "x"));
#endif
