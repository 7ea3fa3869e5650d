// SPDX-License-Identifier: MIT
#pragma once

#include <sark/jsonb/typed_row.hpp>
#include <sark/models/resource.hpp>

namespace sark {

/// Is a Resource of one protocol with its metadata decoded: `from<typed<HttpMetadata>>()`.
template <class Meta>
using typed = typed_row<Resource, Meta>;

}  // namespace sark
