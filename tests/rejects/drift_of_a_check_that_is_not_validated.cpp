// expect: sark: the migrations and the structs disagree, and says<...> in this message says where. Add a migration or change the model. [sark-M10]
// also: constraint book.ck_id is
// also: NOT VALID after migration
#include <string>

#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>

struct Book {
    std::string id;
};

template <>
inline constexpr auto sark::table_of<Book> = sark::table("book", sark::check{"ck_id", "id <> ''"});

namespace m = sark::migrate;
inline constexpr auto start = m::migration(
    "001_start", m::root, m::create_table("book", m::column{.name = "id", .type = "text"}, m::primary_key("id")),
    m::add_constraint{"book", m::not_valid(m::check("ck_id", "id <> ''"))});
inline constexpr auto later = m::migration("002_valid", m::after{"001_start"},
                                           m::validate_constraint{"book", m::check("ck_id", "id <> ''")});
#ifdef SARK_REJECT
inline constexpr auto chain = m::chain<start>;
#else
inline constexpr auto chain = m::chain<start, later>;
#endif

static_assert(m::builds<chain, Book>);
