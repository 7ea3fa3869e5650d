// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sark::test {

/// Is the exit code that tells CTest "skipped".
inline constexpr int skipped = 77;

/// Says what the tests of this program need and cannot have; empty when they can run.
std::string missing();

}  // namespace sark::test
