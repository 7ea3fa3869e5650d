// expect: sark: after(...) takes the value of each sort key
// also: sark-Q79
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().order_by(col<&Resource::name>, col<&Resource::id>).after("a", "b");

#ifdef SARK_REJECT
auto wrong = from<Resource>().order_by(col<&Resource::name>, col<&Resource::id>).after("a");
#endif
