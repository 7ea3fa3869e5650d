// expect: sark: an outer join comes after select(...)
// also: sark-Q63
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Capability>().right_join<Resource>().select(col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Capability>().select(col<&Capability::name>).right_join<Resource>();
#endif
