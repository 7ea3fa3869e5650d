// SPDX-License-Identifier: MIT
// The values of schemas compare with operators written by hand, so each field of each is flipped here: one that is added
// and forgotten there would be a difference that no proof sees.

#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/reflect/fields.hpp>
#include <sark/reflect/names.hpp>
#include <sark/schema/definition.hpp>

#include "support/catch.hpp"

namespace {

using namespace sark::schema;

void flip(bool& value) { value = !value; }
void flip(int& value) { ++value; }
void flip(std::string_view& value) { value = "another"; }
template <class E>
    requires std::is_enum_v<E>
void flip(E& value) {
    value = static_cast<E>(static_cast<int>(value) + 1);
}
template <class T>
void flip(std::vector<T>& value) {
    value.push_back(T{});
}

void flip(hypertable& value) { flip(value.time); }
void flip(distribution& value) { flip(value.kind); }
void flip(refresh& value) { flip(value.every); }

template <class T>
void every_field_counts() {
    T const same{};
    CHECK(same == T{});
    sark::for_each_position<T>([&](auto i) {
        T changed{};
        flip(sark::get_field<i>(changed));
        INFO(sark::field_names<T>[i]);
        CHECK_FALSE(changed == same);
    });
}

}  // namespace

TEST_CASE("every field of a schema's values takes part in comparisons", "[schema][unit]") {
    every_field_counts<column>();
    every_field_counts<constraint>();
    every_field_counts<index_key>();
    every_field_counts<sark::schema::index>();
    every_field_counts<trigger>();
    every_field_counts<hypertable>();
    every_field_counts<distribution>();
    every_field_counts<refresh>();
    every_field_counts<table>();
    every_field_counts<enum_type>();
    every_field_counts<view>();
    every_field_counts<function>();
    every_field_counts<definition>();
}
