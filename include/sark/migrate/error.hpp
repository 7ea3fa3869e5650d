// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/db/error.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Says that a migration did not run to its end. Everything before the revision it names is applied and recorded.
///
/// Nothing of the revision itself is, when it is one transaction; else what its ledger row says, and the next run goes
/// on from there. Has all properties of the server's error it was made from. `in_doubt()` says that the connection was
/// lost at the commit and the server could not be asked in time: the next run finds out.
class failed : public sark::error {
public:
    failed(std::string_view revision, std::size_t statement, std::string const& sentence, sark::error const& cause)
        : failed{revision, statement, sentence, cause.facts()} {}
    failed(std::string_view revision, std::size_t statement, std::string const& sentence, error_facts const& facts)
        : sark::error{sentence, with_step(facts, revision, statement)}, revision_{revision}, statement_{statement} {}

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

/// Says that the run was asked to stop, and did, between or within the transactions of the revision it names.
class cancelled : public failed {
public:
    using failed::failed;
};

/// Says that the connection was lost after the revision it names had been committed, which was asked for afterwards.
class interrupted : public failed {
public:
    using failed::failed;
};

/// Says that there is nothing sensible to run; `why` holds the problem.
class refused : public sark::error {
public:
    explicit refused(problem why) : sark::error{why.message}, why_{std::move(why)} {}

    [[nodiscard]] problem const& why() const noexcept { return why_; }

private:
    problem why_;
};

/// Says that another run holds the lock and did not finish in time, or took over.
class busy : public sark::error {
public:
    using sark::error::error;
};

}  // namespace sark::migrate
