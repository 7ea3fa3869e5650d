// expect: sark: a member of this struct has no JSON form
// also: Event
// also: timestamp
// also: at
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/jsonb.hpp>
#include <sark/types.hpp>

struct Notes {
    std::string text;
};
struct Event {
    std::string name;
    sark::timestamp at;
};
auto good = sark::from_json<Notes>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<Event>(sark::json{});
#endif
