// expect: sark: this enum is stored as text, whose order is that of its letters
// also: sark-Q48
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::greatest(col<&Resource::name>, "a");

#ifdef SARK_REJECT
auto wrong = sark::greatest(col<&Resource::sensitivity_level>, Sensitivity::low);
#endif
