// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace sark {

class observer;

/// Says which of several servers a connection accepts; source: libpq's target_session_attrs.
enum class session_target { any, read_write, read_only, primary, standby, prefer_standby };

/// Says how to connect. What the address itself says wins over what is said here.
struct connection_options {
    /// Is `postgresql://user@host:port/database`, or libpq's `key=value` form.
    std::string address = {};
    std::string application_name = "sark";
    session_target target = session_target::any;
    std::chrono::seconds connect_timeout{10};
    std::chrono::milliseconds statement_timeout{0};            ///< 0 leaves what the role or the server says
    std::chrono::milliseconds lock_timeout{0};                 ///< 0 leaves it
    std::chrono::milliseconds idle_in_transaction_timeout{0};  ///< 0 leaves it
    /// Keeps this many statements prepared on the server, the last used ones. 0 names none, which is what a pooler needs
    /// that gives each transaction another session (PgBouncer's transaction mode); results then come as text.
    std::size_t prepared_statements = 256;
    observer* watched_by = nullptr;  ///< outlives the connection
};

}  // namespace sark
