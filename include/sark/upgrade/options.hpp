// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace sark::upgrade {

/// Says what happens to rows of v2 that were edited or deleted there while v1 stayed as it was, or changed too.
enum class edits {
    keep,      ///< v2 stays: an edit is kept, a row that changed on both sides is quarantined
    overwrite  ///< v1 wins
};

/// Tells how far a run is; is given after each batch.
struct progress {
    std::string_view phase;  ///< `scan`, `move`, `catch up`, `roll back`
    std::string_view table;  ///< the target
    std::int64_t done = 0;   ///< rows of the phase, over both tables
    std::int64_t total = 0;
    double rows_per_second = 0;
    std::optional<std::chrono::duration<double>> left = {};  ///< estimate, absent at the beginning
    std::size_t batch = 0;                                   ///< rows of this batch
    std::chrono::duration<double> took{};                    ///< time of this batch
};

struct options {
    upgrade::edits edits = upgrade::edits::keep;

    std::int64_t one_transaction = 10'000;  ///< up to so many rows move in one transaction, all or nothing
    std::size_t first_batch = 1'000;        ///< rows; grows and shrinks so that a batch takes 50 to 200 ms
    std::size_t largest_batch = 20'000;
    double share = 1.0;         ///< part of the time that is worked; 0.5 rests as long as it works
    std::size_t catch_up = 3;   ///< passes over what writers changed meanwhile, until one finds nothing
    bool refuse_unfit = false;  ///< scan first, and write nothing when v2 cannot hold a row; else it is quarantined
    std::size_t named = 20;     ///< rows named for each finding; the quarantine table names all

    std::size_t largest_document = 16U << 20U;  ///< bytes of the JSON documents of a row as text
    std::size_t deepest_document = 128;         ///< levels
    std::size_t longest_number = 308;           ///< characters of a JSON number written out; more is no double

    std::function<void(progress const&)> report = {};  ///< is called, never printed for you
    /// Is asked between batches: true pauses the run, which a later `execute` resumes.
    std::function<bool()> pause = {};

    std::chrono::milliseconds lock_wait = std::chrono::seconds{10};  ///< how long to wait for another run
    std::chrono::milliseconds lock_poll = std::chrono::milliseconds{100};
    std::chrono::milliseconds row_lock_wait = std::chrono::milliseconds{500};  ///< then the batch is halved
    std::chrono::milliseconds batch_limit = std::chrono::seconds{30};          ///< statement_timeout, then halved
    std::size_t attempts = 10;                                                 ///< of one batch
};

struct rollback_options {
    bool dry_run = false;            ///< do it all and roll back
    bool force = false;              ///< also remove rows that changed in v2 since
    bool with_revision_006 = false;  ///< also remove the rows that migration 006 copied, not a run
    std::size_t batch = 5'000;       ///< rows a transaction
    std::size_t named = 20;
    std::function<void(progress const&)> report = {};
    std::chrono::milliseconds lock_wait = std::chrono::seconds{10};
    std::chrono::milliseconds lock_poll = std::chrono::milliseconds{100};
};

}  // namespace sark::upgrade
