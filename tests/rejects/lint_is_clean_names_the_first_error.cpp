// expect: a migration is dangerous
// also: 002_index
// also: index-blocks-writes
#include <sark/migrate/lint.hpp>

namespace m = sark::migrate;

inline constexpr auto first = m::migration(
    "001_first", m::root, m::create_table("t", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")),
    m::create_table("u", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")));
inline constexpr auto good = m::migration("002_index", m::after{"001_first"},
                                          m::create_index("ix", "t", m::concurrently, "id"));
inline constexpr auto wrong = m::migration("002_index", m::after{"001_first"}, m::create_index("ix", "t", "id"));

#ifdef SARK_REJECT
static_assert(m::is_clean<m::chain<first, wrong>>);
#else
static_assert(m::is_clean<m::chain<first, good>>);
#endif

int main() {}
