// expect: sark: numeric<P, S> has 1 to 38 digits
// also: 39
// also: sark-N01
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

sark::numeric<38, 38> most;

#ifdef SARK_REJECT
sark::numeric<39, 2> too_much;
#endif
