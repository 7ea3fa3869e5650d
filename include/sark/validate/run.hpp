// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/diff.hpp>
#include <sark/catalog/read.hpp>
#include <sark/db/connection.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/postcondition.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/report/report.hpp>
#include <sark/validate/checks.hpp>
#include <sark/validate/detail/asker.hpp>
#include <sark/validate/detail/guarantees.hpp>
#include <sark/validate/detail/schema_part.hpp>
#include <sark/validate/options.hpp>
#include <sark/version.hpp>

namespace sark::validate::detail {

/// Runs a validation; what could not be looked at is said, and the rest is looked at.
class runner {
public:
    runner(connection& db, chain_access const& chain, std::span<row_check const> checks, options const& how)
        : db_{db}, chain_{chain}, checks_{checks}, how_{how} {}

    [[nodiscard]] report::report run() {
        out_.tool = "sark validate";
        out_.version = std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) + '.' +
                       std::to_string(sark::version.patch);
        try {
            expectation const expected = schema_part{db_, chain_, how_, out_}.expect();
            db_.transaction([&](sark::transaction& tx) { look(tx, expected); });
            if (how_.data && !how_.quick && how_.also) beside();
        } catch (sark::error const& problem) {
            if (problem.connection_lost()) throw;
            out_.unchecked.push_back(problem.sqlstate().empty() ? std::string{problem.what()} : reason_of(problem));
        }
        return std::move(out_);
    }

private:
    void look(sark::transaction& tx, expectation const& expected) {
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        // A row that is hidden from the role is a row that was not checked: better refused than not seen.
        tx.execute("SET LOCAL row_security = off");
        tx.execute("SET LOCAL standard_conforming_strings = on");
        limit(tx, "statement_timeout", how_.statement_timeout);
        limit(tx, "lock_timeout", how_.lock_timeout);
        catalog::snapshot const live = catalog::read(tx);
        out_.database = live.database;
        out_.started = live.taken;

        std::vector<report::finding> differences;
        if (expected.spelled) differences = catalog::diff(*expected.spelled, live);
        if (how_.schema) out_.findings.insert(out_.findings.end(), differences.begin(), differences.end());

        std::vector<question> questions =
            guarantees{expected.definition, live, differences, expected.spelled.has_value()}.questions();
        for (std::span<row_check const> const list : {checks_, how_.more})
            for (row_check const& c : list) questions.push_back(question_of(c));
        asker asks{tx, live, how_, out_};
        asks.ask_existence(expected.definition);
        asks.ask_server();
        asks.ask(questions);
        auto const is_table = [](catalog::relation const& r) { return !r.is_view(); };
        out_.counts = {{"checks", asks.asked()},
                       {"tables", std::count_if(live.relations.begin(), live.relations.end(), is_table)}};
    }

    static void limit(sark::transaction& tx, std::string const& name, std::chrono::milliseconds limit) {
        if (limit.count() > 0) tx.execute("SET LOCAL " + name + " = " + std::to_string(limit.count()));
    }

    void beside() {
        std::vector<report::finding> more;
        try {
            more = how_.also(db_);
        } catch (sark::error const& problem) {
            if (problem.connection_lost()) throw;
            out_.unchecked.push_back("the comparison of values: " +
                                     (problem.sqlstate().empty() ? std::string{problem.what()} : reason_of(problem)));
        }
        for (report::finding& f : more) out_.findings.push_back(std::move(f));
    }

    connection& db_;
    chain_access const& chain_;
    std::span<row_check const> checks_;
    options const& how_;
    report::report out_;
};

}  // namespace sark::validate::detail

namespace sark::validate {

/// Checks a database of a chain of your own: its schema, what the schema promises about rows, the server's own state, and
/// the rows by `checks`.
///
/// All rows are read in one transaction, repeatable read and read only, in UTC. Only to learn how the server spells the
/// expected schema a further transaction builds that and rolls back; `options::read_only` leaves it out. Throws when
/// the connection is lost; what the role may not read is said in `unchecked`.
template <auto const&... Migrations>
[[nodiscard]] report::report run(connection& db, migrate::chain_t<Migrations...> const& chain,
                                 std::span<row_check const> checks, options const& how = {}) {
    detail::chain_access const access{
        chain,
        [](migrate::profile server, std::string_view revision) {
            return migrate::fold(migrate::chain<Migrations...>, server, revision);
        },
        [](connection& on) { return migrate::verify_applied(on, migrate::chain<Migrations...>); }};
    return detail::runner{db, access, checks, how}.run();
}

/// Checks a database of the library's own tables.
/// @code
/// sark::report::report const found = sark::validate::run(db);
/// return sark::report::exit_code(found);
/// @endcode
[[nodiscard]] inline report::report run(connection& db, options const& how = {}) {
    return run(db, migrations::chain, row_checks(), how);
}

}  // namespace sark::validate
