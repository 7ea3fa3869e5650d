// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sark/db/detail/pqxx.hpp>
#include <sark/db/error.hpp>

namespace sark::detail {

[[nodiscard]] inline std::string diagnostic(PGresult const* result, int code) {
    char const* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string{} : std::string{text};
}

/// Gives a name as a message can show it: control characters, which could forge a line of a log, become `?`.
[[nodiscard]] inline std::string shown(std::string name) {
    for (char& c : name)
        if (static_cast<unsigned char>(c) < 0x20U || c == '\x7F') c = '?';
    return name;
}

/// Makes the error for a statement that failed so: names and codes in the sentence, the server's words behind the
/// accessor.
[[nodiscard]] inline error refusal(error_facts const& facts) {
    if (facts.sqlstate.empty())
        return error{facts.connection_lost ? "sark: the connection to the server was lost. Connect again."
                                           : "sark: the statement could not be sent. See server_message().",
                     facts};
    sqlstate_advice const advice = advice_for(facts.sqlstate);
    std::string sentence{"sark: the server refused the statement: "};
    if (!advice.condition.empty()) sentence.append(advice.condition).append(" ");
    sentence.append("(").append(facts.sqlstate).append(")");
    if (!facts.constraint.empty()) sentence.append(", constraint ").append(shown(facts.constraint));
    if (!facts.table.empty()) sentence.append(", table ").append(shown(facts.table));
    if (!facts.column.empty()) sentence.append(", column ").append(shown(facts.column));
    sentence.append(". ").append(advice.cure);
    return error{sentence, facts};
}

/// Makes the error for a failed statement of libpq.
[[nodiscard]] inline error statement_error(PGresult const* result, PGconn const* connection) {
    error_facts facts;
    facts.connection_lost = PQstatus(connection) == CONNECTION_BAD;
    facts.server_message = result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection);
    if (result != nullptr) {
        facts.sqlstate = diagnostic(result, PG_DIAG_SQLSTATE);
        facts.constraint = diagnostic(result, PG_DIAG_CONSTRAINT_NAME);
        facts.table = diagnostic(result, PG_DIAG_TABLE_NAME);
        facts.column = diagnostic(result, PG_DIAG_COLUMN_NAME);
    }
    facts.retryable = facts.sqlstate == "40001" || facts.sqlstate == "40P01";
    return refusal(facts);
}

}  // namespace sark::detail
