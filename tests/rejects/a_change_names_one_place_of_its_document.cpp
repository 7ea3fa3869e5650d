// expect: sark: a change names a place of another document
// also: sark-J29
// SPDX-License-Identifier: MIT
#include <sark/jsonb/json_edit.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::Resource, sark::col, sark::HttpOperation;

auto good = sark::edit(col<&Capability::metadata_>).set(sark::path<&Capability::metadata_, &HttpOperation::path>, "/");

#ifdef SARK_REJECT
void wrong() {
    (void)sark::edit(col<&Capability::input_schema>).set(sark::path<&Capability::metadata_, &HttpOperation::path>, "/");
}
#endif
