// expect: a part of create_table is neither a column nor a constraint.
// also: [sark-M08]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

#ifdef SARK_REJECT
inline constexpr auto wrong = m::create_table("t", m::column{.name = "id", .type = "uuid"}, "id");
#else
inline constexpr auto good = m::create_table("t", m::column{.name = "id", .type = "uuid"}, m::primary_key("id"));
#endif

int main() {}
