// expect: sark: a member of this struct has no JSON form
// also: Event
// also: duration
// also: length
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <sark/jsonb.hpp>

struct Notes {
    std::string text;
};
struct Event {
    std::string name;
    std::chrono::seconds length;
};
auto good = sark::from_json<Notes>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<Event>(sark::json{});
#endif
