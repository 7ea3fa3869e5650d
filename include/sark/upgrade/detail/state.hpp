// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <sark/db/session.hpp>
#include <sark/upgrade/error.hpp>

namespace sark::upgrade::detail {

// Made by the first run and not by the chain: docs/decisions/0060-state-of-the-data-migration.md.
inline constexpr std::array<std::string_view, 2> create_state{
    R"(CREATE TABLE IF NOT EXISTS "sark_upgrade_runs" (
    "run_id" uuid NOT NULL,
    "state" varchar(20) NOT NULL,
    "holder" uuid NOT NULL,
    "pass" integer NOT NULL DEFAULT 0,
    "place" integer NOT NULL DEFAULT 0,
    "checkpoint" uuid,
    "tally" jsonb NOT NULL DEFAULT '{}',
    "batches" bigint NOT NULL DEFAULT 0,
    "started_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "alive_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "finalized_at" timestamptz,
    CONSTRAINT "sark_upgrade_runs_pkey" PRIMARY KEY ("run_id")
))",
    R"(CREATE TABLE IF NOT EXISTS "sark_upgrade_quarantine" (
    "source_table" varchar(63) NOT NULL,
    "source_id" uuid NOT NULL,
    "reason" varchar(63) NOT NULL,
    "detail" text,
    "run_id" uuid NOT NULL,
    "since" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "sark_upgrade_quarantine_pkey" PRIMARY KEY ("source_table", "source_id")
))"};

/// Counts by name, `0/insert`: the place of the move and what was done. Names starting with `=` are sums over all
/// passes, the others are of the pass that runs.
using tally = std::map<std::string, std::int64_t>;

[[nodiscard]] inline std::string to_json(tally const& counts) {
    std::string text = "{";
    for (auto const& [name, count] : counts)
        text.append(text.size() > 1 ? "," : "").append("\"").append(name).append("\":").append(std::to_string(count));
    return text + "}";
}

[[nodiscard]] inline bool has_table(session& db, std::string_view table) {
    return db.query_text("SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident($1)) IS NOT NULL",
                         {std::string{table}})
               .at(0)
               .at(0) == "t";
}

[[nodiscard]] inline bool has_state(session& db) { return has_table(db, "sark_upgrade_runs"); }

[[nodiscard]] inline bool is_finalized(session& db) {
    return has_state(db) &&
           db.query_text(R"(SELECT EXISTS (SELECT FROM "sark_upgrade_runs" WHERE "finalized_at" IS NOT NULL))")
                   .at(0)
                   .at(0) == "t";
}

/// Is the row of a run: where it stands, and who runs it.
struct run_row {
    std::string run_id;
    std::string holder;
    int pass = 0;
    std::size_t place = 0;
    std::optional<std::string> checkpoint;
    detail::tally counts;
    std::int64_t batches = 0;
    bool resumed = false;

    /// Takes over the run that did not end, or begins one.
    void open(session& db) {
        for (std::string_view const sql : create_state) db.execute(sql);
        auto const found = db.query_text(
            R"(UPDATE "sark_upgrade_runs" SET "state" = 'running', "holder" = gen_random_uuid(),
    "alive_at" = clock_timestamp()
WHERE "state" IN ('running', 'paused', 'failed')
RETURNING "run_id", "holder", "pass", "place", "checkpoint", "batches")");
        if (!found.empty()) {
            auto const& row = found.at(0);
            run_id = row.at(0).value_or("");
            holder = row.at(1).value_or("");
            pass = std::stoi(row.at(2).value_or("0"));
            place = std::stoul(row.at(3).value_or("0"));
            checkpoint = row.at(4);
            batches = std::stoll(row.at(5).value_or("0"));
            resumed = true;
            for (auto const& count : db.query_text(
                     R"(SELECT "key", "value" FROM "sark_upgrade_runs", jsonb_each_text("tally") WHERE "run_id" = $1)",
                     {run_id}))
                counts[count.at(0).value_or("")] = std::stoll(count.at(1).value_or("0"));
            return;
        }
        auto const made = db.query_text(R"(INSERT INTO "sark_upgrade_runs" ("run_id", "state", "holder")
VALUES (gen_random_uuid(), 'running', gen_random_uuid()) RETURNING "run_id", "holder")");
        run_id = made.at(0).at(0).value_or("");
        holder = made.at(0).at(1).value_or("");
    }

    /// Writes down how far the run is, in the transaction of the batch; fails where another process took it over.
    void save(session& db, std::string_view state = "running") const {
        auto const kept = db.query_text(
            R"(UPDATE "sark_upgrade_runs"
SET "state" = $3, "pass" = $4::integer, "place" = $5::integer, "checkpoint" = $6::uuid, "tally" = $7::jsonb,
    "batches" = $8::bigint, "alive_at" = clock_timestamp()
WHERE "run_id" = $1 AND "holder" = $2 RETURNING 1)",
            {run_id, holder, std::string{state}, std::to_string(pass), std::to_string(place), checkpoint,
             to_json(counts), std::to_string(batches)});
        if (kept.empty())
            throw upgrade::busy{"sark: another process took over run " + run_id +
                                " of the data migration. Nothing is lost: look at its progress with status()."};
    }
};

}  // namespace sark::upgrade::detail
