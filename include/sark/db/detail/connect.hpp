// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <sark/codec/parameters.hpp>
#include <sark/db/detail/failure.hpp>
#include <sark/db/detail/pqxx.hpp>
#include <sark/db/error.hpp>
#include <sark/db/options.hpp>

namespace sark::detail {

/// Says where a connection goes, without the password.
struct server_address {
    std::string host;
    std::string port;
    std::string database;
    std::string user;

    [[nodiscard]] std::string server() const {
        std::string text = host.empty() ? std::string{"the local server"} : host;
        if (!port.empty()) text.append(", port ").append(port);
        return text;
    }
};

[[nodiscard]] inline bool mentions(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Tells whether the parts of an address can be what they are taken for.
///
/// An unencoded `@` or `/` in a password moves a piece of it into the host or the port, which messages repeat.
[[nodiscard]] inline bool is_plausible(PQconninfoOption const* options) {
    for (; options->keyword != nullptr; ++options) {
        if (options->val == nullptr) continue;
        std::string_view const value = options->val;
        if (std::string_view{options->keyword} == "host" && mentions(value, "@") && !value.starts_with('@'))
            return false;  // but @ begins a socket without a file
        if (std::string_view{options->keyword} == "port" && value.find_first_not_of("0123456789,") != value.npos)
            return false;
    }
    return true;
}

/// Reads the parts of a PostgreSQL address; one that cannot be read is not repeated, for it may hold a password.
inline void check_address(std::string const& address) {
    char* problem = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{
        PQconninfoParse(address.c_str(), &problem), &PQconninfoFree};
    PQfreemem(problem);
    if (options == nullptr || !is_plausible(options.get()))
        throw error{"sark: the database address cannot be read. Write it as "
                    "postgresql://user@host:port/database, with special characters percent-encoded."};
}

[[nodiscard]] inline server_address address_of(PGconn* connection) {
    auto const text = [](char const* value) { return value == nullptr ? std::string{} : shown(value); };
    return {text(PQhost(connection)), text(PQport(connection)), text(PQdb(connection)), text(PQuser(connection))};
}

/// Turns libpq's words about a failed connection into one sentence with what to do.
///
/// libpq 15 has no code for these failures, so its English words decide; other languages get the last sentence.
[[nodiscard]] inline error connect_error(PGconn* connection) {
    std::string const words = PQerrorMessage(connection);
    server_address const t = address_of(connection);
    error_facts facts;
    facts.connection_lost = true;
    facts.server_message = words;
    std::string sentence{"sark: "};
    if (PQconnectionNeedsPassword(connection) != 0 || mentions(words, "password authentication failed") ||
        mentions(words, "empty password")) {
        facts.sqlstate = "28P01";
        sentence.append("the server refused the password of user \"").append(t.user);
        sentence.append("\". Check the password in the URL, PGPASSWORD or ~/.pgpass.");
    } else if (mentions(words, "database \"") && mentions(words, "does not exist")) {
        facts.sqlstate = "3D000";
        sentence.append("there is no database \"").append(t.database).append("\" on ").append(t.server());
        sentence.append(". Create it with createdb, or correct the name in the URL.");
    } else if (mentions(words, "role \"") && mentions(words, "does not exist")) {
        facts.sqlstate = "28000";
        sentence.append("the server does not know the user \"").append(t.user);
        sentence.append("\". Create it with createuser, or correct the user in the URL.");
    } else if (mentions(words, "could not translate host name") || mentions(words, "could not resolve")) {
        sentence.append("the host name \"").append(t.host).append("\" has no address. Correct it in the URL.");
    } else if (mentions(words, "timeout expired")) {
        sentence.append("no answer from ").append(t.server());
        sentence.append(" in time. Check host, port and firewall, or raise connect_timeout.");
    } else if (mentions(words, "Connection refused") || mentions(words, "No such file or directory") ||
               mentions(words, "is the server running") || mentions(words, "Is the server running")) {
        sentence.append("no server answers at ").append(t.server());
        sentence.append(". Start it, or correct host and port in the URL.");
    } else if (mentions(words, "pg_hba.conf")) {
        facts.sqlstate = "28000";
        sentence.append("the server lets user \"").append(t.user).append("\" not into database \"");
        sentence.append(t.database).append("\" from here. Add a line to its pg_hba.conf, or use another user.");
    } else if (mentions(words, "too many clients") || mentions(words, "remaining connection slots")) {
        facts.sqlstate = "53300";
        sentence.append("the server has no connection left. Close some, or raise max_connections.");
    } else if (mentions(words, "session is read-only") || mentions(words, "session is not read-only") ||
               mentions(words, "server is in hot standby mode") || mentions(words, "server is not in hot standby")) {
        sentence.append("no server at ").append(t.server()).append(" is of the kind that was asked for");
        sentence.append(". Change connection_options::target or target_session_attrs in the URL.");
    } else if (mentions(words, "starting up") || mentions(words, "shutting down")) {
        facts.sqlstate = "57P03";
        sentence.append("the server at ").append(t.server()).append(" starts or stops. Try again in a moment.");
    } else {
        sentence.append("cannot connect to ").append(t.server());
        sentence.append(". See server_message() for what the server says.");
    }
    return error{sentence, facts};
}

/// The session every connection of ours works in; encoders and decoders rely on it. Time-outs join it where asked for.
[[nodiscard]] inline std::string session_contract(connection_options const& options) {
    std::string sql{"SELECT set_config('client_encoding', 'UTF8', false), set_config('DateStyle', 'ISO, YMD', false), "
                    "set_config('TimeZone', 'UTC', false), set_config('IntervalStyle', 'iso_8601', false), "
                    "set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false), "
                    "set_config('standard_conforming_strings', 'on', false), set_config('array_nulls', 'on', false)"};
    auto const add = [&](char const* name, std::chrono::milliseconds limit) {
        if (limit.count() <= 0) return;
        sql.append(", set_config('").append(name).append("', '");
        sql.append(std::to_string(limit.count())).append("', false)");
    };
    add("statement_timeout", options.statement_timeout);
    add("lock_timeout", options.lock_timeout);
    add("idle_in_transaction_session_timeout", options.idle_in_transaction_timeout);
    return sql;
}

[[nodiscard]] constexpr char const* target_name(session_target target) {
    constexpr char const* names[] = {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"};
    return names[static_cast<std::size_t>(target)];
}

/// Connects, or throws the sentence that says why not.
[[nodiscard]] inline PGconn* connect(connection_options const& options) {
    // libpq reads up to a NUL, so what stands after one would be dropped in silence.
    check_text(options.address, "the database address");
    check_text(options.application_name, "the application name");
    check_address(options.address);
    std::string const timeout = std::to_string(options.connect_timeout.count());
    // The address expands "dbname" and wins over the keywords before it.
    std::array<char const*, 5> const keywords{"connect_timeout", "fallback_application_name", "target_session_attrs",
                                              "dbname", nullptr};
    std::array<char const*, 5> const values{timeout.c_str(), options.application_name.c_str(),
                                            target_name(options.target), options.address.c_str(), nullptr};
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdbParams(keywords.data(), values.data(), 1),
                                                            &PQfinish};
    if (connection == nullptr) throw error{"sark: there is no memory for a connection. Free some."};
    if (PQstatus(connection.get()) != CONNECTION_OK) throw connect_error(connection.get());
    return connection.release();
}

}  // namespace sark::detail
