// expect: sark: nothing handles the documents of one protocol
// also: GrpcMetadata
// also: sark-J36
// SPDX-License-Identifier: MIT
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>

using sark::GrpcMetadata, sark::HttpMetadata;

auto const http = [](HttpMetadata const&) { return 1; };
auto const others = [](sark::unknown_document const&) { return 0; };
auto good = sark::visit<HttpMetadata>(sark::Resource{}, http, others);

#ifdef SARK_REJECT
int wrong() {
    sark::visit<HttpMetadata, GrpcMetadata>(sark::Resource{}, http, others);
    return 0;
}
#endif
