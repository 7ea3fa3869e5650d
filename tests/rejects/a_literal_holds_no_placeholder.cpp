// expect: sark: a literal fragment holds a placeholder
// also: sark-Q46
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::literal<"current_date", sark::date>;

#ifdef SARK_REJECT
auto wrong = sark::literal<"lower($1)", std::string>;
#endif
