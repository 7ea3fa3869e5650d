// expect: sark: PostgreSQL has no unit of time of this name
// also: sark-Q45
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::date_trunc<"day">(sark::now());

#ifdef SARK_REJECT
auto wrong = sark::date_trunc<"dya">(sark::now());
#endif
