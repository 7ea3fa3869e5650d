// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db/session.hpp>
#include <sark/migrate/checksum.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/version.hpp>

namespace sark::migrate {

/// Is one row of the ledger, as the server keeps it.
struct ledger_row {
    std::string revision;
    std::string name;
    std::string checksum;
    std::string applied_at;  ///< by the server's clock, as ISO 8601 in UTC
    std::string duration_ms;
    std::string applied_by;
    std::string library_version;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// The ledger lives where unqualified names are created: in the first schema of the search path.
inline constexpr std::string_view create_ledger = R"(CREATE TABLE "sark_migrations" (
    "revision" varchar(32) NOT NULL,
    "name" text NOT NULL,
    "checksum" varchar(16) NOT NULL,
    "position" integer NOT NULL,
    "applied_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "duration_ms" bigint NOT NULL,
    "applied_by" text NOT NULL DEFAULT session_user,
    "library_version" text NOT NULL,
    CONSTRAINT "sark_migrations_pkey" PRIMARY KEY ("revision"),
    CONSTRAINT "sark_migrations_position_key" UNIQUE ("position")
))";

inline constexpr std::string_view read_ledger =
    R"(SELECT "revision", "name", "checksum", )"
    R"(to_char("applied_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), )"
    R"("duration_ms", "applied_by", "library_version" FROM "sark_migrations" ORDER BY "position")";

inline constexpr std::string_view insert_ledger_row =
    R"(INSERT INTO "sark_migrations" ("revision", "name", "checksum", "position", "duration_ms", "library_version") )"
    R"(VALUES ($1, $2, $3, $4::integer, $5::bigint, $6))";

inline constexpr std::string_view delete_ledger_row = R"(DELETE FROM "sark_migrations" WHERE "revision" = $1)";

[[nodiscard]] inline bool has_ledger(session& db) {
    auto const rows = db.query_text(
        "SELECT to_regclass(quote_ident(current_schema()) || '.sark_migrations') IS NOT NULL");
    return rows.at(0).at(0) == "t";
}

/// Reads all rows, oldest first; a database without a ledger has none.
[[nodiscard]] inline std::vector<migrate::ledger_row> ledger_rows(session& db) {
    std::vector<migrate::ledger_row> rows;
    if (!has_ledger(db)) return rows;
    for (auto const& row : db.query_text(read_ledger))
        rows.push_back({row.at(0).value_or(""), row.at(1).value_or(""), row.at(2).value_or(""), row.at(3).value_or(""),
                        row.at(4).value_or(""), row.at(5).value_or(""), row.at(6).value_or("")});
    return rows;
}

[[nodiscard]] inline std::vector<migrate::applied_revision> as_applied(std::vector<migrate::ledger_row> const& rows) {
    std::vector<migrate::applied_revision> applied;
    for (migrate::ledger_row const& row : rows) applied.push_back({row.revision, row.checksum});
    return applied;
}

/// Records one migration, in the transaction that ran it; creates the ledger with the first one.
inline void record_up(session& db, migrate::migration_view const& m, std::size_t position,
                      std::chrono::steady_clock::duration duration) {
    if (!has_ledger(db)) db.execute(create_ledger);
    std::string const version = std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) + '.' +
                                std::to_string(sark::version.patch);
    auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    static_cast<void>(db.query_text(
        insert_ledger_row, {std::string{m.id}, std::string{m.description.empty() ? m.id : m.description},
                            migrate::checksum(m), std::to_string(position), std::to_string(milliseconds), version}));
}

/// Removes the record of one migration; the last one takes the ledger with it, so that base leaves nothing behind.
inline void record_down(session& db, migrate::migration_view const& m, std::size_t position) {
    static_cast<void>(db.query_text(delete_ledger_row, {std::string{m.id}}));
    if (position == 0) db.execute(R"(DROP TABLE "sark_migrations")");
}

}  // namespace sark::migrate::detail
