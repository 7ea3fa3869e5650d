// expect: sark: the alternatives of one value have different types
// also: sark-Q47
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::coalesce(col<&Capability::description>, "");

#ifdef SARK_REJECT
auto wrong = sark::coalesce(col<&Capability::description>, 5);
#endif
