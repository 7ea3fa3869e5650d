// expect: sark: a constraint, index or relation of this table names a member of another struct
// also: Book
// also: Author
// also: sark-T06
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
static_assert(sark::definition_of<Author>().columns.size() == 2);

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Book> = sark::table("books", sark::unique<&Author::name>{});
static_assert(sark::definition_of<Book>().columns.size() == 2);
#endif
