// expect: sark: the rows of a set operation are sorted by columns of the result
// also: sark-Q84
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = union_of(from<Resource>().select(col<&Resource::id>), from<Resource>().select(col<&Resource::name>))
                .order_by(sark::output<1>);

#ifdef SARK_REJECT
auto wrong = union_of(from<Resource>().select(col<&Resource::id>), from<Resource>().select(col<&Resource::name>))
                 .order_by(sark::output<2>);
#endif
