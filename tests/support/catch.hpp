// SPDX-License-Identifier: MIT
#pragma once

// The one place that knows which Catch2 is installed: 2 is a single header, 3 a library with many.

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(std::string const& text) { return Catch::Matchers::Contains(text); }
#endif
