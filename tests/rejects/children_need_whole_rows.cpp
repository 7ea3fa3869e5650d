// expect: sark: with<T>() loads children of whole rows, and select(...) chose columns
// also: sark-Q19
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().with<Capability>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().select(col<&Resource::name>).with<Capability>();
#endif
