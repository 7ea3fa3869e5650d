// expect: sark: where(...) or a join uses an aggregate
// also: sark-Q58
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::update<Capability>().returning(col<&Capability::name>);

#ifdef SARK_REJECT
auto wrong = sark::update<Capability>().returning(sark::count());
#endif
