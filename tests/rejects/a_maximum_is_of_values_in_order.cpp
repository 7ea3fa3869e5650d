// expect: sark: min and max take values that have an order
// also: sark-Q51
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::max(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = sark::max(col<&Resource::metadata_>);
#endif
