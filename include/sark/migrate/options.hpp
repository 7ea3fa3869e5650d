// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string_view>
#include <version>

#include <sark/migrate/export_rows.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Says what a run tells its observer.
enum class progress_kind {
    statement,   ///< a statement is about to run
    committed,   ///< a migration is committed and recorded
    waiting,     ///< another run holds the lock; said once, `note` has who
    retrying,    ///< a lock was not to be had in time; the transaction is repeated after a pause
    rebuilding,  ///< an index that an interrupted build left behind is dropped and built anew
    notice       ///< the server says something beside its answer, such as RAISE WARNING; `note` has its words
};

/// Says what is happening; `statement` equals `statements` once the migration is committed.
struct progress {
    direction way;
    std::string_view revision;
    std::size_t migration;   ///< place in the plan, from 0
    std::size_t migrations;  ///< how many the plan has
    std::size_t statement;   ///< place in the migration, from 0
    std::size_t statements;
    std::string_view step;  ///< title of the step, may be empty
    std::string_view sql;   ///< empty once the migration is committed
    progress_kind kind = progress_kind::statement;
    std::string_view note = {};
    std::string_view severity = {};  ///< of a notice: WARNING, NOTICE, INFO, LOG or DEBUG
};

/// Says how to migrate; the defaults are for a service that runs meanwhile.
struct options {
    std::function<void(progress const&)> report = {};                ///< is called, never printed for you
    std::chrono::milliseconds lock_wait = std::chrono::minutes{10};  ///< how long to wait for another run
    std::chrono::milliseconds lock_poll = std::chrono::milliseconds{250};
    /// How long a statement may queue for a lock: so long do readers stand behind it. 0 waits without end.
    std::chrono::milliseconds lock_timeout = std::chrono::milliseconds{500};
    unsigned lock_attempts = 10;  ///< how often a transaction that got no lock is tried in all
    std::chrono::milliseconds lock_pause = std::chrono::milliseconds{250};  ///< before the second try, then growing
    /// How long a statement may run whose facts say that it is quick. 0 leaves it unbounded.
    std::chrono::milliseconds statement_timeout = std::chrono::seconds{30};
    /// The same for one that changes rows, or reads or writes a whole table.
    std::chrono::milliseconds long_statement_timeout = std::chrono::milliseconds{0};
    /// How long to look, on another connection, whether a commit whose answer was lost has happened.
    std::chrono::milliseconds settle_wait = std::chrono::seconds{10};
#if defined(__cpp_lib_jthread)  // libc++ 19 and older keep it for -fexperimental-library
    std::stop_token stop = {};  ///< cancels the run, also a statement that the server works on
#endif
    std::function<bool()> should_stop = {};  ///< the same, asked a few times a second in the run's own thread
    bool force = false;                      ///< lets a downgrade drop rows that the chain did not make
    row_export export_rows = {};             ///< is given those rows, in the transaction that drops them
};

}  // namespace sark::migrate
