// expect: sark: an alternative of this std::variant has no tag
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
inline constexpr std::string_view sark::tag_of<Circle> = "circle";

auto good = sark::from_json<std::variant<Circle>>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<std::variant<Circle, Square>>(sark::json{});
#endif
