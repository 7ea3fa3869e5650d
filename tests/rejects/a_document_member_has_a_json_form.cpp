// expect: sark: a member of this struct has no JSON form
// also: Price
// also: money
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <string>
#include <utility>
#include <sark/jsonb.hpp>

struct Notes {
    std::string text;
};
struct Price {
    std::pair<int, int> money;
};
auto good = sark::to_json(Notes{"t"});

#ifdef SARK_REJECT
auto wrong = sark::to_json(Price{});
#endif
