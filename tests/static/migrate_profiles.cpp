// SPDX-License-Identifier: MIT
// Compiling this file is the test: one chain and one struct whose keys depend on an extension, and a check that is not
// validated for two migrations.

#include <cstdint>
#include <string>

#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace {

struct Order {
    std::int64_t tenant;
    std::int64_t id;
    std::string number;
};

struct Checked {
    std::int64_t id;
};

namespace m = sark::migrate;

inline constexpr auto v1 = m::migration(
    "1_orders", m::root,
    m::create_table("orders", m::column{.name = "tenant", .type = "bigint"}, m::column{.name = "id", .type = "bigint"},
                    m::column{.name = "number", .type = "text"}),
    m::unless_extension("citus", m::add_constraint{"orders", m::primary_key("id")}),
    m::when_extension("citus", m::add_constraint{"orders", m::primary_key("tenant", "id")}));
inline constexpr auto v2 = m::migration(
    "2_numbers", m::after{"1_orders"},
    m::unless_extension("citus", m::create_index("ix_orders_number", "orders", "number"),
                        m::create_index("ix_orders_tenant", "orders", "tenant")),
    m::reverse(m::when_extension("citus", m::reverse(m::create_index("ix_by_tenant", "orders", "tenant", "number")))));
inline constexpr auto orders = m::chain<v1, v2>;

}  // namespace

template <>
inline constexpr auto sark::table_of<Order> = sark::table(
    "orders",
    sark::without_extension("citus", sark::primary_key<&Order::id>{}, sark::index<&Order::number>{"ix_orders_number"},
                            sark::index<&Order::tenant>{"ix_orders_tenant"}),
    sark::with_extension("citus", sark::primary_key<&Order::tenant, &Order::id>{},
                         sark::index<&Order::tenant, &Order::number>{"ix_by_tenant"}));

static_assert(m::builds<orders, Order>);
static_assert(m::fold(orders, m::profile::plain).tables[0].indexes.size() == 2);
static_assert(m::fold(orders, m::profile::citus).tables[0].indexes.size() == 1);
static_assert(m::fold(orders, m::profile::citus).tables[0].constraints[0].columns.size() == 2);
static_assert(sark::definition_of<Order>().constraints[0].columns.size() == 1);
static_assert(sark::definition_of<Order>("citus").constraints[0].columns.size() == 2);
static_assert(sark::definition_of<Order>("timescaledb") == sark::definition_of<Order>());
// Statements address rows by the conventional key: what depends on the server is no part of a constant text.
static_assert(sark::key_size<Order> == 1);

namespace {

constexpr auto positive = m::check("ck_positive", "id > 0");

inline constexpr auto c1 = m::migration(
    "1_checked", m::root, m::create_table("checked", m::column{.name = "id", .type = "bigint"}, m::primary_key("id")));
inline constexpr auto c2 = m::migration("2_check", m::after{"1_checked"},
                                        m::add_constraint{"checked", m::not_valid(positive)});
inline constexpr auto c3 = m::migration("3_valid", m::after{"2_check"}, m::validate_constraint{"checked", positive});
inline constexpr auto half_way = m::chain<c1, c2>;
inline constexpr auto validated = m::chain<c1, c2, c3>;

static_assert(m::fold(half_way).tables[0].constraints[1].not_valid);
static_assert(!m::fold(validated).tables[0].constraints[1].not_valid);
static_assert(m::down_is_the_inverse(validated, 2));

}  // namespace

template <>
inline constexpr auto sark::table_of<Checked> = sark::table("checked", sark::check{"ck_positive", "id > 0"});

static_assert(m::builds<validated, Checked>);
static_assert(!(m::fold(half_way).tables[0] == sark::definition_of<Checked>()));

namespace {

// What a way back may not do: leave a thing, lose a thing, or change the order of columns.
constexpr void add_view(sark::schema::definition& d) { m::create_view("v", "SELECT 1").apply(d); }
constexpr void drop_view(sark::schema::definition& d) { m::create_view("v", "SELECT 1").revert(d); }
constexpr void nothing(sark::schema::definition&) {}
constexpr void turn_columns(sark::schema::definition& d) {
    sark::schema::table& t = d.tables[0];
    sark::schema::column first = t.columns[0];
    t.columns[0] = t.columns[1];
    t.columns[1] = first;
}

constexpr bool comes_back(auto const& chain) {
    m::detail::round_trip trip;
    trip.go_up(chain);
    trip.go_down(chain);
    return trip.broken.empty();
}

inline constexpr auto good = m::migration(
    "2_view", m::after{"1_orders"},
    m::verbatim("CREATE VIEW v AS SELECT 1", "DROP VIEW v", m::changes{add_view, drop_view}));
inline constexpr auto leaves = m::migration(
    "2_view", m::after{"1_orders"},
    m::verbatim("CREATE VIEW v AS SELECT 1", "SELECT 1", m::changes{add_view, nothing}));
inline constexpr auto turns = m::migration("2_turn", m::after{"1_orders"},
                                           m::verbatim("SELECT 1", "SELECT 1", m::changes{turn_columns, nothing}));
inline constexpr auto one_way = m::migration(
    "2_view", m::after{"1_orders"},
    m::verbatim("CREATE VIEW v AS SELECT 1", m::irreversible{"it stays"}, m::changes{add_view, nothing}));
static_assert(comes_back(m::chain<v1, good>));
static_assert(!comes_back(m::chain<v1, leaves>));
static_assert(!comes_back(m::chain<v1, turns>));
static_assert(comes_back(m::chain<v1, one_way>));

inline constexpr auto named = m::migration(
    "1_orders", m::root,
    m::create_table("orders", m::column{.name = "id", .type = "bigint"}, m::primary_key("id").named("orders_key")),
    m::create_table("lines", m::column{.name = "id", .type = "bigint"},
                    m::foreign_key("id").references("orders", "id").named("lines_order")));
inline constexpr auto renamed = m::migration("2_rename", m::after{"1_orders"}, m::rename_table{"orders", "sales"});
static_assert(comes_back(m::chain<named, renamed>));
static_assert(m::fold(m::chain<named, renamed>).tables[1].constraints[0].references == "sales");

}  // namespace
