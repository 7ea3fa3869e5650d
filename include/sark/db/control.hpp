// SPDX-License-Identifier: MIT
#pragma once

// What tools need of a session beyond running statements: to stop one that runs, to take rows out as text, and to open
// a second session of the same kind.

#include <cerrno>
#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <poll.h>

#include <sark/db/connection.hpp>
#include <sark/db/detail/copy_stream.hpp>
#include <sark/db/detail/driver.hpp>

namespace sark::detail {

/// Reaches what a session keeps to itself; only for this header.
struct session_control {
    /// Gives the driver beneath, once the session may speak.
    static driver& driver_of(session& of) {
        of.check_turn();
        return *of.driver_;
    }
};

inline void send_cancel(PGconn* on) {
    std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> const cancel{PQgetCancel(on), &PQfreeCancel};
    char words[256];
    if (cancel != nullptr) PQcancel(cancel.get(), words, sizeof words);
}

/// Runs a statement and asks `should_stop` while the server works; cancels until the server has given up.
template <class Stop>
result run_stoppable(driver& on, char const* sql, Stop const& should_stop, std::chrono::milliseconds ask_every) {
    if (PQsendQueryParams(on.raw(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0) != 1)
        throw statement_error(nullptr, on.raw());
    result_owner last;
    while (true) {
        while (PQisBusy(on.raw()) == 0) {
            result_owner next{PQgetResult(on.raw())};
            if (next == nullptr) return on.checked(std::move(last));
            last = std::move(next);
            ExecStatusType const status = PQresultStatus(last.get());
            if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
                return on.checked(std::move(last));
        }
        pollfd socket{PQsocket(on.raw()), POLLIN, 0};
        int const ready = ::poll(&socket, 1, static_cast<int>(ask_every.count()));
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            // A failure shows as the result: an error, and the connection lost.
            static_cast<void>(PQconsumeInput(on.raw()));
        } else if (should_stop()) {
            send_cancel(on.raw());
        }
    }
}

/// Writes the address of a connection anew, in libpq's `key='value'` form, with all that it was made from.
[[nodiscard]] inline std::string full_address(PGconn* of) {
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{PQconninfo(of), &PQconninfoFree};
    std::string text;
    for (PQconninfoOption const* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (option->val == nullptr || *option->val == '\0') continue;
        text.append(option->keyword).append("='");
        for (char const* c = option->val; *c != '\0'; ++c) {
            if (*c == '\'' || *c == '\\') text += '\\';
            text += *c;
        }
        text += "' ";
    }
    return text;
}

}  // namespace sark::detail

namespace sark {

/// Runs one statement like `session::execute`, and cancels it once `should_stop` says so.
///
/// `should_stop` is called in this thread, a few times a second while the server works. A cancelled statement fails as
/// the server has it fail, with SQLSTATE 57014; one that was too quick to be cancelled succeeds.
template <std::predicate Stop>
void execute_stoppable(session& on, std::string_view sql, Stop const& should_stop,
                       std::chrono::milliseconds ask_every = std::chrono::milliseconds{50}) {
    if constexpr (std::is_constructible_v<bool, Stop const&>)
        if (!should_stop) return on.execute(sql);  // an empty std::function
    std::string const text{sql};
    detail::check_text(text, "the text of a statement");
    detail::driver& driver = detail::session_control::driver_of(on);
    driver.watched(text, {}, [&] { return detail::run_stoppable(driver, text.c_str(), should_stop, ask_every); });
}

/// Runs a `COPY … TO STDOUT` and hands on its text, row by row, as it comes; holds one row at a time.
template <std::invocable<std::string_view> Take>
void copy_text_out(session& on, std::string_view sql, Take const& take) {
    std::string const text{sql};
    detail::check_text(text, "the text of a statement");
    detail::driver& driver = detail::session_control::driver_of(on);
    detail::result_owner const begun{PQexec(driver.raw(), text.c_str())};
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) throw detail::statement_error(begun.get(), driver.raw());
    char* row = nullptr;
    try {
        for (int size = 0; (size = PQgetCopyData(driver.raw(), &row, 0)) > 0; PQfreemem(std::exchange(row, nullptr)))
            take({row, static_cast<std::size_t>(size)});
    } catch (...) {
        PQfreemem(row);
        detail::send_cancel(driver.raw());
        while (PQgetCopyData(driver.raw(), &row, 0) > 0) PQfreemem(row);
        detail::last_answer(driver.raw());
        throw;
    }
    driver.checked(detail::last_answer(driver.raw()));
}

/// Opens another session of the same user to the same place: what a tool needs to look after one that is in trouble.
[[nodiscard]] inline connection connect_again(connection& like) {
    return connection{connection_options{
        .address = detail::full_address(detail::session_control::driver_of(like).raw()), .prepared_statements = 0}};
}

/// Gives the process id that the other end named when the connection was made. A server names itself; a pooler names
/// something else than `pg_backend_pid()` tells.
[[nodiscard]] inline int announced_backend(connection& of) {
    return PQbackendPID(detail::session_control::driver_of(of).raw());
}

}  // namespace sark
