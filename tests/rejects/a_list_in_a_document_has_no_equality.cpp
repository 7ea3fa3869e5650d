// expect: sark: a list, an object or a time in a document has no equality
// also: HttpMetadata
// also: servers
// also: sark-J07
// SPDX-License-Identifier: MIT
#include <string>
#include <vector>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/jsonb.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;
std::vector<std::string> const servers{"a"};
auto good = from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{R"({"servers":["a"]})"}));

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(sark::meta<&sark::HttpMetadata::servers> == servers);
#endif
