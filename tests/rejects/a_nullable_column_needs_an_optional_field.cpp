// expect: sark: the selected columns do not fit the fields of the struct
// also: Pair
// also: optional
// also: sark-Q21
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct Pair {
    std::string id;
    std::string description;
};
auto good = from<Capability>().select<Pair>(col<&Capability::id>, col<&Capability::name>);

#ifdef SARK_REJECT
auto wrong = from<Capability>().select<Pair>(col<&Capability::id>, col<&Capability::description>);
#endif
