// expect: sark: this struct has an array member, whose elements cannot be told from fields
// also: Grid
// also: sark-R05
// SPDX-License-Identifier: MIT
#include <array>
#include <sark/reflect.hpp>

struct Row {
    int id;
    std::array<int, 3> cells;
};
static_assert(sark::field_count<Row> == 2);

#ifdef SARK_REJECT
struct Grid {
    int id;
    int cells[3];
};
static_assert(sark::field_count<Grid> == 2);
#endif
