// expect: sark: a window function has no window
// also: sark-Q56
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().select(sark::row_number().over(sark::window().order_by(col<&Resource::name>)));

#ifdef SARK_REJECT
auto wrong = from<Resource>().select(sark::row_number());
#endif
