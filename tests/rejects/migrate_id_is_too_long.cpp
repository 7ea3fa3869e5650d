// expect: a migration's id is empty, longer than 32 characters or contains a zero. Shorten it
// also: [sark-M01]
#include <sark/migrate/chain.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/table_operations.hpp>

namespace m = sark::migrate;

inline constexpr auto good = m::migration("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", m::root, m::data("SELECT 1", "SELECT 1"));
inline constexpr auto wrong = m::migration("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", m::root,
                                           m::data("SELECT 1", "SELECT 1"));

#ifdef SARK_REJECT
static_assert(m::chain<wrong>.view().size() == 1);
#else
static_assert(m::chain<good>.view().size() == 1);
#endif

int main() {}
