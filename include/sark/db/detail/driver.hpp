// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/db/detail/connect.hpp>
#include <sark/db/detail/failure.hpp>
#include <sark/db/detail/pqxx.hpp>

namespace sark {

/// Holds the rows a statement returned, all of them in memory.
class result {
public:
    explicit result(detail::result_owner owned) : owned_{std::move(owned)} {}

    [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(PQntuples(owned_.get())); }
    [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(PQnfields(owned_.get())); }

    [[nodiscard]] field at(std::size_t row, std::size_t column) const {
        int const r = static_cast<int>(row);
        int const c = static_cast<int>(column);
        return {PQgetvalue(owned_.get(), r, c), static_cast<std::size_t>(PQgetlength(owned_.get(), r, c)),
                PQgetisnull(owned_.get(), r, c) != 0};
    }

    /// Counts the rows an INSERT, UPDATE or DELETE touched.
    [[nodiscard]] std::size_t affected() const {
        std::size_t n = 0;
        for (char const* c = PQcmdTuples(owned_.get()); *c != '\0'; ++c)
            n = n * 10 + static_cast<std::size_t>(*c - '0');
        return n;
    }

    /// Names the command as the server confirmed it: `COMMIT`, `INSERT 0 1`, …
    [[nodiscard]] std::string_view command() const { return PQcmdStatus(owned_.get()); }

private:
    detail::result_owner owned_;
};

namespace detail {

/// Runs statements on one connection and knows which session may use it now.
class driver {
public:
    explicit driver(std::string const& address) : owner_{connect(address)} {
        // libpq prints notices by default; a library does not.
        PQsetNoticeReceiver(
            owner_.raw(), [](void*, PGresult const*) {}, nullptr);
        run(session_contract);
    }

    [[nodiscard]] PGconn* raw() const noexcept { return owner_.raw(); }
    [[nodiscard]] native_connection* native() const noexcept { return owner_.native(); }
    [[nodiscard]] bool is_open() const noexcept { return PQstatus(owner_.raw()) == CONNECTION_OK; }

    result run(char const* sql) {
        return checked(result_owner{PQexecParams(raw(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0)});
    }
    result run(char const* sql, parameters const& values) {
        return checked(result_owner{
            PQexecParams(raw(), sql, static_cast<int>(values.size()), nullptr, values.values(), nullptr, nullptr, 0)});
    }

    /// The session that may run statements: the innermost open transaction, none outside of one.
    void const* active = nullptr;

private:
    result checked(result_owner owned) {
        switch (PQresultStatus(owned.get())) {
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK: return result{std::move(owned)};
            case PGRES_COPY_IN:
            case PGRES_COPY_OUT:
            case PGRES_COPY_BOTH:
                // Leaving the copy open would make every later statement fail.
                PQreset(raw());
                throw error{"sark: COPY cannot run through execute(). Use psql or insert rows.",
                            {.connection_lost = true}};
            default: throw statement_error(owned.get(), raw());
        }
    }

    connection_owner owner_;
};

}  // namespace detail
}  // namespace sark
