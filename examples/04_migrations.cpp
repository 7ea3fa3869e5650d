// SPDX-License-Identifier: MIT
//
// 4. Migrations are constants: the compiler checks their order, derives the way back, and folds them into a schema.
//    Works in a schema of its own in the database of DATABASE_URL, and drops it.

#include <cstdint>
#include <iostream>
#include <string>
#include <variant>

#include <sark/sark.hpp>

#include "support/main.hpp"

namespace m = sark::migrate;

// Two migrations of our own. They spell everything out and never mention a struct: structs change, history does not.
inline constexpr auto v001 = m::migration("001_notes", m::root, "notes",
                                          m::create_table("notes", m::column{.name = "id", .type = "bigserial"},
                                                          m::column{.name = "text", .type = "text"},
                                                          m::primary_key("id")));
inline constexpr auto v002 = m::migration(
    "002_authors", m::after{"001_notes"}, "authors of notes",
    m::add_column{"notes", m::column{.name = "author", .type = "varchar(80)", .fallback = "'unknown'"}},
    m::create_index("ix_notes_author", "notes", "author"));
inline constexpr auto chain = m::chain<v001, v002>;

void print_status(sark::connection& db, m::chain_view migrations) {
    m::status_t const now = m::status(db, migrations);
    std::cout << "at " << now.current << ", head is " << now.head << ", " << now.pending.size() << " pending\n";
}

// A plan is a value: it can be read before anything runs.
void print_plan(sark::connection& db, m::chain_view migrations, std::string const& target) {
    auto const decided = m::plan(db, migrations, target);
    if (auto const* why = std::get_if<m::problem>(&decided)) throw support::not_ready{why->message};
    auto const& plan = std::get<m::plan_t>(decided);
    std::cout << "\nplan: " << plan.from << " -> " << plan.to << '\n';
    for (m::migration_view const& migration : plan.migrations)
        for (auto const& statement : plan.way == m::direction::up ? migration.up : migration.down)
            std::cout << "  " << migration.id << ": " << statement.sql.substr(0, statement.sql.find('\n')) << '\n';
}

int main(int count, char** arguments) {
    return support::run([&] {
        sark::connection db{support::database_url(count > 1 ? arguments[1] : nullptr)};
        {
            support::scratch_schema const scratch{db};
            print_status(db, chain);
            print_plan(db, chain, "head");
            m::upgrade(db, chain);  // one transaction per migration, recorded in the same one
            print_status(db, chain);

            print_plan(db, chain, "001_notes");  // the way back was derived, not written
            m::downgrade(db, chain, "001_notes");
            print_status(db, chain);
            m::downgrade(db, chain, "base");
        }
        // The library's own chain, the schema of resources and capabilities, runs the same way.
        support::scratch_schema const scratch{db};
        std::cout << '\n';
        m::upgrade(db, sark::migrations::chain, "007_federation");
        print_status(db, sark::migrations::chain);
        m::upgrade(db, sark::migrations::chain);
        print_status(db, sark::migrations::chain);
        m::downgrade(db, sark::migrations::chain, "base");
        print_status(db, sark::migrations::chain);
    });
}
