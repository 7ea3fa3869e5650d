// expect: sark: the migrations and the structs disagree, and says<...> in this message says where. Add a migration or change the model. [sark-M10]
// also: index book.ix_book_id is
// also: server with citus
#include <string>

#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>

struct Book {
    std::string id;
};

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Book> = sark::table(
    "book", sark::with_extension("citus", sark::index<&Book::id>{"ix_book_id"}));
#endif

namespace m = sark::migrate;
inline constexpr auto start = m::migration(
    "001_start", m::root, m::create_table("book", m::column{.name = "id", .type = "text"}, m::primary_key("id")));
inline constexpr auto chain = m::chain<start>;

static_assert(m::builds<chain, Book>);
