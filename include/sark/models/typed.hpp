// SPDX-License-Identifier: MIT
#pragma once

#include <sark/jsonb/typed_any.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/models/resource.hpp>

namespace sark {

/// Is a Resource of one protocol with its metadata decoded: `from<typed<HttpMetadata>>()`.
template <class Meta>
using typed = typed_row<Resource, Meta>;

/// Is a Resource of any protocol, its metadata decoded for those that are named: `from<typed_any<McpMetadata,
/// HttpMetadata>>()`; `sark::visit` calls what fits.
template <class... Metas>
using typed_any = typed_any_row<Resource, Metas...>;

}  // namespace sark
