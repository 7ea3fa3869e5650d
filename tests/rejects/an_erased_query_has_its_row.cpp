// expect: sark: a query of other rows is stored in an any_query
// also: sark-Q96
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

sark::any_query<Resource> good = from<Resource>();

#ifdef SARK_REJECT
sark::any_query<Resource> wrong = from<Capability>();
#endif
