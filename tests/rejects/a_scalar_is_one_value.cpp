// expect: scalar(...) returns one value, and this statement has rows of several
// also: Resource
// also: sark-D02
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>

using sark::Resource, sark::col, sark::from;
void good(sark::connection& db) { (void)db.scalar(from<Resource>().select(col<&Resource::name>)); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { (void)db.scalar(from<Resource>()); }
#endif
