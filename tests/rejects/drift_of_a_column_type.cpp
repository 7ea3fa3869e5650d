// expect: sark: the migrations and the structs disagree, and says<...> in this message says where. Add a migration or change the model. [sark-M10]
// also: column book.id
// also: varchar(254)
// also: 001_start
// also: varchar(255)
#include <string>

#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>

struct Book {
    std::string id;
};

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Book> = sark::table("book", sark::column<&Book::id>{.type = "varchar(255)"});
#else
template <>
inline constexpr auto sark::table_of<Book> = sark::table("book", sark::column<&Book::id>{.type = "varchar(254)"});
#endif

namespace m = sark::migrate;
inline constexpr auto start = m::migration(
    "001_start", m::root,
    m::create_table("book", m::column{.name = "id", .type = "varchar(254)"}, m::primary_key("id")));
inline constexpr auto chain = m::chain<start>;

static_assert(m::builds<chain, Book>);
