// expect: sark: the selected columns do not fit the fields of the struct
// also: sark-Q21
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct names {
    std::string of_resource;
    std::string of_capability;
};

auto good = from<Resource>().join<Capability>().select<names>(col<&Resource::name>, col<&Capability::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().left_join<Capability>().select<names>(col<&Resource::name>, col<&Capability::name>);
#endif
