// SPDX-License-Identifier: MIT
// Compiling this file is the test: one chain for servers with and without engines, the structs that say the same, and
// the rules of the engines asked both ways.

#include <cstdint>
#include <string>

#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/timescale_operations.hpp>
#include <sark/types/timestamp.hpp>

namespace {

struct Sensor {
    std::int64_t id;
};
struct Reading {
    std::int64_t id;
    std::int64_t sensor;
    sark::timestamp at;
};
struct Hourly {
    sark::timestamp hour;
    std::int64_t sensor;
};

namespace m = sark::migrate;

constexpr std::string_view by_hour =
    "SELECT time_bucket(INTERVAL '1 hour', at) AS hour, sensor FROM readings GROUP BY 1, 2";
constexpr sark::schema::refresh hourly{.every = "1 hour", .from = {}, .until = "1 hour"};
constexpr auto to_sensors = m::foreign_key("sensor").references("sensors", "id");

inline constexpr auto tables = m::migration(
    "1_tables", m::root, m::create_table("sensors", m::column{.name = "id", .type = "bigint"}, m::primary_key("id")),
    m::create_table("readings", m::column{.name = "id", .type = "bigint"},
                    m::column{.name = "sensor", .type = "bigint"}, m::column{.name = "at", .type = "timestamptz"},
                    m::primary_key("id"), to_sensors));
inline constexpr auto engines = m::migration(
    "2_engines", m::after{"1_tables"},
    m::step("time series where they are known",
            m::when_extension("timescaledb", m::drop_constraint("readings", m::primary_key("id")),
                              m::add_constraint{"readings", m::primary_key("at", "sensor", "id")},
                              m::create_hypertable("readings", m::by_time{"at", "1 day"}, m::by_hash{"sensor", 4}),
                              m::compress_chunks("readings", m::by_time{"at"}, "30 days", "sensor"),
                              m::drop_chunks("readings", "2 years"),
                              m::create_continuous_aggregate("by_hour", by_hour, hourly))),
    m::step("shards where they are known",
            m::when_extension("citus", m::drop_constraint("readings", to_sensors),
                              m::drop_constraint("readings", m::primary_key("id")),
                              m::add_constraint{"readings", m::primary_key("sensor", "id")},
                              m::distribute("sensors", "id"), m::distribute("readings", "sensor", "sensors"),
                              m::add_constraint{"readings", to_sensors})));
inline constexpr auto chain = m::chain<tables, engines>;

}  // namespace

template <>
inline constexpr auto sark::table_of<Sensor> = sark::table(
    "sensors", sark::with_extension("citus", sark::distributed_by<&Sensor::id>{}));
template <>
inline constexpr auto sark::table_of<Reading> = sark::table(
    "readings", sark::references<&Reading::sensor, &Sensor::id>{},
    sark::with_extension("timescaledb", sark::hypertable<&Reading::at, &Reading::sensor>{"1 day", 4},
                         sark::compressed<&Reading::sensor>{"30 days"}, sark::retention{"2 years"},
                         sark::primary_key<&Reading::at, &Reading::sensor, &Reading::id>{}),
    sark::with_extension("citus", sark::distributed_by<&Reading::sensor, Sensor>{},
                         sark::primary_key<&Reading::sensor, &Reading::id>{}));
template <>
inline constexpr auto sark::table_of<Hourly> = sark::continuous_aggregate("by_hour", by_hour, hourly);

static_assert(m::builds<chain, Sensor, Reading, Hourly>);
static_assert(m::fold(chain) == m::fold(m::chain<tables>));
static_assert(m::fold(chain, m::profile::timescaledb).tables[1].chunks.space == "sensor");
static_assert(m::fold(chain, m::profile::timescaledb).views.size() == 1);
static_assert(m::fold(chain, m::profile::citus).tables[1].shards.with == "sensors");
static_assert(m::fold(chain, m::profile::citus).tables[1].chunks.time.empty());

namespace {

using sark::schema::engine_rule;

// The rule that a chain of two migrations breaks, on a server with an extension.
template <auto const& Second>
constexpr engine_rule broken_by(m::profile server) {
    m::detail::round_trip trip{.server = server};
    trip.go_up(m::chain<tables, Second>);
    return trip.fault.rule;
}

#define SARK_SECOND(name, ...) inline constexpr auto name = m::migration("2_" #name, m::after{"1_tables"}, __VA_ARGS__)

SARK_SECOND(no_time, m::when_extension("timescaledb", m::create_hypertable("readings", m::by_time{"at"})));
static_assert(broken_by<no_time>(m::profile::timescaledb) == engine_rule::hypertable_key);
static_assert(broken_by<no_time>(m::profile::plain) == engine_rule::none);
static_assert(broken_by<no_time>(m::profile::citus) == engine_rule::none);

constexpr auto new_key = m::primary_key("at", "id");
SARK_SECOND(no_space, m::drop_constraint("readings", m::primary_key("id")), m::add_constraint{"readings", new_key},
            m::create_hypertable("readings", m::by_time{"at"}, m::by_hash{"sensor", 2}));
static_assert(broken_by<no_space>(m::profile::plain) == engine_rule::hypertable_key);
SARK_SECOND(unique_index, m::drop_constraint("readings", m::primary_key("id")), m::add_constraint{"readings", new_key},
            m::create_hypertable("readings", m::by_time{"at"}), m::create_unique_index("ux", "readings", "sensor"));
static_assert(broken_by<unique_index>(m::profile::plain) == engine_rule::hypertable_key);
SARK_SECOND(time_first, m::drop_constraint("readings", m::primary_key("id")),
            m::create_hypertable("readings", m::by_time{"at"}), m::add_constraint{"readings", new_key});
static_assert(broken_by<time_first>(m::profile::plain) == engine_rule::none);

// The key is legal at the end, but not when the server sees it.
SARK_SECOND(too_late, m::drop_constraint("readings", to_sensors), m::distribute("readings", "sensor"),
            m::drop_constraint("readings", m::primary_key("id")),
            m::add_constraint{"readings", m::primary_key("sensor", "id")});
static_assert(broken_by<too_late>(m::profile::plain) == engine_rule::distributed_key);

constexpr auto by_sensor = m::primary_key("sensor", "id");
SARK_SECOND(across, m::drop_constraint("readings", to_sensors), m::drop_constraint("readings", m::primary_key("id")),
            m::add_constraint{"readings", by_sensor}, m::distribute("sensors", "id"),
            m::distribute("readings", "sensor"), m::add_constraint{"readings", to_sensors});
static_assert(broken_by<across>(m::profile::plain) == engine_rule::foreign_key_across);
SARK_SECOND(off_column, m::drop_constraint("readings", to_sensors), m::distribute("sensors", "id"),
            m::distribute("readings", "id", "sensors"), m::add_constraint{"readings", to_sensors});
static_assert(broken_by<off_column>(m::profile::plain) == engine_rule::foreign_key_off_column);
SARK_SECOND(to_local, m::drop_constraint("readings", to_sensors), m::distribute("readings", "id"),
            m::add_constraint{"readings", to_sensors});
static_assert(broken_by<to_local>(m::profile::plain) == engine_rule::foreign_key_to_local);
SARK_SECOND(to_reference, m::drop_constraint("readings", to_sensors), m::make_reference_table("sensors"),
            m::distribute("readings", "id"), m::add_constraint{"readings", to_sensors});
static_assert(broken_by<to_reference>(m::profile::plain) == engine_rule::none);
SARK_SECOND(from_local, m::drop_constraint("readings", to_sensors), m::distribute("sensors", "id"),
            m::add_constraint{"readings", to_sensors});
static_assert(broken_by<from_local>(m::profile::plain) == engine_rule::foreign_key_to_local);
SARK_SECOND(
    triggered,
    m::create_function{
        {.name = "f", .arguments = "", .returns = "trigger", .language = "plpgsql", .body = "BEGIN RETURN NEW; END"}},
    m::create_trigger{"sensors", {.name = "t", .event = "BEFORE UPDATE", .function = "f"}},
    m::drop_constraint("readings", to_sensors), m::make_reference_table("sensors"));
static_assert(broken_by<triggered>(m::profile::plain) == engine_rule::trigger);
SARK_SECOND(nullable, m::add_column{"sensors", m::column{.name = "at", .type = "timestamptz", .nullable = true}},
            m::drop_constraint("readings", to_sensors), m::drop_constraint("sensors", m::primary_key("id")),
            m::create_hypertable("sensors", m::by_time{"at"}));
static_assert(broken_by<nullable>(m::profile::plain) == engine_rule::nullable_column);
SARK_SECOND(beside_nothing, m::drop_constraint("readings", to_sensors), m::distribute("readings", "id", "sensors"));
static_assert(broken_by<beside_nothing>(m::profile::plain) == engine_rule::beside_nothing);
SARK_SECOND(joined, m::drop_constraint("readings", m::primary_key("id")), m::add_constraint{"readings", new_key},
            m::create_hypertable("readings", m::by_time{"at"}),
            m::create_hypertable("sensors", m::by_time{"id", "1000"}));
static_assert(broken_by<joined>(m::profile::plain) == engine_rule::hypertables_joined);

#undef SARK_SECOND

}  // namespace
