// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <version>

#include <sark/db/connection.hpp>
#include <sark/db/control.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/options.hpp>

namespace sark::migrate::detail {

/// Asks both ways of stopping a run.
[[nodiscard]] inline bool stop_wanted(migrate::options const& how) {
#if defined(__cpp_lib_jthread)
    if (how.stop.stop_requested()) return true;
#endif
    return how.should_stop && how.should_stop();
}

/// Gives what a statement that can be cancelled asks; empty when nobody can cancel it.
[[nodiscard]] inline std::function<bool()> stop_question(migrate::options const& how) {
    bool can_be_stopped = static_cast<bool>(how.should_stop);
#if defined(__cpp_lib_jthread)
    can_be_stopped = can_be_stopped || how.stop.stop_possible();
#endif
    if (!can_be_stopped) return {};
    return [&how] { return stop_wanted(how); };
}

/// Says which process of the server works for a session; a pid alone comes again.
struct backend_identity {
    std::string pid;
    std::string started;
};

/// Gives a token no other run has: half of it says which session of the server, half of it when.
[[nodiscard]] inline std::string fresh_token(backend_identity const& who) {
    std::uint64_t session = 14'695'981'039'346'656'037U;  // FNV-1a
    for (std::string const* part : {&who.pid, &who.started})
        for (char const c : *part) session = (session ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    auto const now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    std::string text;
    for (std::uint64_t const half : {session, now ^ reinterpret_cast<std::uintptr_t>(&who)})
        for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(half >> shift) & 15U];
    return text;
}

[[nodiscard]] inline backend_identity identity_of(sark::connection& db) {
    auto const rows = db.query_text(
        "SELECT pid, backend_start::text FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()");
    if (rows.empty()) return {};
    return {rows[0].at(0).value_or(""), rows[0].at(1).value_or("")};
}

/// Refuses a session behind a pooler that gives each transaction another backend, where a session's lock protects
/// nothing: unlocking happens elsewhere, and two clients hold one lock.
///
/// A server announces its own process id to the client, a pooler one that it made up. Only then a second session asks
/// whether it gets the backend that should be ours. (PgBouncer hands out the last used one first; a pooler that goes
/// round is found by our own session moving.)
inline void refuse_pooler(sark::connection& db) {
    auto const backend = [](sark::session& of) { return of.query_text("SELECT pg_backend_pid()").at(0).at(0).value(); };
    std::string const ours = backend(db);
    if (ours == std::to_string(sark::announced_backend(db))) return;
    bool shares = false;
    std::string server_message;
    try {
        sark::connection second = sark::connect_again(db);
        for (int i = 0; i < 8 && !shares; ++i) {
            shares = backend(db) != ours;
            second.transaction(
                [&](sark::transaction& tx) { shares = shares || backend(tx) == ours || backend(db) != ours; });
        }
    } catch (sark::error const& cause) {
        // A pooler with one backend lets us wait for ourselves; that it could not be asked is an answer, too.
        shares = true;
        server_message = cause.server_message();
    }
    if (shares)
        throw migrate::refused{
            {migrate::problem_kind::pooler,
             {},
             "sark: this connection goes through a pooler that shares sessions between transactions (PgBouncer's "
             "pool_mode = transaction or statement), where no lock of ours holds. Connect to the server itself, or to "
             "a pool with pool_mode = session."}};
}

/// The settings that migrations are written for, by name and value; also what a script sets.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 10> session_pins{{
    {"TimeZone", "UTC"},
    {"DateStyle", "ISO, YMD"},
    {"IntervalStyle", "iso_8601"},
    {"standard_conforming_strings", "on"},
    {"default_transaction_isolation", "read committed"},
    {"default_transaction_read_only", "off"},
    {"default_transaction_deferrable", "off"},
    {"row_security", "off"},  // a table that hides rows stops a migration instead of being changed by half
    {"check_function_bodies", "on"},
    {"transform_null_equals", "off"},
}};

/// Makes the session the one that migrations are written for, and afterwards what it was.
///
/// What a role or a program set must not change what a migration does: where names are looked up, how texts of times
/// are read, which rows are seen, what a transaction may do.
class run_session {
public:
    explicit run_session(sark::connection& db) : db_{db} {
        refuse_pooler(db);
        auto const schema = db.query_text("SELECT current_schema()").at(0).at(0);
        if (!schema)
            throw migrate::refused{{migrate::problem_kind::no_schema,
                                    {},
                                    "sark: no schema of search_path exists, so nothing can be created. Create the "
                                    "schema, or set search_path."}};
        who_ = identity_of(db);
        std::string read = "SELECT ";
        for (auto const& [name, value] : pins)
            read += (before_.empty() && read.size() == 7 ? "" : ", ") + ("current_setting('" + std::string{name}) +
                    "')";
        auto const found = db.query_text(read).at(0);
        for (auto const& value : found) before_.push_back(value.value_or(""));
        // Schemas that exist now, by name: "$user" and schemas that a migration creates do not move the rest.
        std::string const path = db.query_text("SELECT string_agg(quote_ident(s), ', ' ORDER BY n) FROM "
                                               "unnest(current_schemas(false)) WITH ORDINALITY AS p(s, n)")
                                     .at(0)
                                     .at(0)
                                     .value_or("");
        for (auto const& [name, value] : pins) set(name, name == "search_path" ? path : std::string{value});
    }
    run_session(run_session const&) = delete;
    run_session& operator=(run_session const&) = delete;
    ~run_session() {
        try {
            if (!db_.is_open()) return;
            for (std::size_t i = 0; i < pins.size(); ++i) set(pins[i].first, before_.at(i));
        } catch (...) {  // NOLINT(bugprone-empty-catch): a session that is gone needs nothing back
        }
    }

    [[nodiscard]] backend_identity const& who() const noexcept { return who_; }

private:
    static constexpr auto pins = [] {
        std::array<std::pair<std::string_view, std::string_view>, session_pins.size() + 4> all{{
            {"search_path", ""},
            {"lock_timeout", "0"},
            {"statement_timeout", "0"},
            {"idle_in_transaction_session_timeout", "0"},
        }};
        for (std::size_t i = 0; i < session_pins.size(); ++i) all[i + 4] = session_pins[i];
        return all;
    }();

    void set(std::string_view name, std::string const& value) {
        static_cast<void>(db_.query_text("SELECT set_config($1, $2, false)", {std::string{name}, value}));
    }

    sark::connection& db_;
    std::vector<std::string> before_;
    backend_identity who_;
};

}  // namespace sark::migrate::detail
