// expect: sark: this enum has no enumerator with the value 0
// also: Month
// also: sark-R07
// SPDX-License-Identifier: MIT
#include <sark/reflect.hpp>

enum class Day { monday, tuesday };
static_assert(sark::label_of(Day::tuesday) == "tuesday");

#ifdef SARK_REJECT
enum class Month { january = 1, february };
static_assert(sark::label_of(Month::february) == "february");
#endif
