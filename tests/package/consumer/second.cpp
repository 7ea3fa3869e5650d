// SPDX-License-Identifier: MIT
#include <sark/version.hpp>

sark::version_t version_of_the_second_unit();

sark::version_t version_of_the_second_unit() { return sark::version; }
