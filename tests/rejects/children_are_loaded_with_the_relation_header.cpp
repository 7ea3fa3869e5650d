// expect: sark: with<T>() loads children, which needs <sark/relation.hpp>
// also: Capability
// also: sark-Q25
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;
void good(sark::connection& db) { (void)db.all(from<Resource>()); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { (void)db.all(from<Resource>().with<Capability>()); }
#endif
