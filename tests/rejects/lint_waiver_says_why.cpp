// expect: a waiver names its rule and says why
// also: [sark-M13]
#include <sark/migrate/lint_waiver.hpp>

namespace m = sark::migrate;

constexpr auto good = m::waive("drop-table", "nobody reads it since release 4");
static_assert(good.rule == "drop-table");
#ifdef SARK_REJECT
constexpr auto wrong = m::waive("drop-table", "");
#endif

int main() {}
