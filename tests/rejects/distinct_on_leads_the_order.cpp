// expect: sark: distinct_on(...) keeps the first row of equal keys
// also: sark-Q65
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good =
    from<Resource>().distinct_on(col<&Resource::protocol>).order_by(col<&Resource::protocol>, col<&Resource::name>).sql;

#ifdef SARK_REJECT
auto wrong = from<Resource>().distinct_on(col<&Resource::protocol>).order_by(col<&Resource::name>).sql;
#endif
