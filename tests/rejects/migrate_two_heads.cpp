// expect: two migrations of the chain follow the same one
// also: [sark-M03]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

inline constexpr auto first = m::migration("001_first", m::root, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto second = m::migration("002_second", m::after{"001_first"}, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto good = m::migration("003_good", m::after{"002_second"}, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto wrong = m::migration("003_wrong", m::after{"001_first"}, m::data("SELECT 1", "SELECT 1"));

#ifdef SARK_REJECT
static_assert(m::chain<first, second, wrong>.view().size() == 3);
#else
static_assert(m::chain<first, second, good>.view().size() == 3);
#endif

int main() {}
