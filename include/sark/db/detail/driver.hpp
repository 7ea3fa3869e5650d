// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <sys/socket.h>

#include <sark/codec/parameters.hpp>
#include <sark/db/detail/connect.hpp>
#include <sark/db/detail/failure.hpp>
#include <sark/db/detail/pqxx.hpp>
#include <sark/db/detail/result.hpp>
#include <sark/db/detail/statement_cache.hpp>
#include <sark/db/observer.hpp>
#include <sark/db/options.hpp>

namespace sark::detail {

/// Is the values of a statement as libpq takes them; lengths, formats and types only where some are binary.
struct arguments {
    int count = 0;
    char const* const* values = nullptr;
    int const* lengths = nullptr;
    int const* formats = nullptr;
    Oid const* types = nullptr;

    arguments() = default;
    arguments(parameters const& p) : count{static_cast<int>(p.size())}, values{p.values()} {  // NOLINT
        if (p.size() > most) [[unlikely]]
            throw error{"sark: a statement has " + std::to_string(p.size()) +
                        " values, and the protocol counts to 65535. Pass a list as one array, or split it."};
    }

    static constexpr std::size_t most = 65'535;
};

/// Is given what the server says beside its answers. libpq calls it, so nothing may be thrown through it.
class notice_sink {
public:
    virtual void take(PGresult const* notice) noexcept = 0;

protected:
    ~notice_sink() = default;
};

/// Runs statements on one connection and knows which session may use it now.
class driver {
public:
    explicit driver(connection_options const& options)
        : owner_{connect(options)},
          cache_{options.prepared_statements},
          contract_{session_contract(options)},
          watched_by{options.watched_by} {
        // libpq prints notices by default; a library does not.
        PQsetNoticeReceiver(
            owner_.raw(),
            [](void* of, PGresult const* notice) {
                if (notice_sink* const sink = static_cast<driver*>(of)->heard_by) sink->take(notice);
            },
            this);
        run(contract_.c_str());
    }

    [[nodiscard]] PGconn* raw() const noexcept { return owner_.raw(); }
    [[nodiscard]] native_connection* native() const noexcept { return owner_.native(); }
    [[nodiscard]] bool is_open() const noexcept { return PQstatus(owner_.raw()) == CONNECTION_OK; }
    [[nodiscard]] bool is_idle() const noexcept { return PQtransactionStatus(owner_.raw()) == PQTRANS_IDLE; }

    /// Runs a text of the library's own, once and unprepared; rows come as text, or in binary where that is asked for.
    result run(char const* sql, arguments const& values = {}, bool binary = false) {
        return watched(sql, sql, [&] { return send(sql, values, binary); });
    }
    /// Runs a text of somebody else, which observers do not see: it may hold values.
    result run_foreign(char const* sql, arguments const& values = {}) {
        return watched(sql, {}, [&] { return send(sql, values, false); });
    }

    /// Ends the connection where it stands, for it can no longer be told what the server's next answer is to.
    void hang_up() noexcept {
        if (int const socket = PQsocket(raw()); socket >= 0) ::shutdown(socket, SHUT_RDWR);
        // libpq learns of it by reading; what had come before is read first.
        for (int i = 0; i < 1024 && is_open(); ++i)
            if (PQconsumeInput(raw()) == 0) break;
    }

    /// Undoes what a session can carry from one user to the next, and sets the contract anew.
    [[nodiscard]] bool clean() noexcept {
        try {
            if (!is_open() || PQtransactionStatus(raw()) == PQTRANS_ACTIVE) return false;
            if (!is_idle()) run("ROLLBACK");
            // DISCARD ALL without the plans and names of prepared statements; source: its page in the manual.
            for (char const* const sql : {"CLOSE ALL", "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "UNLISTEN *",
                                          "SELECT pg_advisory_unlock_all()", "DISCARD TEMP", "DISCARD SEQUENCES"})
                run(sql);
            run(contract_.c_str());
            return is_idle();
        } catch (...) { return false; }
    }

    /// Runs a statement that comes again: unprepared at first, prepared from the second time on.
    ///
    /// The second run reads its rows as text and asks which types they have; from the third on they come in binary when
    /// each of them can. The server keeps the types of a prepared statement or refuses to run it.
    result run(statement_text const& statement, arguments const& values) {
        if (!cache_.is_enabled()) {
            if (statement.is_constant) return run(statement.text.data(), values);
            return run(std::string{statement.text}.c_str(), values);
        }
        if (cached_statement* const known = cache_.find(statement)) return run_known(*known, values);
        cached_statement* const victim = cache_.next_victim();
        if (victim != nullptr && victim->is_prepared) run(("DEALLOCATE \"" + victim->name + '"').c_str());
        cached_statement& added = cache_.add(statement);
        return run(added.text.c_str(), values);
    }

    /// Tells whether the rows of a result are the ones to vote about; their decoder calls `settle` before it runs
    /// another statement.
    [[nodiscard]] static bool wants_votes(result const& r) noexcept { return r.undecided_ != nullptr; }
    static void settle(result const& r, binary_votes const& votes) noexcept {
        r.undecided_->is_decided = true;
        r.undecided_->is_binary = votes.unanimous(r.columns());
    }

    /// Counts the statements that it remembers.
    [[nodiscard]] std::size_t known_statements() const noexcept { return cache_.size(); }

    /// Throws unless a result is a success; takes over what it holds.
    result checked(result_owner owned, bool binary = false) {
        switch (PQresultStatus(owned.get())) {
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK: {
                result good{std::move(owned)};
                good.is_binary_ = binary;
                return good;
            }
            case PGRES_COPY_IN:
            case PGRES_COPY_OUT:
            case PGRES_COPY_BOTH:
                // Leaving the copy open would make every later statement fail.
                hang_up();
                throw error{"sark: COPY cannot run through execute(). Use copy_in or copy_out.",
                            {.connection_lost = true}};
            default: throw statement_error(owned.get(), raw());
        }
    }

    /// Tells the observer what `send` did; without one there is nothing but a test of a pointer.
    template <class Send>
    result watched(std::string_view sql, std::string_view shown, Send&& send) {
        if (watched_by == nullptr) [[likely]]
            return send();
        statement_event event = event_of(sql, shown);
        auto const begin = std::chrono::steady_clock::now();
        try {
            result got = send();
            event.duration = std::chrono::steady_clock::now() - begin;
            event.rows = got.rows();
            watched_by->statement(event);
            return got;
        } catch (error const& failed) {
            event.duration = std::chrono::steady_clock::now() - begin;
            event.sqlstate = failed.sqlstate();
            watched_by->statement(event);
            throw;
        }
    }

    [[nodiscard]] statement_event event_of(std::string_view sql, std::string_view shown) const {
        statement_event event{.text = shown, .operation = first_word(sql), .collection = first_table(shown)};
        event.database = PQdb(raw());
        event.server = PQhost(raw());
        event.port = PQport(raw());
        return event;
    }

private:
    friend class pipe;

    result send(char const* sql, arguments const& a, bool binary) {
        return checked(
            result_owner{PQexecParams(raw(), sql, a.count, a.types, a.values, a.lengths, a.formats, binary ? 1 : 0)},
            binary);
    }

    result run_known(cached_statement& statement, arguments const& values) {
        result got = watched(statement.text, statement.text, [&] {
            if (!statement.is_prepared) prepare(statement, values);
            result_owner owned = send_prepared(statement, values);
            if (is_stale(owned.get())) {
                // Nothing was run: the server refused the name, or the types of what it stands for.
                statement.is_prepared = statement.is_decided = statement.is_binary = false;
                bool const has_name = diagnostic(owned.get(), PG_DIAG_SQLSTATE) == "0A000";
                if (!is_idle()) {
                    if (has_name) statement.rename();
                    refuse_stale(owned.get());
                }
                if (has_name) send(("DEALLOCATE \"" + statement.name + '"').c_str(), {}, false);
                prepare(statement, values);
                owned = send_prepared(statement, values);
            }
            return checked(std::move(owned), statement.is_binary);
        });
        if (!statement.is_decided) got.undecided_ = &statement;
        return got;
    }

    void prepare(cached_statement& statement, arguments const& values) {
        cache_.make_name(statement);
        result_owner const done{PQprepare(raw(), statement.name.c_str(), statement.text.c_str(),
                                          values.types == nullptr ? 0 : values.count, values.types)};
        statement.is_prepared = true;
        if (PQresultStatus(done.get()) == PGRES_COMMAND_OK) return;
        char const* const code = PQresultErrorField(done.get(), PG_DIAG_SQLSTATE);
        // A pooler gave us a session where somebody prepared the same text: the name says so.
        bool const is_there = code != nullptr && std::string_view{code} == "42P05";
        if (is_there && is_idle()) return;
        statement.is_prepared = is_there;
        if (is_there) refuse_stale(done.get());
        throw statement_error(done.get(), raw());
    }

    result_owner send_prepared(cached_statement const& statement, arguments const& a) {
        return result_owner{PQexecPrepared(raw(), statement.name.c_str(), a.count, a.values, a.lengths, a.formats,
                                           statement.is_binary ? 1 : 0)};
    }

    /// Tells whether the server no longer has the statement (DISCARD ALL, a pooler), or whether its table changed.
    [[nodiscard]] static bool is_stale(PGresult const* r) {
        if (PQresultStatus(r) != PGRES_FATAL_ERROR) return false;
        std::string const code = diagnostic(r, PG_DIAG_SQLSTATE);
        // 0A000 stands for much; the function in which the server found it does not depend on its language.
        return code == "26000" ||
               (code == "0A000" && diagnostic(r, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
    }

    [[noreturn]] void refuse_stale(PGresult const* r) const { throw stale_error(r); }

    [[nodiscard]] error stale_error(PGresult const* r) const {
        error_facts facts = statement_error(r, raw()).facts();
        facts.retryable = true;
        if (facts.sqlstate == "0A000")
            return error{"sark: a table changed under a prepared statement of this transaction (0A000). Repeat the "
                         "whole transaction: it will be prepared anew.",
                         facts};
        return error{"sark: a prepared statement is not what this session knows of it (" + facts.sqlstate +
                         "). Repeat the whole transaction; behind a pooler that gives each transaction another session "
                         "set connection_options::prepared_statements to 0.",
                     facts};
    }

    connection_owner owner_;
    statement_cache cache_;
    std::string contract_;

public:
    observer* watched_by;
    notice_sink* heard_by = nullptr;  // nobody: what the server says beside its answers is dropped
    /// The session that may run statements: the innermost open transaction, none outside of one.
    void const* active = nullptr;
    bool is_piped = false;      // what is active is a pipeline
    std::uint64_t cursors = 0;  // named by their number
};

}  // namespace sark::detail
