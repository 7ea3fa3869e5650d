// expect: sark: JSON documents have no order that means anything
// also: Resource
// also: metadata_
// also: sark-Q05
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(sark::unindexed(col<&Resource::metadata_> == sark::json{}));

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::metadata_> < sark::json{});
#endif
