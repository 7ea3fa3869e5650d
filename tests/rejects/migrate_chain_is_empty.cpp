// expect: the chain has no migration. Name at least one
// also: [sark-M05]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

inline constexpr auto first = m::migration("001_first", m::root, m::data("SELECT 1", "SELECT 1"));

#ifdef SARK_REJECT
static_assert(m::chain<>.view().empty());
#else
static_assert(m::chain<first>.view().size() == 1);
#endif

int main() {}
