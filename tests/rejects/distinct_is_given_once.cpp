// expect: sark: distinct was asked for twice
// also: sark-Q72
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().distinct();

#ifdef SARK_REJECT
auto wrong = from<Resource>().distinct().distinct_on(col<&Resource::protocol>);
#endif
