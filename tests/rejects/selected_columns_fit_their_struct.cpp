// expect: sark: the selected columns do not fit the fields of the struct
// also: Pair
// also: sark-Q21
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct Pair {
    std::string id;
    std::string name;
};
auto good = from<Resource>().select<Pair>(col<&Resource::id>, col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().select<Pair>(col<&Resource::id>, col<&Resource::sensitivity_level>);
#endif
