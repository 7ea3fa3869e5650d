// expect: sark: a query with when(...) or another choice at run time
// also: sark-Q59
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = exists(from<Capability>().where(col<&Capability::name> == "a"));

#ifdef SARK_REJECT
auto wrong = exists(from<Capability>().where(when(true, col<&Capability::name> == "a")));
#endif
