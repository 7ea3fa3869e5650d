// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/session.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/history.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/version.hpp>

namespace sark::migrate {

/// Is one row of the ledger, as the server keeps it.
struct ledger_row {
    std::string revision;
    std::string name;
    std::string checksum;
    std::string applied_at;  ///< by the server's clock, as ISO 8601 in UTC; empty while it is unfinished
    std::string duration_ms;
    std::string applied_by;
    std::string library_version;
    std::string chain_hash;  ///< of this row's checksum and the chain hash before it
    std::size_t position = 0;
    row_state state = row_state::applied;
    std::size_t progress = 0;  ///< statements that are done, while it is unfinished
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// The ledger lives where unqualified names are created: in the first schema of the search path.
///
/// Beside the revisions it has one row while somebody migrates, at position -1: the fence. A run puts its token there
/// and locks the row in each of its transactions, so that a run that lost its lock without noticing cannot go on.
inline constexpr std::string_view create_ledger = R"(CREATE TABLE "sark_migrations" (
    "revision" varchar(32) NOT NULL,
    "position" integer NOT NULL,
    "name" text NOT NULL,
    "checksum" varchar(16) NOT NULL,
    "chain_hash" varchar(16) NOT NULL,
    "state" varchar(8) NOT NULL DEFAULT 'applied',
    "progress" integer NOT NULL DEFAULT 0,
    "started_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "applied_at" timestamptz,
    "duration_ms" bigint NOT NULL DEFAULT 0,
    "applied_by" text NOT NULL DEFAULT session_user,
    "backend_pid" integer NOT NULL DEFAULT pg_backend_pid(),
    "transaction_id" bigint NOT NULL DEFAULT txid_current(),
    "run" varchar(32) NOT NULL,
    "library_version" text NOT NULL,
    CONSTRAINT "sark_migrations_pkey" PRIMARY KEY ("revision"),
    CONSTRAINT "sark_migrations_position_key" UNIQUE ("position"),
    CONSTRAINT "sark_migrations_state_check" CHECK ("state" IN ('running', 'building', 'removing', 'applied')),
    CONSTRAINT "sark_migrations_position_check" CHECK ("position" >= 0 OR ("position" = -1 AND "state" = 'running'))
))";

inline constexpr std::string_view read_ledger =
    R"(SELECT "revision", "name", "checksum", )"
    R"(to_char("applied_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), "duration_ms", "applied_by", )"
    R"("library_version", "chain_hash", "position", "state", "progress" )"
    R"(FROM "sark_migrations" WHERE "position" >= 0 ORDER BY "position")";

/// Puts the token of a run into the fence; an older run that is not at an end will find another one than its own.
inline constexpr std::string_view claim_fence =
    R"(INSERT INTO "sark_migrations" ("revision", "position", "name", "checksum", "chain_hash", "state", "run", )"
    R"("library_version") VALUES ('(running)', -1, 'a run of migrations', '', '', 'running', $1, $2) )"
    R"(ON CONFLICT ("revision") DO UPDATE SET "run" = excluded."run", "started_at" = clock_timestamp(), )"
    R"("applied_by" = session_user, "backend_pid" = pg_backend_pid(), "transaction_id" = txid_current(), )"
    R"("library_version" = excluded."library_version")";

/// Locks the fence for the rest of the transaction; tells whether it is still ours, what the newest revision is, and
/// which number the transaction has.
inline constexpr std::string_view lock_fence =
    R"(WITH "fence" AS (SELECT FROM "sark_migrations" WHERE "position" = -1 AND "run" = $1 FOR UPDATE) )"
    R"(SELECT (SELECT count(*) FROM "fence"), (SELECT "revision" FROM "sark_migrations" WHERE "position" >= 0 )"
    R"(ORDER BY "position" DESC LIMIT 1), txid_current())";

inline constexpr std::string_view leave_fence = R"(DELETE FROM "sark_migrations" WHERE "position" = -1 AND "run" = $1)";

inline constexpr std::string_view insert_ledger_row =
    R"(INSERT INTO "sark_migrations" ("revision", "name", "checksum", "position", "chain_hash", "state", "progress", )"
    R"("applied_at", "duration_ms", "run", "library_version") VALUES ($1, $2, $3, $4::integer, $5, $6::varchar, )"
    R"($7::integer, CASE WHEN $6::varchar = 'applied' THEN clock_timestamp() END, $8::bigint, $9, $10))";

inline constexpr std::string_view set_ledger_progress =
    R"(UPDATE "sark_migrations" SET "state" = $2::varchar, "progress" = $3::integer, "run" = $4, )"
    R"("applied_at" = CASE WHEN $2::varchar = 'applied' THEN clock_timestamp() END, "backend_pid" = pg_backend_pid(), )"
    R"("transaction_id" = txid_current(), "duration_ms" = CASE WHEN $2::varchar = 'applied' THEN )"
    R"((extract(epoch FROM clock_timestamp() - "started_at") * 1000)::bigint ELSE 0 END WHERE "revision" = $1)";

inline constexpr std::string_view delete_ledger_row = R"(DELETE FROM "sark_migrations" WHERE "revision" = $1)";

[[nodiscard]] inline bool has_ledger(session& db) {
    auto const rows = db.query_text(
        "SELECT to_regclass(quote_ident(current_schema()) || '.sark_migrations') IS NOT NULL");
    return rows.at(0).at(0) == "t";
}

[[nodiscard]] inline std::string version_text() {
    return std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) + '.' +
           std::to_string(sark::version.patch);
}

[[nodiscard]] inline std::size_t number_in(std::string const& text) {
    std::size_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

/// Reads all revisions, oldest first; a database without a ledger has none.
[[nodiscard]] inline std::vector<migrate::ledger_row> ledger_rows(session& db) {
    std::vector<migrate::ledger_row> rows;
    if (!has_ledger(db)) return rows;
    std::vector<text_row> found;
    try {
        found = db.query_text(read_ledger);
    } catch (sark::error const& cause) {
        if (cause.sqlstate() == "42P01") return rows;  // a run that ended has just taken the empty ledger with it
        if (cause.sqlstate() != "42703") throw;
        throw migrate::refused{
            {migrate::problem_kind::damaged,
             {},
             "sark: the ledger is damaged: the table sark_migrations has not the columns of a ledger. Rename it if it "
             "is not ours, or restore it from a backup."}};
    }
    for (auto const& row : found) {
        auto const text = [&](std::size_t column) { return row.at(column).value_or(""); };
        std::string const state = text(9);
        rows.push_back({.revision = text(0),
                        .name = text(1),
                        .checksum = text(2),
                        .applied_at = text(3),
                        .duration_ms = text(4),
                        .applied_by = text(5),
                        .library_version = text(6),
                        .chain_hash = text(7),
                        .position = number_in(text(8)),
                        .state = state == "building"   ? migrate::row_state::building
                                 : state == "removing" ? migrate::row_state::removing
                                                       : migrate::row_state::applied,
                        .progress = number_in(text(10))});
    }
    return rows;
}

[[nodiscard]] inline std::vector<migrate::applied_revision> as_applied(std::vector<migrate::ledger_row> const& rows) {
    std::vector<migrate::applied_revision> applied;
    for (migrate::ledger_row const& row : rows)
        applied.push_back({row.revision, row.checksum, row.chain_hash, row.position, row.state, row.progress});
    return applied;
}

/// Writes the rows of one run into the ledger, each in the transaction that did what the row says.
class ledger_writer {
public:
    ledger_writer(migrate::chain_view chain, std::string run) : run_{std::move(run)} {
        for (migrate::applied_revision& row : migrate::applied_rows(chain, chain.size()))
            hashes_.push_back(std::move(row.chain_hash));
    }

    [[nodiscard]] std::string const& run() const noexcept { return run_; }

    /// Records a migration as applied, or as on its way up with so many statements done.
    void insert(session& db, migrate::migration_view const& m, std::size_t position, std::string const& state,
                std::size_t progress, std::chrono::milliseconds duration) const {
        static_cast<void>(db.query_text(
            insert_ledger_row, {std::string{m.id}, std::string{m.description.empty() ? m.id : m.description},
                                migrate::checksum(m), std::to_string(position), hashes_.at(position), state,
                                std::to_string(progress), std::to_string(duration.count()), run_, version_text()}));
    }
    void update(session& db, migrate::migration_view const& m, std::string const& state, std::size_t progress) const {
        static_cast<void>(
            db.query_text(set_ledger_progress, {std::string{m.id}, state, std::to_string(progress), run_}));
    }
    void remove(session& db, migrate::migration_view const& m) const {
        static_cast<void>(db.query_text(delete_ledger_row, {std::string{m.id}}));
    }

private:
    std::string run_;
    std::vector<std::string> hashes_;
};

}  // namespace sark::migrate::detail
