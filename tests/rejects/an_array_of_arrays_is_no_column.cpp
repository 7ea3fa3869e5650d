// expect: sark: a member of this struct has a type that no PostgreSQL type is mapped to
// also: Matrix
// also: cells
// also: vector
// also: sark-T01
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>
#include <sark/schema.hpp>

struct Line {
    std::int64_t id;
    std::vector<std::int32_t> cells;
};
static_assert(sark::columns_of<Line>[1].type == "integer[]");

#ifdef SARK_REJECT
struct Matrix {
    std::int64_t id;
    std::vector<std::vector<std::int32_t>> cells;
};
static_assert(sark::columns_of<Matrix>.size() == 2);
#endif
