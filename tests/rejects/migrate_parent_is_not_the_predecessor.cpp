// expect: a migration does not follow the one before it in the chain.
// also: [sark-M04]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

inline constexpr auto first = m::migration("001_first", m::root, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto good = m::migration("002_good", m::after{"001_first"}, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto wrong = m::migration("002_wrong", m::after{"001_frist"}, m::data("SELECT 1", "SELECT 1"));

#ifdef SARK_REJECT
static_assert(m::chain<first, wrong>.view().size() == 2);
#else
static_assert(m::chain<first, good>.view().size() == 2);
#endif

int main() {}
