// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include <sark/validate/check.hpp>

namespace sark::validate {

// clang-format off
/// Lists the checks that are made from the schema itself, whatever its tables are. What `catalog::diff` finds has ids of
/// its own, `catalog::finding_kinds`.
inline constexpr std::array kinds{
    check{"schema-history", group::schema, report::severity::error, "a ledger that is not the chain's, or not at its head", "The program expects what the last migration makes.", "-- Run: sark migrate status", cost::catalog},
    check{"schema-structure", group::schema, report::severity::error, "what the ledger says is applied and the catalog has not; only where the exact comparison is not possible", "Statements fail, or what was promised does not hold.", "-- Run: sark drift, as a role that may create schemas", cost::catalog},
    check{"table-missing", group::schema, report::severity::critical, "tables and views that a check reads and that are not there", "Every statement about it fails.", "-- Run: sark drift", cost::catalog},
    check{"view-not-filled", group::schema, report::severity::error, "materialized views that a check reads and that were never refreshed", "Every statement that reads it fails until it is refreshed.", "REFRESH MATERIALIZED VIEW …", cost::catalog},
    check{"index-duplicate", group::schema, report::severity::warning, "indexes that another one of the table replaces: the same one, or one that begins with its columns", "Every write pays for it, and no statement needs it.", "DROP INDEX …", cost::catalog},
    check{"index-unused", group::schema, report::severity::info, "larger indexes that no statement has used since the statistics began", "Every write pays for it. A replica, or a job once a month, may use it all the same.", "DROP INDEX …", cost::catalog},
    check{"sequence-near-end", group::schema, report::severity::warning, "sequences that have given most of their numbers", "Inserts fail when the last one is given.", "-- Widen the column and the sequence to bigint", cost::catalog},
    check{"statistics-stale", group::schema, report::severity::warning, "tables that changed a lot since the server last looked at them", "The planner guesses by what the table was, and may choose badly.", "ANALYZE …", cost::catalog},
    check{"table-bloat", group::schema, report::severity::info, "tables that take far more space than their rows, by estimate", "Whoever reads the table reads the empty space, too.", "VACUUM FULL …", cost::catalog},
    check{"sequence-behind", group::data, report::severity::critical, "rows with numbers that their sequence has yet to give", "Inserts fail, or two rows get one number.", "SELECT setval(…)"},
    check{"null-value", group::data, report::severity::critical, "rows with NULL where the schema promises a value, and nothing enforces it", "Reading the row fails.", "-- Give the rows a value, then restore NOT NULL"},
    check{"key-repeated", group::data, report::severity::critical, "rows that share a key that should be unique, and nothing enforces it", "Look-ups find one of them by chance, and updates change all.", "-- Keep one of the rows, then restore the key"},
    check{"check-violated", group::data, report::severity::critical, "rows that a CHECK of the schema forbids, and nothing enforces it", "Programs cannot read them, or count them wrongly.", "-- Correct the rows, then restore or validate the CHECK"},
    check{"foreign-key-unenforced", group::relationships, report::severity::error, "foreign keys whose triggers are switched off", "Rows that break it are accepted, and nothing cascades.", "ALTER TABLE … ENABLE TRIGGER ALL", cost::catalog},
    check{"foreign-key-broken", group::relationships, report::severity::critical, "rows whose foreign key points to nothing, enforced or not: a restore or a replica can bypass it", "Joins lose the row, and the key cannot be restored.", "-- Restore what it points to, or delete the row"},
};
// clang-format on

[[nodiscard]] constexpr check const* find_kind(std::string_view id) {
    for (check const& c : kinds)
        if (c.id == id) return &c;
    return nullptr;
}

}  // namespace sark::validate
