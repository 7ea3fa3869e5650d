// expect: sark: a column part of this table names a member of another struct
// also: Book
// also: Author
// also: name
// also: sark-T03
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <sark/schema.hpp>

struct Author {
    std::int64_t id;
    std::string name;
};
struct Book {
    std::int64_t id;
    std::string title;
};
static_assert(sark::columns_of<Author>.size() == 2);

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Book> = sark::table("books", sark::column<&Author::name>{.type = "varchar(20)"});
static_assert(sark::columns_of<Book>.size() == 2);
#endif
