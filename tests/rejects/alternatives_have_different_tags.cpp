// expect: sark: two alternatives of this std::variant have one tag
// also: Square
// also: sark-J32
// SPDX-License-Identifier: MIT
#include <variant>

#include <sark/jsonb/document.hpp>

struct Circle {
    double radius{};
};
struct Square {
    double side{};
};
template <>
inline constexpr std::string_view sark::tag_of<Circle> = "round";
template <>
inline constexpr std::string_view sark::tag_of<Square> = "round";

auto good = sark::to_json(std::variant<Circle>{});

#ifdef SARK_REJECT
auto wrong = sark::to_json(std::variant<Circle, Square>{});
#endif
