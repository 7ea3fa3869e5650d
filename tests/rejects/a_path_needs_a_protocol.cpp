// expect: sark: nobody said which protocol this struct describes
// also: Notes
// also: sark-J02
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/jsonb.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct Notes {
    std::string text;
};
auto good = from<Resource>().where(sark::meta<&sark::HttpMetadata::auth_method> == "oauth2");

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(sark::meta<&Notes::text> == "t");
#endif
