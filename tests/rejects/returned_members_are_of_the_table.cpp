// expect: insert_many_returning<...>(...) names a member of another struct than the rows are of
// also: Capability
// also: sark-D06
// SPDX-License-Identifier: MIT
#include <vector>

#include <sark/db.hpp>
#include <sark/models.hpp>

using sark::Capability, sark::Resource;

void good(sark::connection& db, std::vector<Capability> const& rows) {
    (void)db.insert_many_returning<&Capability::id>(rows);
}

#ifdef SARK_REJECT
void wrong(sark::connection& db, std::vector<Capability> const& rows) {
    (void)db.insert_many_returning<&Resource::id>(rows);
}
#endif
