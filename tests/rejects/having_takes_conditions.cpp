// expect: sark: having(...) takes conditions
// also: sark-Q71
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().group_by(col<&Resource::protocol>).having(sark::count() > 1);

#ifdef SARK_REJECT
auto wrong = from<Resource>().group_by(col<&Resource::protocol>).having(sark::count());
#endif
