// expect: sark: the key of a tag or of a version number is a member of the struct, too
// also: Square
// also: sark-J33
// SPDX-License-Identifier: MIT
#include <variant>

#include <sark/jsonb/document.hpp>

struct Circle {
    double radius{};
};
struct Square {
    int type{};
};
template <>
inline constexpr std::string_view sark::tag_of<Circle> = "circle";
template <>
inline constexpr std::string_view sark::tag_of<Square> = "square";

auto good = sark::from_json<std::variant<Circle>>(sark::json{});

#ifdef SARK_REJECT
auto wrong = sark::from_json<std::variant<Circle, Square>>(sark::json{});
#endif
