// SPDX-License-Identifier: MIT
//
// Aggregates of every kind are read: how many fields, of which types, by which names.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/reflect.hpp>

#include "catch.hpp"

namespace {

struct empty {};

struct one {
    int only;
};

struct inner {
    int a;
    std::string b;
};

struct mixed {
    bool flag;
    std::int16_t small;
    double number;
    std::string text;
    std::optional<std::string> maybe;
    std::vector<std::optional<int>> list;
    std::map<std::string, std::vector<int>> table;
    inner nested;
    std::unique_ptr<int> owned;
    std::array<int, 3> three;
    int const fixed;
    char const* pointer;
    int last;
};

struct without_default {
    struct key {
        explicit key(int n) : value{n} {}
        int value;
    };
    key first;
    std::string second;
};

struct nothing {};
struct squeezed {
    [[no_unique_address]] nothing hidden;
    int shown;
};

template <class T, std::size_t N>
struct pair_of {
    T first;
    std::vector<T> second;
    static constexpr std::size_t size = N;
    struct within {};
    template <class>
    struct templated {};
};

struct wide {
    // clang-format off
    int f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15;
    std::string f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31;
    std::optional<int> f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f47;
    double f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63;
    // clang-format on
};

struct named {
    int größe;
    int 名前;
    int _leading;
    int trailing_;
    int two__;
    int with_1_digit;
    int A;
};

}  // namespace

namespace outer::inside {
struct deep {
    int field;
};
}  // namespace outer::inside

TEST_CASE("fields are counted") {
    STATIC_REQUIRE(sark::max_fields == 64);
    STATIC_REQUIRE(sark::field_count<empty> == 0);
    STATIC_REQUIRE(sark::field_count<one> == 1);
    STATIC_REQUIRE(sark::field_count<inner> == 2);
    STATIC_REQUIRE(sark::field_count<mixed> == 13);
    STATIC_REQUIRE(sark::field_count<without_default> == 2);
    STATIC_REQUIRE(sark::field_count<squeezed> == 2);
    STATIC_REQUIRE(sark::field_count<pair_of<int, 2>> == 2);
    STATIC_REQUIRE(sark::field_count<wide> == 64);
    STATIC_REQUIRE(sark::field_count<outer::inside::deep> == 1);
}

TEST_CASE("fields keep their types, less const") {
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 0>, bool>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 4>, std::optional<std::string>>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 5>, std::vector<std::optional<int>>>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 6>, std::map<std::string, std::vector<int>>>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 7>, inner>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 8>, std::unique_ptr<int>>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 9>, std::array<int, 3>>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<mixed, 10>, int>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<wide, 31>, std::string>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<wide, 63>, double>);
    STATIC_REQUIRE(std::is_same_v<sark::field_type<pair_of<bool, 4>, 1>, std::vector<bool>>);
}

TEST_CASE("fields have the names they are spelled with") {
    STATIC_REQUIRE(sark::field_name<mixed, 0> == "flag");
    STATIC_REQUIRE(sark::field_name<mixed, 8> == "owned");
    STATIC_REQUIRE(sark::field_name<mixed, 10> == "fixed");
    STATIC_REQUIRE(sark::field_name<mixed, 12> == "last");
    STATIC_REQUIRE(sark::field_name<without_default, 1> == "second");
    STATIC_REQUIRE(sark::field_name<squeezed, 1> == "shown");
    STATIC_REQUIRE(sark::field_name<wide, 0> == "f00");
    STATIC_REQUIRE(sark::field_name<wide, 63> == "f63");
    STATIC_REQUIRE(sark::field_name<pair_of<std::string, 1>, 1> == "second");
    STATIC_REQUIRE(sark::field_name<outer::inside::deep, 0> == "field");
}

TEST_CASE("names may have other letters, digits and underscores") {
    STATIC_REQUIRE(sark::field_name<named, 0> == "größe");
    STATIC_REQUIRE(sark::field_name<named, 1> == "名前");
    STATIC_REQUIRE(sark::field_name<named, 2> == "_leading");
    STATIC_REQUIRE(sark::field_name<named, 3> == "trailing_");
    STATIC_REQUIRE(sark::field_name<named, 5> == "with_1_digit");
    STATIC_REQUIRE(sark::field_name<named, 6> == "A");
    STATIC_REQUIRE(sark::without_trailing_underscore("trailing_") == "trailing");
    STATIC_REQUIRE(sark::without_trailing_underscore("two__") == "two_");
    STATIC_REQUIRE(sark::without_trailing_underscore("_") == "_");
    STATIC_REQUIRE(sark::without_trailing_underscore("") == "");
}

TEST_CASE("types of a function are read like others") {
    struct local {
        int x;
        std::string y_;
    };
    STATIC_REQUIRE(sark::field_count<local> == 2);
    STATIC_REQUIRE(sark::field_name<local, 0> == "x");
    STATIC_REQUIRE(sark::field_name<local, 1> == "y_");
    STATIC_REQUIRE(sark::detail::type_name<local>() == "local");
    STATIC_REQUIRE(sark::member_position<&local::y_> == 1);
}

TEST_CASE("types are named without their surroundings") {
    STATIC_REQUIRE(sark::detail::type_name<empty>() == "empty");
    STATIC_REQUIRE(sark::detail::type_name<outer::inside::deep>() == "deep");
    STATIC_REQUIRE(sark::detail::type_name<pair_of<inner, 3>>() == "pair_of");
    STATIC_REQUIRE(sark::detail::type_name<without_default::key>() == "key");
    STATIC_REQUIRE(sark::detail::type_name<pair_of<pair_of<inner, 3>, 2>::within>() == "within");
    STATIC_REQUIRE(sark::detail::type_name<pair_of<inner, 2>::templated<pair_of<int, 1>>>() == "templated");
    auto const lambda = [] {
        struct in_lambda {
            int x;
        };
        return sark::detail::type_name<in_lambda>();
    };
    CHECK(lambda() == "in_lambda");
}

TEST_CASE("fields are reached by position") {
    inner object{1, "b"};
    sark::get_field<0>(object) = 7;
    CHECK(object.a == 7);
    inner const& constant = object;
    STATIC_REQUIRE(std::is_same_v<decltype(sark::get_field<1>(constant)), std::string const&>);
    std::string visited;
    sark::for_each_position<inner>([&](auto i) { visited += sark::field_name<inner, i>; });
    CHECK(visited == "ab");
}

TEST_CASE("a pointer to a member knows its struct, type, name and position") {
    STATIC_REQUIRE(std::is_same_v<sark::owner_of<&mixed::maybe>, mixed>);
    STATIC_REQUIRE(std::is_same_v<sark::value_of<&mixed::maybe>, std::optional<std::string>>);
    STATIC_REQUIRE(std::is_same_v<sark::value_of<&mixed::fixed>, int>);
    STATIC_REQUIRE(sark::member_name<&mixed::maybe> == "maybe");
    STATIC_REQUIRE(sark::member_name<&named::größe> == "größe");
    STATIC_REQUIRE(sark::member_position<&mixed::maybe> == 4);
    STATIC_REQUIRE(sark::member_position<&wide::f63> == 63);
    STATIC_REQUIRE(sark::member_position<&pair_of<int, 2>::second> == 1);
    STATIC_REQUIRE(sark::data_member<&mixed::flag>);
    STATIC_REQUIRE_FALSE(sark::data_member<1>);
    STATIC_REQUIRE_FALSE(sark::data_member<&std::string::size>);
}

// What cannot be read is known without asking for it.

namespace {

class with_private {
public:
    int shown;

private:
    [[maybe_unused]] int hidden_;
};
struct with_constructor {
    with_constructor();
    int x;
};
struct with_virtual {
    virtual ~with_virtual() = default;
    int x;
};
struct derived : inner {
    int c;
};
struct with_reference {
    int& to;
    int x;
};
struct with_array {
    int x;
    int many[3];
};
struct too_wide {
    wide most;
    int f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15;
    int f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31;
    int f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f47;
    int f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63;
};
enum class some_enum { a };

}  // namespace

TEST_CASE("what cannot be read is told by its first broken rule") {
    namespace rules = sark::rules;
    STATIC_REQUIRE(rules::struct_is_an_aggregate<mixed>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_is_an_aggregate<with_private>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_is_an_aggregate<with_constructor>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_is_an_aggregate<with_virtual>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_is_an_aggregate<some_enum>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_is_an_aggregate<int[3]>::holds);
    STATIC_REQUIRE(rules::struct_has_no_base_class<mixed>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_has_no_base_class<derived>::holds);
    STATIC_REQUIRE(rules::struct_has_no_reference_member<mixed>::holds);
    STATIC_REQUIRE(rules::struct_has_no_reference_member<without_default>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_has_no_reference_member<with_reference>::holds);
    STATIC_REQUIRE(rules::struct_has_at_most_64_fields<wide>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_has_at_most_64_fields<too_wide>::holds);
    STATIC_REQUIRE(rules::struct_has_no_array_member<mixed, 13>::holds);
    STATIC_REQUIRE_FALSE(rules::struct_has_no_array_member<with_array, 4>::holds);
}
