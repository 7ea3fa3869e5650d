// expect: sark: this struct reads a view, which takes no rows
// also: DailyCostSummary
// also: sark-Q30
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

void good(sark::connection& db) { (void)db.all(from<sark::DailyCostSummary>()); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { db.insert(sark::DailyCostSummary{}); }
#endif
