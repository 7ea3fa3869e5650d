// expect: sark: a member of a document is compared with a value of another type
// also: HttpMetadata
// also: auth_method
// also: sark-J03
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/jsonb.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().where(sark::meta<&sark::HttpMetadata::auth_method> == "oauth2");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(sark::meta<&sark::HttpMetadata::auth_method> == 5);
#endif
