// expect: sark: after(...) would skip rows that are equal in the order
// also: sark-Q80
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().order_by(col<&Resource::name>, col<&Resource::id>).after("a", "b");

#ifdef SARK_REJECT
auto wrong = from<Resource>().order_by(col<&Resource::name>).after("a");
#endif
