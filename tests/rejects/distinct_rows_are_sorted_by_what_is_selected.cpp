// expect: sark: distinct rows are sorted by something that is not selected
// also: sark-Q64
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().distinct().order_by(col<&Resource::protocol>).select(col<&Resource::protocol>).sql;

#ifdef SARK_REJECT
auto wrong = from<Resource>().distinct().order_by(col<&Resource::name>).select(col<&Resource::protocol>).sql;
#endif
