// expect: sark: this struct has a reference member, which no row can fill
// also: View
// also: sark-R03
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/reflect.hpp>

struct Person {
    std::string name;
};
static_assert(sark::field_count<Person> == 1);

#ifdef SARK_REJECT
struct View {
    Person& of;
    int line;
};
static_assert(sark::field_count<View> == 2);
#endif
