// expect: sark: the primary key of this table names a member of another struct
// also: Book
// also: Author
// also: sark-T05
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
inline constexpr auto sark::table_of<Book> = sark::table("books", sark::primary_key<&Author::id>{});
static_assert(sark::key_size<Book> == 1);
#endif
