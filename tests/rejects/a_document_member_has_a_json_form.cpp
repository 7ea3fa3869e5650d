// expect: sark: a member of this struct has no JSON form
// also: Price
// also: money
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/jsonb.hpp>
#include <sark/types.hpp>

struct Notes {
    std::string text;
};
struct Price {
    sark::numeric<10, 2> money;
};
auto good = sark::to_json(Notes{"t"});

#ifdef SARK_REJECT
auto wrong = sark::to_json(Price{});
#endif
