// expect: sark: the way back of a migration does not restore what was there, and says<...> in this message says what. Write its down as the inverse of its up, or say that it is irreversible. [sark-M15]
// also: 002_view
// also: view v behind
#include <string>

#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>

struct Book {
    std::string id;
};

struct Number {
    int one;
};

template <>
inline constexpr auto sark::table_of<Number> = sark::materialized_view("v", "SELECT 1 AS one");

namespace m = sark::migrate;
constexpr void add_view(sark::schema::definition& d) { m::create_materialized_view("v", "SELECT 1 AS one").apply(d); }
constexpr void drop_view([[maybe_unused]] sark::schema::definition& d) {
#ifndef SARK_REJECT
    m::create_materialized_view("v", "SELECT 1 AS one").revert(d);
#endif
}

inline constexpr auto start = m::migration(
    "001_start", m::root, m::create_table("book", m::column{.name = "id", .type = "text"}, m::primary_key("id")));
inline constexpr auto view = m::migration("002_view", m::after{"001_start"},
                                          m::verbatim("CREATE MATERIALIZED VIEW v AS SELECT 1 AS one",
                                                      "DROP MATERIALIZED VIEW v", m::changes{add_view, drop_view}));
inline constexpr auto chain = m::chain<start, view>;

static_assert(m::builds<chain, Book, Number>);
