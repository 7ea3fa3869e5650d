// expect: sark: paths into documents are not included
// also: sark-J24
// SPDX-License-Identifier: MIT
#include <cstdint>
#ifndef SARK_REJECT
#include <sark/jsonb/typed_path.hpp>
#endif
#include <sark/query.hpp>

struct Service {
    std::int64_t id{};
    sark::json facts{};
};
template <class Column>
auto part_of(Column column) {
    (void)column.template at<"team">();
}
void take_a_part() { part_of(sark::col<&Service::facts>); }
