// SPDX-License-Identifier: MIT
#pragma once

// Statements through libpqxx's own interface, for connections that somebody else owns. Next to pqxx.hpp the only file
// that knows its versions.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/db/detail/failure.hpp>
#include <sark/db/detail/pqxx.hpp>
#include <sark/db/error.hpp>

namespace sark::detail {

/// Turns what libpqxx throws into an error of ours; it knows no constraint, table or column.
[[noreturn]] inline void rethrow_native(std::string sqlstate, char const* words, bool lost = false) {
    error_facts facts;
    facts.sqlstate = std::move(sqlstate);
    facts.server_message = words;
    facts.connection_lost = lost;
    facts.retryable = facts.sqlstate == "40001" || facts.sqlstate == "40P01";
    throw refusal(facts);
}

/// Sends a text with its values as parameters; `In` is a transaction of libpqxx.
template <class In>
[[nodiscard]] pqxx::result send_native(In& in, std::string const& sql, parameters const& values) {
    char const* const* const begin = values.values();
    char const* const* const end = begin + values.size();
#if PQXX_VERSION_MAJOR < 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR < 5)
    return in.exec_params(sql, pqxx::prepare::make_dynamic_params(begin, end));
#else
    pqxx::params given;
    for (auto at = begin; at != end; ++at) {
        if (*at == nullptr)
            given.append();
        else
            given.append(std::string_view{*at});  // borrowed, as they are in ours
    }
    if constexpr (requires { in.exec(sql, given); })
        return in.exec(sql, given);
    else
        return in.exec_params(sql, given);
#endif
}

/// Runs a text through a transaction of libpqxx.
/// @throws error for whatever libpqxx throws
template <class In>
[[nodiscard]] pqxx::result run_native(In& in, std::string const& sql, parameters const& values) {
    try {
        return send_native(in, sql, values);
    } catch (pqxx::deadlock_detected const& e) {  // 6.4 keeps no code for these two
        rethrow_native("40P01", e.what());
    } catch (pqxx::serialization_failure const& e) {
        rethrow_native("40001", e.what());
    } catch (pqxx::broken_connection const& e) {
        rethrow_native({}, e.what(), true);
    } catch (pqxx::sql_error const& e) {
        // A session that the server ends says so with a code; libpq keeps it up to 13, and from 14 on what came after it.
        rethrow_native(std::string{e.sqlstate()}, e.what(), !in.conn().is_open());
    } catch (pqxx::usage_error const& e) {
        throw error{"sark: libpqxx refuses a statement in this transaction, which is over or has a stream open. "
                    "Borrow an open one.",
                    {.server_message = e.what()}};
    } catch (pqxx::failure const& e) { rethrow_native({}, e.what()); }
}

/// Gives the fields of one row to a decoder; all of them are text.
struct native_fields {
    pqxx::result const& from;
    pqxx::result::size_type row;

    field operator()(std::size_t column) const {
        auto const f = from[row][static_cast<pqxx::row::size_type>(column)];
        if (f.is_null()) return {.data = nullptr, .size = 0, .is_null = true};
        return {.data = f.c_str(), .size = static_cast<std::size_t>(f.size()), .is_null = false};
    }
};

/// Tells whether a session has the settings that values are read with.
/// @throws error that names the first setting that is another
template <class In>
void check_settings(In& in) {
    struct setting {
        char const* name;
        char const* wanted;
    };
    static constexpr std::array<setting, 5> settings{{{"client_encoding", "UTF8"},
                                                      {"DateStyle", "ISO"},
                                                      {"bytea_output", "hex"},
                                                      {"standard_conforming_strings", "on"},
                                                      {"array_nulls", "on"}}};
    std::string sql{"SELECT "};
    for (auto const& [name, wanted] : settings) sql.append("current_setting('").append(name).append("'), ");
    sql += "current_setting('extra_float_digits')::int > 0";
    pqxx::result const found = run_native(in, sql, {});
    native_fields const fields{found, 0};
    auto const refuse = [](std::string const& name, std::string const& wanted) {
        throw error{"sark: the session's " + name + " is not " + wanted +
                    ", and values are read with it. Set it before the session is borrowed."};
    };
    for (std::size_t i = 0; i < settings.size(); ++i)
        if (!fields(i).text().starts_with(settings[i].wanted)) refuse(settings[i].name, settings[i].wanted);
    if (fields(settings.size()).text() != "t") refuse("extra_float_digits", "above 0");
}

}  // namespace sark::detail
