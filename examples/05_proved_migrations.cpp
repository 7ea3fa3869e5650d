// SPDX-License-Identifier: MIT
//
// 5. The compiler proves that structs and migrations describe one schema. Change either one alone, a type, a length, an
//    index, and the build stops with the sentence that names it. Needs no server.

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include <sark/migrate.hpp>

struct Invoice {
    std::int64_t id = 0;
    std::string customer{};
    sark::numeric<12, 2> amount{};
    std::optional<std::string> note{};
};
template <>
inline constexpr auto sark::table_of<Invoice> = sark::table("invoices", sark::column<&Invoice::id>{.type = "bigserial"},
                                                            sark::column<&Invoice::customer>{.type = "varchar(120)"},
                                                            sark::index<&Invoice::customer>{"ix_invoices_customer"});

namespace m = sark::migrate;
using m::column;

inline constexpr auto v001 = m::migration("001_invoices", m::root, "invoices",
                                          m::create_table("invoices", column{.name = "id", .type = "bigserial"},
                                                          column{.name = "customer", .type = "varchar(120)"},
                                                          column{.name = "amount", .type = "numeric(12,2)"},
                                                          m::primary_key("id")),
                                          m::create_index("ix_invoices_customer", "invoices", "customer"));
inline constexpr auto v002 = m::migration(
    "002_notes", m::after{"001_invoices"}, "notes on invoices",
    m::add_column{"invoices", column{.name = "note", .type = "text", .nullable = true}});
inline constexpr auto chain = m::chain<v001, v002>;

static_assert(m::builds<chain, Invoice>);  // what the migrations build is what the struct describes
static_assert(m::is_clean<chain>);         // and no migration of them is known to hurt a running service

int main() {
    for (m::migration_view const& migration : chain.view())
        for (auto const& statement : migration.up) std::cout << migration.id << ": " << statement.sql << "\n\n";
    std::cout << "the way back, derived:\n";
    for (auto const& statement : chain.view().back().down) std::cout << "  " << statement.sql << '\n';
}
