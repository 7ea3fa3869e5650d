// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/db/error.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Says that a migration did not run. Everything before the revision it names is applied and recorded, nothing of the
/// revision itself is. Has all properties of the server's error it was made from.
class failed : public sark::error {
public:
    failed(std::string_view revision, std::size_t statement, std::string const& sentence, sark::error const& cause)
        : sark::error{sentence, with_step(cause.facts(), revision, statement)},
          revision_{revision},
          statement_{statement} {}

    [[nodiscard]] std::string const& revision() const noexcept { return revision_; }
    /// Gives the number of the statement that failed, from 1; 0 when it was the commit or the ledger.
    [[nodiscard]] std::size_t statement() const noexcept { return statement_; }

private:
    static error_facts with_step(error_facts facts, std::string_view revision, std::size_t statement) {
        facts.step = std::string{revision} + ": statement " + std::to_string(statement);
        return facts;
    }

    std::string revision_;
    std::size_t statement_;
};

/// Says that there is nothing sensible to run; `why` holds the problem.
class refused : public sark::error {
public:
    explicit refused(problem why) : sark::error{why.message}, why_{std::move(why)} {}

    [[nodiscard]] problem const& why() const noexcept { return why_; }

private:
    problem why_;
};

/// Says that another run holds the lock and did not finish in time.
class busy : public sark::error {
public:
    using sark::error::error;
};

}  // namespace sark::migrate
