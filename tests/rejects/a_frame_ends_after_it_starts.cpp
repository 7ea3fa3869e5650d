// expect: sark: a frame ends before it starts
// also: sark-Q52
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::window().order_by(col<&Resource::name>).rows(sark::preceding<1>, sark::current_row);

#ifdef SARK_REJECT
auto wrong = sark::window().order_by(col<&Resource::name>).rows(sark::current_row, sark::preceding<1>);
#endif
