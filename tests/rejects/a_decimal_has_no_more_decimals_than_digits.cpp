// expect: sark: numeric<P, S> has 1 to 38 digits
// also: sark-N01
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

sark::numeric<2, 2> most;

#ifdef SARK_REJECT
sark::numeric<2, 3> too_much;
#endif
