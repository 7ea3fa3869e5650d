// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/schema/parts.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Says which row of v1 a row of v2 was made from.
struct MigratedRow {
    std::string source_table{};
    uuid source_id{};
    std::string target_table{};
    std::string target_id{};
    std::optional<std::string> source_hash{};  ///< of the v1 row as it was read
    std::optional<uuid> run_id{};              ///< the run that wrote it; absent for rows of revision 006
    timestamp migrated_at{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::MigratedRow> = table(
    "migrated_rows",
    column<&v1::MigratedRow::source_table>{.type = "varchar(63)"},
    column<&v1::MigratedRow::target_table>{.type = "varchar(63)"},
    column<&v1::MigratedRow::target_id>{.type = "varchar(255)"},
    column<&v1::MigratedRow::source_hash>{.type = "varchar(64)"},
    column<&v1::MigratedRow::migrated_at>{.fallback = "now()"},
    primary_key<&v1::MigratedRow::target_table, &v1::MigratedRow::target_id>{});
// clang-format on

}  // namespace sark
