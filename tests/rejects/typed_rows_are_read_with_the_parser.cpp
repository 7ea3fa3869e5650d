// expect: sark: typed rows decode JSON, which needs the parser
// also: HttpMetadata
// also: sark-J04
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>

auto good(sark::connection& db) { return db.count(sark::from<sark::typed<sark::HttpMetadata>>()); }

#ifdef SARK_REJECT
auto wrong(sark::connection& db) { return db.all(sark::from<sark::typed<sark::HttpMetadata>>()); }
#endif
