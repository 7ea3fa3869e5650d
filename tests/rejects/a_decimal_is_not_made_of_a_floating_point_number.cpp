// expect: sark: a floating-point number holds no exact decimal
// also: sark-N02
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

static_assert(sark::numeric<10, 2>{"0.10"}.units() == 10);

#ifdef SARK_REJECT
sark::numeric<10, 2> rounded{0.10};
#endif
