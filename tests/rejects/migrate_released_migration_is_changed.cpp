// expect: a released migration was changed
// also: 002_second
// also: [sark-M11]
#include <sark/migrate/checksum.hpp>
#include <sark/migrate/data_operations.hpp>

namespace m = sark::migrate;

#ifdef SARK_REJECT
#define SARK_TEST_AMOUNT "2"
#else
#define SARK_TEST_AMOUNT "1"
#endif

inline constexpr auto first = m::migration("001_first", m::root, m::data("SELECT 1", "SELECT 2"));
inline constexpr auto second = m::migration("002_second", m::after{"001_first"},
                                            m::data("UPDATE t SET n = n + " SARK_TEST_AMOUNT, "SELECT 3"));
inline constexpr auto third = m::migration("003_new", m::after{"002_second"}, m::data("SELECT 4", "SELECT 5"));
inline constexpr auto whole = m::chain<first, second, third>;

inline constexpr m::released_revision released[] = {
    {"001_first", "d0e9c01787dcbf96"},
    {"002_second", "9d423e0fd9c67d5d"},
};
static_assert(m::is_as_released<whole, released>);

int main() {}
