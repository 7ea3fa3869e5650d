// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <sark/db/options.hpp>
#include <sark/db/session.hpp>
#include <sark/db/transaction.hpp>

namespace sark {

/// Is a connection to a database; not to be used from two threads at once.
///
/// Each statement outside of `transaction(…)` commits by itself.
class connection : public session {
public:
    /// Connects to `postgresql://user@host:port/database`, or to what libpq's `key=value` form says.
    ///
    /// Parts that the address leaves out come from libpq's environment (PGHOST, PGPASSWORD, …).
    /// @throws error with one sentence that says what to do, and never the password
    explicit connection(std::string const& address) : connection{connection_options{.address = address}} {}

    /// Connects with time-outs, a name, a kind of server, or for a pooler of transactions.
    explicit connection(connection_options const& options) : connection{std::make_unique<detail::driver>(options)} {}

    connection(connection&&) noexcept = default;
    connection& operator=(connection&&) noexcept = default;
    ~connection() = default;

    /// Runs `f(transaction&)` in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// Returns what `f` returns. The connection itself refuses statements meanwhile.
    template <class F>
    decltype(auto) transaction(F&& f) {
        check_turn();
        return sark::transaction::in_block(*driver_, {.begin = "BEGIN", .end = "COMMIT", .undo = "ROLLBACK"},
                                           std::forward<F>(f));
    }

    [[nodiscard]] bool is_open() const noexcept { return owned_->is_open(); }

    /// Makes the session as it was when it was opened, but for its prepared statements; false when that cannot be.
    ///
    /// Rolls back, closes cursors, forgets temporary tables and channels, frees advisory locks, and sets what the
    /// library relies on. Refuses while a transaction of ours is open.
    [[nodiscard]] bool clean() noexcept { return owned_ != nullptr && owned_->active == nullptr && owned_->clean(); }

    /// Gives the same session as a connection of libpqxx (`pqxx::connection_base` in 6.4), to use both side by side.
    ///
    /// Null with libpqxx 7.0 to 7.7.3, which cannot take over a connection.
    [[nodiscard]] detail::native_connection* native() noexcept { return owned_->native(); }

private:
    explicit connection(std::unique_ptr<detail::driver> driver) : session{driver.get()}, owned_{std::move(driver)} {}

    std::unique_ptr<detail::driver> owned_;
};

}  // namespace sark
