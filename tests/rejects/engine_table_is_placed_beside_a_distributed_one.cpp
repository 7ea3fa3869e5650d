// expect: sark: a table is to be placed beside one that is not distributed, or by a column of another type; says<...> in this message says which. Distribute the other one first, by a column of the same type. [sark-M38]
// also: sales cannot be placed
// also: shops
#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/timescale_operations.hpp>

namespace m = sark::migrate;

[[maybe_unused]] constexpr auto to_shops = m::foreign_key("shop").references("shops", "id");
inline constexpr auto start = m::migration(
    "001_start", m::root,
    m::create_table("shops", m::column{.name = "id", .type = "bigint"}, m::column{.name = "at", .type = "timestamptz"},
                    m::column{.name = "seen", .type = "timestamptz", .nullable = true}, m::primary_key("id")),
    m::create_table("sales", m::column{.name = "id", .type = "bigint"}, m::column{.name = "shop", .type = "bigint"},
                    m::column{.name = "at", .type = "timestamptz"}, m::primary_key("id")));

#ifdef SARK_REJECT
inline constexpr auto engine = m::migration("002_engine", m::after{"001_start"},
                                            m::when_extension("citus", m::distribute("sales", "id", "shops")));
#else
inline constexpr auto engine = m::migration(
    "002_engine", m::after{"001_start"},
    m::when_extension("citus", m::distribute("shops", "id"), m::distribute("sales", "id", "shops")));
#endif
inline constexpr auto chain = m::chain<start, engine>;

static_assert(m::fits_engines<chain>);
