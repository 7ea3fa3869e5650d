// SPDX-License-Identifier: MIT
#include "need.hpp"

std::string sark::test::missing() { return {}; }

bool sark::test::is_optional() { return false; }
