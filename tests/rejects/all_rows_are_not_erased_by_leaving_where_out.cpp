// expect: sark: erase(...) without where(...) would delete every row
// also: Resource
// also: sark-Q32
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

void good(sark::connection& db) { (void)db.erase(from<Resource>().where(col<&Resource::name> == "n")); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { (void)db.erase(from<Resource>()); }
#endif
