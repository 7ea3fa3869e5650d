// expect: sark: a table or an alias of this name is already part of the query
// also: sark-Q62
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

using good_alias = sark::alias<Resource, "other">;
using wrong_alias = sark::alias<Resource, "resources">;

auto good = from<Resource>().join<good_alias>(col<&Resource::name> == good_alias::col<&Resource::name>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().join<wrong_alias>(col<&Resource::name> == wrong_alias::col<&Resource::name>);
#endif
