// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/reflect/member.hpp>
#include <sark/schema/parts.hpp>

namespace sark {

/// Cuts a table into chunks of time where TimescaleDB is installed, and by the hash of a second member where one is
/// named. Every key of the table has to contain these members (sark-M30).
/// @code
/// sark::with_extension("timescaledb", sark::hypertable<&Reading::at>{.chunk = "1 day"},
///                      sark::compressed<&Reading::sensor>{.after = "30 days"}, sark::retention{.after = "2 years"},
///                      sark::primary_key<&Reading::at, &Reading::id>{})
/// @endcode
template <auto Time, auto... Space>
    requires(data_member<Time> && (data_member<Space> && ...) && sizeof...(Space) < 2)
struct hypertable {
    std::string_view chunk = "7 days";  ///< interval that one chunk spans
    int partitions = 0;                 ///< how many ways chunks are split by the second member
};

/// Compresses chunks of a hypertable that are older than `after`; rows of different values of the members stay apart,
/// so that a query for one value reads only its own.
template <auto... SegmentBy>
    requires(data_member<SegmentBy> && ...)
struct compressed {
    std::string_view after;
};

/// Drops chunks of a hypertable, with their rows, that are older than `after`.
struct retention {
    std::string_view after;
};

/// Spreads the rows of a table over the nodes of Citus by the value of a member, beside those of `With` with the same
/// value where one is named: joins and foreign keys between the two stay on a node. Every key of the table has to
/// contain the member (sark-M31).
/// @code
/// sark::with_extension("citus", sark::distributed_by<&Line::order_id, Order>{},
///                      sark::primary_key<&Line::order_id, &Line::id>{})
/// @endcode
template <auto Column, class With = void>
    requires data_member<Column>
struct distributed_by {};

/// Keeps all rows of a table on every node of Citus, for small tables that others join or reference.
struct reference_table {};

/// Describes a view that TimescaleDB computes as rows come (a continuous aggregate). It exists only where TimescaleDB
/// is installed; under the Apache licence it is a plain view with the same rows, computed when it is read.
template <class... Parts>
[[nodiscard]] constexpr table_parts<Parts...> continuous_aggregate(std::string_view name, std::string_view query,
                                                                   schema::refresh kept, Parts... parts) {
    return {name, {{parts}...}, query, false, kept};
}

}  // namespace sark
