// expect: sark: this struct has a base class, whose fields cannot be told from its own
// also: Employee
// also: sark-R02
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/reflect.hpp>

struct Person {
    std::string name;
};
static_assert(sark::field_count<Person> == 1);

#ifdef SARK_REJECT
struct Employee : Person {
    int salary;
};
static_assert(sark::field_count<Employee> == 2);
#endif
