// expect: sark: a member of this struct has a type that no PostgreSQL type is mapped to
// also: Counter
// also: hits
// also: unsigned
// also: sark-T01
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <sark/schema.hpp>

struct Point {
    int x;
    int y;
};
struct City {
    std::int64_t id;
    std::string name;
};
static_assert(sark::columns_of<City>.size() == 2);

#ifdef SARK_REJECT
struct Counter {
    std::int64_t id;
    std::uint32_t hits;
};
constexpr auto table = sark::definition_of<Counter>();
#endif
