// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include <sark/db/detail/block.hpp>
#include <sark/db/session.hpp>

namespace sark {

/// Is an open transaction, or a savepoint inside of one; handed to the function that `transaction(…)` is given.
class transaction : public session {
public:
    transaction(transaction const&) = delete;
    transaction& operator=(transaction const&) = delete;

    /// Runs `f` inside of a savepoint: an exception that leaves it undoes what it did, and no more.
    template <class F>
    decltype(auto) nested(F&& f) {
        check_turn();
        return in_block(*driver_,
                        {.begin = "SAVEPOINT sark_nested",
                         .end = "RELEASE SAVEPOINT sark_nested",
                         .undo = "ROLLBACK TO SAVEPOINT sark_nested",
                         .after_undo = "RELEASE SAVEPOINT sark_nested"},
                        std::forward<F>(f));
    }

private:
    friend class connection;

    explicit transaction(detail::driver& driver) : session{&driver} { turn_ = this; }

    struct block {
        char const* begin;
        char const* end;
        char const* undo;
        char const* after_undo = nullptr;
    };

    /// Runs `f` between the statements of a block; its third one undoes it when an exception leaves `f`.
    template <class F>
    static decltype(auto) in_block(detail::driver& driver, block const& b, F&& f) {
        driver.run(b.begin);
        transaction tx{driver};
        turn const held{driver, &tx};
        try {
            if constexpr (std::is_void_v<std::invoke_result_t<F, transaction&>>) {
                std::forward<F>(f)(tx);
                detail::finish_block(driver, b.end);
            } else {
                decltype(auto) value = std::forward<F>(f)(tx);
                detail::finish_block(driver, b.end);
                return value;
            }
        } catch (...) {
            // What left f is what the caller must see; a connection that cannot roll back is dead, and the server
            // rolls back by itself.
            if (driver.is_open()) undo_quietly(driver, b);
            throw;
        }
    }

    /// Makes the session the one that may speak, and gives the turn back at the end.
    struct turn {
        turn(detail::driver& d, transaction const* tx) : driver{d}, before{std::exchange(d.active, tx)} {}
        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;
        ~turn() { driver.active = before; }

        detail::driver& driver;
        void const* before;
    };

    static void undo_quietly(detail::driver& driver, block const& b) {
        try {
            driver.run(b.undo);
            if (b.after_undo != nullptr) driver.run(b.after_undo);
        } catch (error const&) {  // NOLINT(bugprone-empty-catch): the first failure is the one that is reported
        }
    }
};

}  // namespace sark
