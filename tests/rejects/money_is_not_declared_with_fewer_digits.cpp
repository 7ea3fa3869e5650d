// expect: sark: a column is declared with a type that does not hold its member's values
// also: Invoice
// also: total
// also: sark-T02
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sark/schema.hpp>

struct Invoice {
    std::int64_t id;
    sark::numeric<20, 8> total;
};
static_assert(sark::sql_type<sark::numeric<20, 8>>::accepts("numeric(20,8)"));

#ifdef SARK_REJECT
template <>
inline constexpr auto sark::table_of<Invoice> = sark::table("invoices",
                                                            sark::column<&Invoice::total>{.type = "numeric(10,2)"});
static_assert(sark::columns_of<Invoice>.size() == 2);
#endif
