// expect: sark: this struct has an array member, whose elements cannot be told from fields
// also: Buffer
// also: sark-R05
// SPDX-License-Identifier: MIT
#include <string>
#include <sark/reflect.hpp>

struct Row {
    int id;
    std::string bytes;
};
static_assert(sark::field_count<Row> == 2);

#ifdef SARK_REJECT
struct Buffer {
    int id;
    char bytes[256];
};
static_assert(sark::field_count<Buffer> == 2);
#endif
