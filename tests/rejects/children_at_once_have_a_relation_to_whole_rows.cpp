// expect: at_once<T>(...) takes a query of whole rows
// also: Capability
// also: sark-D04
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::CostTracking, sark::Resource, sark::col, sark::from;
void good(sark::connection& db) { (void)db.all(sark::at_once<Capability>(from<Resource>())); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { (void)db.all(sark::at_once<Capability>(from<CostTracking>())); }
#endif
