// expect: sark: the table of this row has no polymorphic document
// also: Capability
// also: sark-J38
// SPDX-License-Identifier: MIT
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>

auto const any = [](auto const&) { return 1; };
auto good = sark::visit<sark::HttpMetadata>(sark::Resource{}, any);

#ifdef SARK_REJECT
int wrong() {
    sark::visit<sark::HttpMetadata>(sark::Capability{}, any);
    return 0;
}
#endif
