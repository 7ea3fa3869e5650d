// expect: sark: set(...) names a column that the server maintains
// also: sark-Q86
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::update<Capability>().set(col<&Capability::name>, "a");

#ifdef SARK_REJECT
auto wrong = sark::update<Capability>().set(col<&Capability::updated_at>, sark::now());
#endif
