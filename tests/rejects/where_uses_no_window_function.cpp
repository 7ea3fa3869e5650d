// expect: sark: a condition uses a window function
// also: sark-Q57
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::name> == "a");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(sark::row_number().over(sark::window().order_by(col<&Resource::name>)) < 3);
#endif
