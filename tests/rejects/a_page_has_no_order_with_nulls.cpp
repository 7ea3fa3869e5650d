// expect: sark: after(...) cannot go on in an order with NULLs
// also: sark-Q78
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Capability>().order_by(col<&Capability::id>).after("a");

#ifdef SARK_REJECT
auto wrong = from<Capability>().order_by(col<&Capability::description>, col<&Capability::id>).after("a", "b");
#endif
