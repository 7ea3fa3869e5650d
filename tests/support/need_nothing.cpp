// SPDX-License-Identifier: MIT
#include "need.hpp"

std::string sark::test::missing() { return {}; }
