// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace sark {

/// Carries what is known about a failure beside its sentence.
struct error_facts {
    std::string sqlstate = {};    ///< five characters of the server, empty when it did not answer
    std::string constraint = {};  ///< name of the violated constraint; engines on top of PostgreSQL may not tell
    std::string table = {};
    std::string column = {};
    std::string server_message = {};  ///< the server's own words: may quote values and query text
    std::string step = {};            ///< migrations: where it happened
    bool retryable = false;           ///< repeating the whole transaction can succeed
    bool connection_lost = false;     ///< this connection is dead
    bool in_doubt = false;            ///< nobody knows whether the transaction was committed
    bool not_run = false;             ///< a statement before this one in its pipeline failed
};

/// Reports every failure of the library: one base with properties instead of a tall hierarchy.
///
/// `what()` is one sentence with what to do, and never holds a value, a query or a password. The server's own words,
/// which may, are behind `server_message()`.
class error : public std::runtime_error {
public:
    explicit error(std::string const& sentence, error_facts facts = {})
        : std::runtime_error{sentence}, facts_{std::move(facts)} {}

    [[nodiscard]] std::string const& sqlstate() const noexcept { return facts_.sqlstate; }
    [[nodiscard]] std::string const& constraint() const noexcept { return facts_.constraint; }
    [[nodiscard]] std::string const& table() const noexcept { return facts_.table; }
    [[nodiscard]] std::string const& column() const noexcept { return facts_.column; }
    [[nodiscard]] std::string const& server_message() const noexcept { return facts_.server_message; }
    [[nodiscard]] std::string const& step() const noexcept { return facts_.step; }
    [[nodiscard]] bool retryable() const noexcept { return facts_.retryable; }
    [[nodiscard]] bool connection_lost() const noexcept { return facts_.connection_lost; }
    [[nodiscard]] bool in_doubt() const noexcept { return facts_.in_doubt; }
    [[nodiscard]] bool not_run() const noexcept { return facts_.not_run; }
    [[nodiscard]] error_facts const& facts() const noexcept { return facts_; }

private:
    error_facts facts_;
};

}  // namespace sark
