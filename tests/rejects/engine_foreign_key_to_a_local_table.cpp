// expect: sark: a foreign key joins a table that is distributed, or on every node, and one that is placed otherwise; says<...> in this message says which. Make the other one a reference table, or leave the key out where citus is. [sark-M34]
// also: sales_shop_fkey
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
inline constexpr auto engine = m::migration(
    "002_engine", m::after{"001_start"},
    m::when_extension("citus", m::distribute("sales", "id"), m::add_constraint{"sales", to_shops}));
#else
inline constexpr auto engine = m::migration("002_engine", m::after{"001_start"},
                                            m::when_extension("citus", m::make_reference_table("shops"),
                                                              m::distribute("sales", "id"),
                                                              m::add_constraint{"sales", to_shops}));
#endif
inline constexpr auto chain = m::chain<start, engine>;

static_assert(m::fits_engines<chain>);
