// expect: sark: a member's name is longer than the 63 bytes of a PostgreSQL identifier
// also: Long
// also: sark-T04
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <sark/schema.hpp>

struct Short {
    int a_name_of_exactly_sixty_three_bytes_xxxxxxxxxxxxxxxxxxxxxxxxxxx;
};
static_assert(sark::columns_of<Short>[0].name.size() == 63);

#ifdef SARK_REJECT
struct Long {
    int a_name_of_exactly_sixty_four_bytes_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
};
static_assert(sark::columns_of<Long>[0].name.size() == 64);
#endif
