// expect: sark: after(...) goes on in an order, and there is none before it
// also: sark-Q77
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().order_by(col<&Resource::id>).after("a");

#ifdef SARK_REJECT
auto wrong = from<Resource>().after("a");
#endif
