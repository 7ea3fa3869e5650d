// expect: sark: a table with a trigger is distributed, and says<...> in this message says which. Drop the trigger before, where citus is. [sark-M35]
// also: trigger touched
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
constexpr m::create_function function{
    {.name = "touch", .arguments = "", .returns = "trigger", .language = "plpgsql", .body = "BEGIN RETURN NEW; END"}};
constexpr m::create_trigger touched{"shops", {.name = "touched", .event = "BEFORE UPDATE", .function = "touch"}};

#ifdef SARK_REJECT
inline constexpr auto engine = m::migration("002_engine", m::after{"001_start"}, function, touched,
                                            m::when_extension("citus", m::distribute("shops", "id")));
#else
inline constexpr auto engine = m::migration(
    "002_engine", m::after{"001_start"}, function, touched,
    m::when_extension("citus", m::reverse(touched), m::distribute("shops", "id")));
#endif
inline constexpr auto chain = m::chain<start, engine>;

static_assert(m::fits_engines<chain>);
