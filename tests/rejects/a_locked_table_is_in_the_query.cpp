// expect: sark: rows of a table that is not part of the query cannot be locked
// also: sark-Q75
// also: Capability
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().for_update<Resource>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().for_update<Capability>();
#endif
