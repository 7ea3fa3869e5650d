// expect: sark: a column that is never NULL is set to something that can be
// also: sark-Q89
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::update<Capability>().set(col<&Capability::description>, std::nullopt);

#ifdef SARK_REJECT
auto wrong = sark::update<Capability>().set(col<&Capability::name>, col<&Capability::description>);
#endif
