// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sark::test {

/// Counts the allocations of the whole test program, which runs one test after the other (parameters.cpp counts them).
std::size_t allocations();

}  // namespace sark::test
