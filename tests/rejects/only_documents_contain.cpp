// expect: sark: contains(...) compares JSON documents, and this column is not jsonb
// also: Resource
// also: name
// also: sark-Q06
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{}));

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name>.contains(sark::json{}));
#endif
