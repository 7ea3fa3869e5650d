// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sark::test {

/// Is the exit code that tells CTest "skipped".
inline constexpr int skipped = 77;

/// Tells whether the tests of this program may be skipped even where everything else must run: they need a server with
/// an extension that no distribution packs.
bool is_optional();

/// Says what the tests of this program need and cannot have; empty when they can run.
std::string missing();

}  // namespace sark::test
