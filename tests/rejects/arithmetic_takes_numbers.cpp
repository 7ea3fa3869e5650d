// expect: sark: arithmetic needs numbers on both sides
// also: sark-Q42
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = col<&CostTracking::id> + 1;

#ifdef SARK_REJECT
auto wrong = col<&Resource::name> + 1;
#endif
