// expect: sark: a place in a document is given a value of another type
// also: rate_limit
// also: sark-J19
// SPDX-License-Identifier: MIT
#include <sark/jsonb/json_edit.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Resource, sark::col, sark::HttpMetadata, sark::meta;

auto good = sark::edit(col<&Resource::metadata_>).set(meta<&HttpMetadata::rate_limit>, "10/s");

#ifdef SARK_REJECT
void wrong() { (void)sark::edit(col<&Resource::metadata_>).set(meta<&HttpMetadata::rate_limit>, 10); }
#endif
