// expect: sark: two members of this struct have one name in a document
// also: Twice
// also: sark-J30
// SPDX-License-Identifier: MIT
#include <sark/jsonb/document.hpp>

struct Once {
    int name{};
    int other_{};
};
struct Twice {
    int name{};
    int name_{};
};
auto good = sark::to_json(Once{});

#ifdef SARK_REJECT
auto wrong = sark::to_json(Twice{});
#endif
