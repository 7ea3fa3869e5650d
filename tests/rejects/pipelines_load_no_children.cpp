// expect: sark: a pipeline loads no children, for their query needs the rows first
// also: Resource
// also: Capability
// also: sark-D05
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::Resource;
using sark::from;
void good(sark::connection& db) {
    db.pipeline([](sark::pipeline& p) { (void)p.all(sark::at_once<Capability>(from<Resource>())); });
}

#ifdef SARK_REJECT
void wrong(sark::connection& db) {
    db.pipeline([](sark::pipeline& p) { (void)p.all(from<Resource>().with<Capability>()); });
}
#endif
