// expect: sark: meta<...> needs exactly one table with a polymorphic document in the query
// also: HttpMetadata
// also: auth_method
// also: Capability
// also: sark-J06
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/jsonb.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Capability>().join<Resource>().where(sark::meta<&sark::HttpMetadata::auth_method> == "oauth2");

#ifdef SARK_REJECT
auto wrong = from<Capability>().where(sark::meta<&sark::HttpMetadata::auth_method> == "oauth2");
#endif
