// SPDX-License-Identifier: MIT
//
// is_clean does not fold the chain: it replays the history of the tables that a migration names. It has to find what
// the linter finds, which folds.
#include "support/catch.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/lint.hpp>
#include <sark/migrations/chain.hpp>

namespace {

namespace m = sark::migrate;
namespace schema = sark::schema;

// One operation of each kind on tables, both ways, and mistakes that only the table's state shows.
constexpr m::column id{.name = "id", .type = "uuid"};
constexpr auto to_people = m::foreign_key("person").references("people", "id").named("fk").on_delete(m::set_null);
constexpr auto key = m::unique("code").named("uq_code");
constexpr m::column person{.name = "person", .type = "uuid", .nullable = true};
constexpr m::column code{.name = "code", .type = "text"};

inline constexpr auto v01 = m::migration(
    "01", m::root, m::create_enum("mood", "sad"), m::create_table("people", id, m::primary_key("id")),
    m::create_table("notes", id, person, code, m::column{.name = "mood", .type = "mood"}, m::primary_key("id"), key),
    m::create_view("seen", "SELECT 1"), m::create_index("ix_code", "notes", m::include("person"), "code"),
    m::unless_extension("citus", m::create_table("local", id)), m::when_extension("citus", m::create_table("far", id)));
inline constexpr auto v02 = m::migration(
    "02", m::after{"01"}, m::add_column{"notes", {.name = "n", .type = "integer", .nullable = true}},
    m::set_default{"notes", "n", "1"}, m::add_constraint{"notes", m::not_valid(to_people)},
    m::comment_on_table{"notes", "all"},
    m::create_function{{.name = "touch", .returns = "trigger", .language = "sql", .body = "SELECT 1"}},
    m::create_trigger{"notes", {"tg", "BEFORE UPDATE", "touch"}});
inline constexpr auto v03 = m::migration("03", m::after{"02"}, m::validate_constraint{"notes", to_people},
                                         m::waive("wide-index", "waives nothing"));
inline constexpr auto v04 = m::migration("04", m::after{"03"}, m::drop_constraint("notes", key),
                                         m::create_unique_index("ux", "people", "id"));
inline constexpr auto v05 = m::migration("05", m::after{"04"}, m::create_unique_index("ux_code", "notes", "code"));
inline constexpr auto v06 = m::migration("06", m::after{"05"}, m::add_constraint_using_index{"notes", key, "ux_code"},
                                         m::rename_constraint{"notes", key, "uq_note"},
                                         m::drop_index("ix_code", "notes", m::include("person"), "code"),
                                         m::drop_view("seen", "SELECT 1"), m::drop_default("notes", "n", "1"));
inline constexpr auto v07 = m::migration("07", m::after{"06"},
                                         m::create_table("tags", id, m::foreign_key("id").references("notes", "code")));
inline constexpr auto v08 = m::migration("08", m::after{"07"}, m::set_not_null{"notes", "person"},
                                         m::waive("not-null-scans", "a test"));
inline constexpr auto v09 = m::migration("09", m::after{"08"}, m::drop_not_null("notes", "code"),
                                         m::create_table("late", id, m::foreign_key("id").references("local", "id")));
inline constexpr auto v10 = m::migration("10", m::after{"09"},
                                         m::drop_column("notes", {.name = "n", .type = "integer", .nullable = true}),
                                         m::alter_column_type("notes", m::type_change{"code", "text", "varchar(9)"}));
inline constexpr auto v11 = m::migration("11", m::after{"10"},
                                         m::drop_table("late", id, m::foreign_key("id").references("local", "id")));

inline constexpr auto r01 = m::migration(
    "01", m::root, m::create_table("people", id, m::primary_key("id").named("pk")),
    m::create_table("notes", person, m::foreign_key("person").references("people", "id").named("fk")));
inline constexpr auto r02 = m::migration("02", m::after{"01"}, m::rename_table{"people", "persons"});
inline constexpr auto r03 = m::migration("03", m::after{"02"}, m::rename_column{"persons", "id", "key"});
inline constexpr auto r04 = m::migration("04", m::after{"03"},
                                         m::create_table("tags", id, m::foreign_key("id").references("persons", "key")),
                                         m::create_index("ix", "tags", "id"));
inline constexpr auto r05 = m::migration("05", m::after{"04"}, m::create_table("people", id),
                                         m::create_index("ix_people", "people", "key"));
inline constexpr auto r06 = m::migration("06", m::after{"05"}, m::reverse(m::rename_column{"persons", "name", "key"}));
inline constexpr auto r07 = m::migration("07", m::after{"06"}, m::drop_index("ix_people", "people", "key"),
                                         m::drop_table("people", id));
inline constexpr auto r08 = m::migration("08", m::after{"07"}, m::rename_table{"persons", "people"});
inline constexpr auto r09 = m::migration("09", m::after{"08"}, m::create_index("ix_n", "people", "name"));

// What only its author knows is run.
constexpr void add_extra(schema::definition& d) {
    d.tables.push_back({.name = "extra", .columns = {{.name = "id", .type = "uuid"}}});
}
constexpr void drop_extra(schema::definition& d) { d.tables.pop_back(); }
inline constexpr auto e02 = m::migration(
    "02", m::after{"01"}, m::verbatim("CREATE TABLE extra (id uuid)", "SELECT 1", m::changes{add_extra, drop_extra}));
inline constexpr auto e03 = m::migration("03", m::after{"02"}, m::create_index("ix_extra", "extra", "id"));
inline constexpr auto e04 = m::migration("04", m::after{"03"},
                                         m::create_index("ix_more", "extra", m::concurrently, "idd"));

/// Is an operation of somebody else: the linter knows only what it says of itself.
struct add_more {
    constexpr void up(sark::sql::writer& w) const { w.put("SELECT 1"); }
    constexpr void down(sark::sql::writer& w) const { w.put("SELECT 2"); }
    constexpr void apply(schema::definition& d) const { d.tables.push_back({.name = "more", .columns = {id}}); }
    constexpr void revert(schema::definition& d) const { d.tables.pop_back(); }
    [[nodiscard]] constexpr m::facts up_facts() const { return {}; }
    [[nodiscard]] constexpr m::facts down_facts() const { return {}; }
};
inline constexpr auto o02 = m::migration("02", m::after{"01"}, add_more{});
inline constexpr auto o03 = m::migration("03", m::after{"02"}, m::create_index("ix_more", "more", "id"));

template <class Finding>
struct verdict {
    Finding proof;
    Finding linter;
};

template <auto const&... Migrations, std::size_t... Place>
std::vector<verdict<m::finding>> verdicts(m::chain_t<Migrations...> const&, std::index_sequence<Place...>) {
    std::vector<verdict<m::finding>> both;
    schema::definition before;
    auto const add = [&](auto const& migration, m::finding const& proof) {
        m::finding first;
        for (m::finding const& f : m::lint(migration, before))
            if (f.severity == m::severity::error && first.rule.empty()) first = f;
        migration.apply(before);
        both.push_back({proof, first});
    };
    (add(Migrations, m::detail::first_error<m::chain_t<Migrations...>, Place>::value), ...);
    return both;
}

template <auto const&... Migrations>
void compare(m::chain_t<Migrations...> const& chain, std::vector<std::string_view> const& rules) {
    auto const both = verdicts(chain, std::make_index_sequence<sizeof...(Migrations)>{});
    REQUIRE(both.size() == rules.size());
    for (std::size_t n = 0; n < both.size(); ++n) {
        INFO("migration " << n + 1);
        CHECK(both[n].linter.rule == rules[n]);
        CHECK(both[n].proof == both[n].linter);
    }
}

}  // namespace

TEST_CASE("a proof finds what the linter finds", "[migrate][lint]") {
    compare(m::chain<v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11>,
            {"", "", "", "index-blocks-writes", "index-blocks-writes", "", "", "", "foreign-key-target-not-unique",
             "type-change-rewrites", "drop-table"});
}

TEST_CASE("a proof follows tables and columns to their new names", "[migrate][lint]") {
    compare(m::chain<r01, r02, r03, r04, r05, r06, r07>,
            {"", "rename-table", "rename-column", "", "unknown-column", "rename-column", "drop-table"});
    compare(m::chain<r01, r02, r03, r04, r05, r06, r07, r08, r09>,
            {"", "rename-table", "rename-column", "", "unknown-column", "rename-column", "drop-table", "rename-table",
             "index-blocks-writes"});
}

TEST_CASE("a proof runs what it cannot read", "[migrate][lint]") {
    compare(m::chain<v01, e02, e03, e04>, {"", "", "index-blocks-writes", "unknown-column"});
    compare(m::chain<v01, o02, o03>, {"", "", "index-blocks-writes"});
}

TEST_CASE("a proof of the product's chain agrees with the linter", "[migrate][lint]") {
    compare(sark::migrations::chain, std::vector<std::string_view>(sark::migrations::chain.size(), ""));
}
