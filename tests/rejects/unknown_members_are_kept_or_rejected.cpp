// expect: sark: unknown members of this struct are kept in more than one place
// also: Strict
// also: sark-J31
// SPDX-License-Identifier: MIT
#include <sark/jsonb/document.hpp>

struct Open {
    int known{};
    sark::other_members others{};
};
struct Strict {
    int known{};
    sark::other_members others{};
};
template <>
inline constexpr auto sark::unknown_members_of<Strict> = sark::unknown_members::reject;

auto good = sark::from_json<Open>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<Strict>(sark::json{});
#endif
