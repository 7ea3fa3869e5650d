// expect: sark: with<T>() follows relations of one column, and this one has several
// also: Line
// also: Order
// also: sark-Q22
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

struct Order {
    std::int64_t number;
    std::int64_t year;
};
struct Line {
    std::int64_t id;
    std::int64_t number;
    std::int64_t year;
};
struct Note {
    std::int64_t id;
    std::int64_t number;
};
template <>
inline constexpr auto sark::table_of<Line> = sark::table(
    "lines", sark::foreign_key<sark::key<&Line::number, &Line::year>, sark::key<&Order::number, &Order::year>>{});
template <>
inline constexpr auto sark::table_of<Note> = sark::table("notes", sark::references<&Note::number, &Order::number>{});
auto good(sark::connection& db) { return db.all(sark::from<Order>().with<Note>()); }

#ifdef SARK_REJECT
auto wrong(sark::connection& db) { return db.all(sark::from<Order>().with<Line>()); }
#endif
