// expect: sark: a column of a table that is not part of the query
// also: sark-Q01
// also: other
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

using other = sark::alias<Resource, "other">;

auto good = from<other>().where(other::col<&Resource::protocol> == "a");

#ifdef SARK_REJECT
auto wrong = from<other>().where(col<&Resource::protocol> == "a");
#endif
