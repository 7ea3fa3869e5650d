// expect: sark: rows that an outer join may leave out cannot be locked
// also: sark-Q76
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().left_join<Capability>().for_update<Resource>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().left_join<Capability>().for_update();
#endif
