// expect: sark: a member of this struct has a type that no PostgreSQL type is mapped to
// also: Place
// also: position
// also: Point
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
struct Place {
    std::int64_t id;
    Point position;
};
static_assert(sark::columns_of<Place>.size() == 2);
#endif
