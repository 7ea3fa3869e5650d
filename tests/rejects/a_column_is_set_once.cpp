// expect: sark: a column is set twice
// also: sark-Q87
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::update<Capability>().set(col<&Capability::name>, "a");

#ifdef SARK_REJECT
auto wrong = sark::update<Capability>().set(col<&Capability::name>, "a").set(col<&Capability::name>, "b");
#endif
