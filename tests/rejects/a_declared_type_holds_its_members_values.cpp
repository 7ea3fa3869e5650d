// expect: sark: a column is declared with a type that does not hold its member's values
// also: Book
// also: pages
// also: sark-T02
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <sark/schema.hpp>

struct Page {
    std::int64_t id;
};
template <>
inline constexpr auto sark::table_of<Page> = sark::table("pages", sark::column<&Page::id>{.type = "bigserial"});
static_assert(sark::columns_of<Page>[0].is_serial());
struct Book {
    std::int64_t id;
    std::int64_t pages;
};

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Book> = sark::table("books", sark::column<&Book::pages>{.type = "integer"});
static_assert(sark::columns_of<Book>.size() == 2);
#endif
