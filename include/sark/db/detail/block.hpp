// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/db/detail/driver.hpp>
#include <sark/db/error.hpp>

namespace sark::detail {

/// Ends a transaction or a savepoint well, and tells apart what was undone from what nobody knows.
inline void finish_block(driver& on, char const* end) {
    try {
        // COMMIT of a failed transaction is no error for the server: it answers ROLLBACK.
        if (on.run(end).command() == "ROLLBACK")
            throw error{"sark: a statement of the transaction had failed, so nothing was committed. Let its error "
                        "leave the function, or run the statement in nested(...).",
                        {.sqlstate = "25P02"}};
    } catch (error const& failed) {
        // A savepoint that was lost with its transaction is undone for certain.
        if (!failed.connection_lost() || std::string_view{end} != "COMMIT") throw;
        error_facts facts = failed.facts();
        facts.in_doubt = true;
        throw error{"sark: the connection was lost while the transaction was committed, so nobody knows whether it "
                    "was. Connect again and look.",
                    facts};
    }
}

/// Makes several statements one: opens a transaction where none is open, and undoes it unless `commit` is reached.
class all_or_nothing {
public:
    explicit all_or_nothing(driver& on) : on_{on} {}
    all_or_nothing(all_or_nothing const&) = delete;
    all_or_nothing& operator=(all_or_nothing const&) = delete;
    ~all_or_nothing() {
        if (!is_open_ || !on_.is_open()) return;
        try {
            on_.run("ROLLBACK");
        } catch (error const&) {  // NOLINT(bugprone-empty-catch): the first failure is the one that is reported
        }
    }

    /// Opens the transaction; call it once it is known that one statement will not do.
    void open() {
        if (is_open_ || !on_.is_idle()) return;
        on_.run("BEGIN");
        is_open_ = true;
    }
    void commit() {
        if (!is_open_) return;
        is_open_ = false;
        finish_block(on_, "COMMIT");
    }

private:
    driver& on_;
    bool is_open_ = false;
};

}  // namespace sark::detail
