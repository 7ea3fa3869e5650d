// expect: a part of a migration is no operation.
// also: [sark-M07]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

#ifdef SARK_REJECT
inline constexpr auto wrong = m::migration("001_wrong", m::root, m::column{.name = "id", .type = "uuid"});
#else
inline constexpr auto good = m::migration("001_good", m::root,
                                          m::create_table("t", m::column{.name = "id", .type = "uuid"}));
#endif

int main() {}
