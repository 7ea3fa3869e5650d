// expect: sark: a sub-query stands for one value and selects rows of several
// also: sark-Q60
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = scalar(from<Capability>().select(sark::count()));

#ifdef SARK_REJECT
auto wrong = scalar(from<Capability>());
#endif
