// expect: sark: nothing makes the next version of a document out of this one
// also: Second
// also: Third
// also: sark-J34
// SPDX-License-Identifier: MIT
#include <sark/jsonb/document.hpp>

struct First {
    int port{};
};
struct Second {
    int port{};
    int other{};
};
struct Third {
    int ports{};
};
constexpr Second upcast(First old) { return {old.port, 0}; }
template <>
inline constexpr auto sark::versions_of<Second> = sark::versions<First, Second>{"v"};
template <>
inline constexpr auto sark::versions_of<Third> = sark::versions<First, Second, Third>{"v"};

auto good = sark::from_json<Second>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<Third>(sark::json{});
#endif
