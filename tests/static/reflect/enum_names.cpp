// SPDX-License-Identifier: MIT
//
// Enums have the labels their enumerators are spelled with, wherever they are declared.

#include <array>
#include <cstdint>
#include <string_view>

#include <sark/reflect/enum_names.hpp>

#include "catch.hpp"

namespace {

enum class hidden { first, second };
enum old_style { red, green, blue, white };  // every value of its two bits is taken
enum class words { delete_, new_, plain };
enum class small : std::uint8_t { a, b };
enum class negative : int { below = -1, zero, one };
enum class with_gap { a, b, far = 9 };
enum class from_five { five = 5 };
enum class shades { dark_red, blue };

struct owner {
    enum class kind { x, y };
};

}  // namespace

template <>
inline constexpr std::array<std::string_view, 2> sark::enum_labels<shades> = {"dark red", "blue"};
template <>
inline constexpr std::array<std::string_view, 6> sark::enum_labels<from_five> = {"0", "1", "2", "3", "4", "five"};

namespace {
// Two hundred fifty-six are read, as many as a byte has values.
// clang-format off
#define SIXTEEN(x) x##0, x##1, x##2, x##3, x##4, x##5, x##6, x##7, x##8, x##9, x##a, x##b, x##c, x##d, x##e, x##f
enum class large {
    SIXTEEN(n0), SIXTEEN(n1), SIXTEEN(n2), SIXTEEN(n3), SIXTEEN(n4), SIXTEEN(n5), SIXTEEN(n6), SIXTEEN(n7),
    SIXTEEN(n8), SIXTEEN(n9), SIXTEEN(na), SIXTEEN(nb), SIXTEEN(nc), SIXTEEN(nd), SIXTEEN(ne), SIXTEEN(nf)
};
#undef SIXTEEN
// clang-format on
}  // namespace

TEST_CASE("labels are the enumerators' names in order") {
    STATIC_REQUIRE(sark::labels_of<hidden> == std::array<std::string_view, 2>{"first", "second"});
    STATIC_REQUIRE(sark::labels_of<old_style> == std::array<std::string_view, 4>{"red", "green", "blue", "white"});
    STATIC_REQUIRE(sark::labels_of<words> == std::array<std::string_view, 3>{"delete", "new", "plain"});
    STATIC_REQUIRE(sark::labels_of<small> == std::array<std::string_view, 2>{"a", "b"});
    STATIC_REQUIRE(sark::labels_of<owner::kind> == std::array<std::string_view, 2>{"x", "y"});
    STATIC_REQUIRE(sark::labels_of<shades> == std::array<std::string_view, 2>{"dark red", "blue"});
    enum class local { here, there };
    STATIC_REQUIRE(sark::labels_of<local> == std::array<std::string_view, 2>{"here", "there"});
    STATIC_REQUIRE(sark::labels_of<large>.size() == 256);
    STATIC_REQUIRE(sark::labels_of<large>[255] == "nff");
}

TEST_CASE("labels end at the first gap and begin at 0") {
    STATIC_REQUIRE(sark::labels_of<with_gap>.size() == 2);
    STATIC_REQUIRE(sark::label_of(with_gap::far).empty());
    STATIC_REQUIRE(sark::labels_of<negative> == std::array<std::string_view, 2>{"zero", "one"});
    STATIC_REQUIRE(sark::label_of(negative::below).empty());
    STATIC_REQUIRE(sark::label_of(from_five::five) == "five");
}

TEST_CASE("a label gives its enumerator back, another text nothing") {
    STATIC_REQUIRE(sark::label_of(words::delete_) == "delete");
    STATIC_REQUIRE(sark::from_label<words>("delete") == words::delete_);
    STATIC_REQUIRE(sark::from_label<shades>("dark red") == shades::dark_red);
    STATIC_REQUIRE_FALSE(sark::from_label<shades>("dark_red").has_value());
    STATIC_REQUIRE_FALSE(sark::from_label<words>("Delete").has_value());
    STATIC_REQUIRE_FALSE(sark::from_label<words>("").has_value());
    STATIC_REQUIRE(sark::label_of(static_cast<words>(77)).empty());
}
