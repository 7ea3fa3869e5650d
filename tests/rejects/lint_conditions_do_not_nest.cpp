// expect: when_extension and unless_extension take operations
// also: [sark-M14]
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/data_operations.hpp>

namespace m = sark::migrate;

constexpr auto inner = m::when_extension("citus", m::data("SELECT 1", "SELECT 1"));
static_assert(inner.extension == "citus");
#ifdef SARK_REJECT
constexpr auto outer = m::when_extension("timescaledb", inner);
#endif

int main() {}
