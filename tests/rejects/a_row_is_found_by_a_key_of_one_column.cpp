// expect: find(...) and find_many(...) look rows up by a primary key of one column
// also: Keyless
// also: sark-D01
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>

using sark::Resource, sark::col, sark::from;

struct Keyless {
    std::string name{};
};
void good(sark::connection& db) { (void)db.find<Resource>("r"); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { (void)db.find<Keyless>("r"); }
#endif
