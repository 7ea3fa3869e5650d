// expect: sark: varchar<N> holds 1 to 10485760 characters
// also: sark-N03
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

sark::varchar<1> letter;

#ifdef SARK_REJECT
sark::varchar<0> nothing;
#endif
