// expect: a migration of the chain does nothing.
// also: [sark-M06]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

inline constexpr auto first = m::migration("001_first", m::root, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto wrong = m::migration("001_wrong", m::root, "empty");

#ifdef SARK_REJECT
static_assert(m::chain<wrong>.view().size() == 1);
#else
static_assert(m::chain<first>.view().size() == 1);
#endif

int main() {}
