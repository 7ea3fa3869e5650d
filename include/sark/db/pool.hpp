// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/options.hpp>

namespace sark {

/// Bounds a pool of connections.
struct pool_options {
    std::size_t size = 8;                        ///< connections at most, lent and waiting together
    std::chrono::milliseconds patience{30'000};  ///< how long `lend` waits for one
    std::chrono::seconds check_after{30};        ///< one that waited longer is asked whether it still lives
};

/// Lends connections to threads, so that each is opened once and used often.
///
///     sark::pool connections{{.address = "postgresql://user@host/database"}};
///     auto db = connections.lend();
///     db->insert(resource);
///
/// A connection comes back clean: a transaction that was left open is rolled back, and settings, locks, cursors and
/// temporary tables of the last borrower are gone; its prepared statements stay. What cannot be cleaned is closed.
/// The pool must outlive what it lends.
class pool {
public:
    explicit pool(connection_options connect, pool_options limits = {})
        : connect_{std::move(connect)}, limits_{limits} {
        idle_.reserve(limits_.size);
    }
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;

    /// Is a borrowed connection, given back at the end.
    class loan {
    public:
        loan(loan&& other) noexcept : from_{other.from_}, connection_{std::move(other.connection_)} {}
        loan& operator=(loan&&) = delete;
        ~loan() {
            if (connection_ != nullptr) from_->take_back(std::move(connection_));
        }

        [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
        [[nodiscard]] connection* operator->() const noexcept { return connection_.get(); }

    private:
        friend class pool;
        loan(pool* from, std::unique_ptr<connection> lent) : from_{from}, connection_{std::move(lent)} {}

        pool* from_;
        std::unique_ptr<connection> connection_;
    };

    /// Lends a connection; waits while all are lent.
    /// @throws error when none comes back in time, or when a new one cannot be opened
    [[nodiscard]] loan lend() {
        for (;;) {
            waiting found = next();
            if (found.connection == nullptr) return open();
            if (is_healthy(found)) return {this, std::move(found.connection)};
            found.connection.reset();
            give_place();
        }
    }

    /// Counts the connections that are open, lent or waiting.
    [[nodiscard]] std::size_t size() const {
        std::lock_guard const held{mutex_};
        return open_;
    }

private:
    using clock = std::chrono::steady_clock;
    struct waiting {
        std::unique_ptr<sark::connection> connection;
        clock::time_point since;
    };

    /// Gives a waiting connection, or an empty place to open one in.
    waiting next() {
        std::unique_lock held{mutex_};
        if (!returned_.wait_for(held, limits_.patience, [&] { return !idle_.empty() || open_ < limits_.size; }))
            throw error{"sark: no connection of the pool came back in time. Give connections back sooner, or raise "
                        "pool_options::size or patience."};
        if (idle_.empty()) {
            ++open_;
            return {};
        }
        waiting last = std::move(idle_.back());  // the one used last is the least likely to have died
        idle_.pop_back();
        return last;
    }

    loan open() {
        try {
            return {this, std::make_unique<connection>(connect_)};
        } catch (...) {
            give_place();
            throw;
        }
    }

    [[nodiscard]] bool is_healthy(waiting const& one) const {
        if (!one.connection->is_open()) return false;
        if (clock::now() - one.since < limits_.check_after) return true;
        try {
            one.connection->execute("SELECT 1");
            return true;
        } catch (error const&) { return false; }
    }

    void take_back(std::unique_ptr<connection> lent) noexcept {
        if (!lent->clean()) {
            lent.reset();
            give_place();
            return;
        }
        {
            std::lock_guard const held{mutex_};
            idle_.push_back({std::move(lent), clock::now()});  // within what was reserved: does not throw
        }
        returned_.notify_one();
    }

    void give_place() noexcept {
        {
            std::lock_guard const held{mutex_};
            --open_;
        }
        returned_.notify_one();
    }

    connection_options connect_;
    pool_options limits_;
    mutable std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<waiting> idle_;
    std::size_t open_ = 0;
};

}  // namespace sark
