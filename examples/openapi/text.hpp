// SPDX-License-Identifier: MIT
#pragma once

#include "../support/text.hpp"

namespace openapi {

using support::bad_input, support::cut, support::escaped_token, support::fitted, support::hash_of, support::json_string;
using support::lower, support::printable, support::slug;

}  // namespace openapi
