// expect: sark: this type is not an aggregate, so its fields cannot be read
// also: Person
// also: sark-R01
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/reflect.hpp>

struct Address {
    std::string street;
};
static_assert(sark::field_count<Address> == 1);

#ifdef SARK_REJECT
struct Person {
    Person();
    std::string name;
};
static_assert(sark::field_count<Person> == 1);
#endif
