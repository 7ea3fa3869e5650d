// expect: sark: each(...) hands out one row at a time and loads no children
// also: Resource
// also: Capability
// also: sark-Q24
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;
void good(sark::connection& db) { (void)db.all(from<Resource>().with<Capability>()); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) {
    db.each(from<Resource>().with<Capability>(), [](auto const&) {});
}
#endif
