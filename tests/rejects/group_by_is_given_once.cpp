// expect: sark: group_by(...) was given twice
// also: sark-Q67
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().group_by(col<&Resource::protocol>, col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().group_by(col<&Resource::protocol>).group_by(col<&Resource::name>);
#endif
