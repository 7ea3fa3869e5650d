// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <sark/db/detail/block.hpp>
#include <sark/db/detail/driver.hpp>
#include <sark/sql/writer.hpp>

namespace sark::detail {

/// Reads the rows of a statement a batch at a time, each of about as many bytes, however many there are.
///
/// A cursor of the server needs a transaction: the one that is open, or one of its own, which then keeps others off the
/// connection until the rows are read or given up.
class cursor {
public:
    static constexpr std::size_t first_batch = 64;
    static constexpr std::size_t most_rows = 8192;
    /// Through a socket of this machine a round trip costs next to nothing, and what is below 128 kB malloc of glibc
    /// keeps for the next batch; more it hands back to the system, and each page of it is made anew.
    static constexpr std::size_t near_bytes = 96U << 10U;
    /// Over a network round trips cost more than pages.
    static constexpr std::size_t far_bytes = 1U << 20U;

    cursor(driver& on, void const* turn, std::string_view sql, arguments const& values) : on_{on}, turn_{turn} {
        name_ = "sark_cursor_" + std::to_string(++on_.cursors);
        if (on_.is_idle()) {
            // All rows will be read, so the plan is the one for all, not the one for the first tenth.
            on_.run("BEGIN");
            owns_ = true;
            on_.active = turn_ = this;
        }
        try {
            if (owns_) on_.run("SET LOCAL cursor_tuple_fraction = 1");
            std::string declare{"DECLARE \""};
            declare.append(name_).append("\" NO SCROLL CURSOR FOR ").append(sql);
            on_.run(declare.c_str(), values);
            is_open_ = true;
        } catch (...) {
            give_up();
            throw;
        }
    }
    cursor(cursor const&) = delete;
    cursor& operator=(cursor const&) = delete;
    ~cursor() { give_up(); }

    /// Gives the next rows; none at the end, where the cursor closes.
    result next(bool binary) {
        if (on_.active != turn_)
            throw error{"sark: another transaction of this connection is open, or the one of this stream has ended. "
                        "Read the stream where it was opened."};
        std::string const fetch = "FETCH FORWARD " + std::to_string(batch_) + " FROM \"" + name_ + '"';
        result got = on_.run(fetch.c_str(), {}, binary);
        if (got.rows() < batch_) {
            finish();
        } else {
            std::size_t const per_row = std::max<std::size_t>(got.bytes() / got.rows(), 1);
            batch_ = std::clamp<std::size_t>(batch_bytes() / per_row, 1, std::min(most_rows, batch_ * 8));
        }
        return got;
    }

    [[nodiscard]] bool is_open() const noexcept { return is_open_; }

private:
    [[nodiscard]] std::size_t batch_bytes() const {
        char const* const host = PQhost(on_.raw());
        return host != nullptr && (*host == '/' || *host == '@') ? near_bytes : far_bytes;
    }

    void finish() {
        is_open_ = false;
        if (owns_) {
            owns_ = false;
            on_.active = nullptr;
            finish_block(on_, "COMMIT");
        } else {
            on_.run(("CLOSE \"" + name_ + '"').c_str());
        }
    }

    void give_up() noexcept {
        if (!is_open_ && !owns_) return;
        is_open_ = false;
        bool const owned = std::exchange(owns_, false);
        if (owned) on_.active = nullptr;
        if (!on_.is_open() || on_.is_idle()) return;
        try {
            on_.run(owned ? "ROLLBACK" : ("CLOSE \"" + name_ + '"').c_str());
        } catch (...) {  // NOLINT(bugprone-empty-catch): a cursor does not outlive its transaction
        }
    }

    driver& on_;
    void const* turn_;
    std::string name_;
    std::size_t batch_ = first_batch;
    bool owns_ = false;
    bool is_open_ = false;
};

}  // namespace sark::detail
