// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/meta/fixed_string.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

template <fixed_string Name, auto Path>
struct statistics_text {
    static constexpr void write(sql::writer& w) {
        w.put("CREATE STATISTICS ");
        sql::put_identifier(w, Name.view());
        w.put(" ON (");
        decltype(Path)::write(w);
        w.put(") FROM ");
        sql::put_identifier(w, table_name<typename decltype(Path)::key_table>);
    }
};

}  // namespace detail

/// Holds the statement that makes the planner count the values at a path: without it, comparisons of what a path reads
/// are taken for rare (half a percent of the rows), whatever is in the table. For a migration's `sql(…)`; needs
/// PostgreSQL 14, and ANALYZE afterwards. An index on the path counts them, too, and containment is estimated well.
/// @code
/// sark::create_statistics<"st_orders_state", sark::path<&Order::details, &Details::state>>
/// @endcode
template <fixed_string Name, auto Path>
inline constexpr std::string_view create_statistics = sql::text<detail::statistics_text<Name, Path>>::value;

}  // namespace sark
