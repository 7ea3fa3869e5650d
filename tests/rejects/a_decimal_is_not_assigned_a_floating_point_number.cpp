// expect: sark: a floating-point number holds no exact decimal
// also: sark-N02
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

sark::numeric<10, 2> price = 5;

#ifdef SARK_REJECT
sark::numeric<10, 2> rounded = 5.0F;
#endif
