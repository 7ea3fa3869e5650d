// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sark/report/finding.hpp>

namespace sark::upgrade {

/// Counts what became of the rows of one v1 table. `source` = `migrated` + all of `quarantined`.
struct table_counts {
    std::string source_table = {};
    std::string target_table = {};
    std::int64_t source = 0;                               ///< rows of v1 as the last pass read them
    std::int64_t inserted = 0;                             ///< by this run, over all passes
    std::int64_t updated = 0;                              ///< changed in v1 since they were moved
    std::int64_t adopted = 0;                              ///< were there with the same values; now known as moved
    std::int64_t unchanged = 0;                            ///< nothing was written for them
    std::int64_t kept = 0;                                 ///< edited in v2 while v1 stayed as it was
    std::int64_t gone = 0;                                 ///< deleted in v2
    std::map<std::string, std::int64_t> quarantined = {};  ///< by reason

    [[nodiscard]] std::int64_t all_quarantined() const {
        std::int64_t sum = 0;
        for (auto const& [reason, rows] : quarantined) sum += rows;
        return sum;
    }
    [[nodiscard]] std::int64_t migrated() const { return source - all_quarantined(); }
    [[nodiscard]] std::int64_t written() const { return inserted + updated + adopted; }
};

/// Is what a scan, a dry run or a run did, or would have done.
struct run_result {
    std::string run_id = {};  ///< empty for a scan
    bool complete = false;    ///< false: paused, `execute` goes on
    bool one_transaction = false;
    bool resumed = false;
    bool took_transaction_id = false;  ///< a scan takes none: it cannot have written
    table_counts servers = {};
    table_counts tools = {};
    std::int64_t batches = 0;
    std::int64_t passes = 0;
    std::chrono::duration<double> took{};
    std::vector<report::finding> findings = {};

    [[nodiscard]] std::int64_t written() const { return servers.written() + tools.written(); }
};

/// Is what a rollback removed, or would.
struct rollback_result {
    std::int64_t capabilities = 0;     ///< removed
    std::int64_t resources = 0;        ///< removed
    std::int64_t already_gone = 0;     ///< moved rows that v2 had deleted by itself
    std::int64_t changed = 0;          ///< moved rows that changed in v2 since
    std::int64_t native_children = 0;  ///< capabilities that v2 added to moved resources
    std::int64_t left = 0;             ///< moved rows that stay, because of either
    std::int64_t costs = 0;            ///< cost rows that point to removed rows; all of them stay
    std::int64_t costs_named = 0;      ///< of these, given the protocol that they could not look up any more
    bool dry_run = false;
    std::vector<report::finding> findings = {};
};

/// Says where the data migration stands.
enum class stage {
    unprepared,  ///< v1 or v2 tables are missing
    fresh,       ///< no run yet
    running,     ///< a run is at work, or died
    paused,
    failed,  ///< a run stopped with an error; `execute` goes on
    moved,   ///< the last run came to its end
    rolled_back,
    finalized  ///< nothing can be rolled back any more
};

struct status_t {
    upgrade::stage stage = upgrade::stage::unprepared;
    std::string run_id = {};      ///< of the last run
    std::string started_at = {};  ///< ISO 8601 in UTC
    std::string alive_at = {};    ///< when it last committed something
    std::int64_t servers = 0;     ///< rows of v1
    std::int64_t tools = 0;
    std::int64_t moved_servers = 0;  ///< rows of v2 that are known to come from v1
    std::int64_t moved_tools = 0;
    std::int64_t quarantined = 0;
};

}  // namespace sark::upgrade
