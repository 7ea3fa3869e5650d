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
auto good = from<sark::typed<sark::HttpMetadata>>();

#ifdef SARK_REJECT
auto wrong = from<sark::typed<Notes>>();
auto const& text = wrong.sql;
#endif
