// expect: sark: a query in with(...) has no struct of yours as its row
// also: sark-Q81
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct spending {
    std::string principal_id;
};

auto good = with(from<CostTracking>().select<spending>(col<&CostTracking::principal_id>)).from<spending>();

#ifdef SARK_REJECT
auto wrong = with(from<CostTracking>().select(col<&CostTracking::principal_id>));
#endif
