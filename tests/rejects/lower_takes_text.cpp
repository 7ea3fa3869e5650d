// expect: sark: a function of texts is given something else
// also: sark-Q43
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::lower(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = sark::lower(col<&CostTracking::id>);
#endif
