// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sark::test {

/// Tells whether everything that can be installed has to be there: where CI or SARK_REQUIRE_DATABASE is set.
bool is_everything_required();

/// Says on stderr, and to CTest by the exit code, that a test cannot run here; the test returns then.
void skip(std::string const& reason);

}  // namespace sark::test
