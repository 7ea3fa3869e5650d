// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/assertion.hpp>
#include <sark/migrate/runner.hpp>

namespace sark::migrate::detail {

/// Begins a transaction that sees one state of the database and changes nothing.
template <class F>
auto in_snapshot(sark::connection& db, F const& f) {
    return db.transaction([&](sark::transaction& tx) {
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return f(tx);
    });
}

/// Asks assertions, one after the other.
class asker {
public:
    explicit asker(sark::transaction& tx) : tx_{tx} {}

    /// Adds a finding when the assertion does not hold; one that the server cannot answer is a finding, too, unless
    /// what it lacks has been reported.
    void ask(migrate::assertion_view const& a, std::string_view migration,
             std::vector<migrate::assertion_finding>& findings) {
        if (!applies(a.guard)) return;
        migrate::assertion_finding found{.migration = std::string{migration},
                                         .step = std::string{a.step},
                                         .sentence = std::string{a.says},
                                         .details = {},
                                         .severity = a.severity};
        try {
            auto const row = tx_.nested([&](sark::transaction& inner) { return inner.query_text(a.sql).at(0); });
            std::string const& count = row.at(0).value();
            std::from_chars(count.data(), count.data() + count.size(), found.count);
            if (found.count == 0) return;
            found.details = row.at(1).value_or("");
        } catch (sark::error const& cause) {
            std::string_view const state = cause.sqlstate();
            if (!is_answer(state)) throw;
            bool const lacks = state == "42P01" || state == "42703";
            if (lacks && (broken_.contains(a.subject) || broken_.contains(a.other))) return;
            found.sentence = "the server cannot answer whether " + found.sentence;
            found.count = 1;
            found.details = first_words(cause);
        }
        if (a.severity == severity::error) broken_.insert(a.subject);
        findings.push_back(std::move(found));
    }

    /// Tells whether a question with this guard is asked of this server.
    [[nodiscard]] bool applies(std::string_view guard) {
        if (guard.empty()) return true;
        auto const known = guards_.find(guard);
        if (known != guards_.end()) return known->second;
        return guards_[guard] = tx_.query_text(guard).at(0).at(0) == "t";
    }

private:
    /// Tells whether an error is about the question: a name, a type or a value, and not about session or server.
    static bool is_answer(std::string_view state) {
        return state.starts_with("42") || state.starts_with("22") || state.starts_with("21") ||
               state.starts_with("0A") || state.starts_with("P0");
    }

    sark::transaction& tx_;
    std::map<std::string_view, bool> guards_;  // of one list of assertions, which outlives the asker
    std::set<std::string_view> broken_;
};

}  // namespace sark::migrate::detail
