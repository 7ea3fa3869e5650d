// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <sark/codec/binary.hpp>
#include <sark/codec/field.hpp>
#include <sark/db/detail/pqxx.hpp>

namespace sark {

namespace detail {
class driver;
struct cached_statement;
}  // namespace detail

/// Holds the rows a statement returned, all of them in memory.
class result {
public:
    explicit result(detail::result_owner owned) : owned_{std::move(owned)} {}

    [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(PQntuples(owned_.get())); }
    [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(PQnfields(owned_.get())); }

    // Inlined by force: what a field is made of then stays in registers, which is a tenth of reading a row.
    [[nodiscard, gnu::always_inline]] field at(std::size_t row, std::size_t column) const {
        int const r = static_cast<int>(row);
        int const c = static_cast<int>(column);
        auto const size = static_cast<std::size_t>(PQgetlength(owned_.get(), r, c));
        // NULL has no length, so most fields are not asked.
        return {.data = PQgetvalue(owned_.get(), r, c),
                .size = size,
                .is_null = size == 0 && PQgetisnull(owned_.get(), r, c) != 0,
                .is_binary = is_binary_};
    }

    /// Gives the server's type of a column.
    [[nodiscard]] std::uint32_t type(std::size_t column) const {
        return PQftype(owned_.get(), static_cast<int>(column));
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

    /// Counts the bytes that libpq holds for it.
    [[nodiscard]] std::size_t bytes() const { return PQresultMemorySize(owned_.get()); }

private:
    friend class detail::driver;

    detail::result_owner owned_;
    bool is_binary_ = false;
    detail::cached_statement* undecided_ = nullptr;  // asks for votes; good until the next statement
};

namespace detail {

/// Gives the fields of one row to a decoder; asks for votes where somebody counts them.
struct row_fields {
    result const& from;
    std::size_t row;
    binary_votes* votes = nullptr;

    [[gnu::always_inline]] field operator()(std::size_t column) const {
        field f = from.at(row, column);
        if (votes != nullptr) [[unlikely]] {
            f.type = from.type(column);
            f.votes = votes;
        }
        return f;
    }
};

}  // namespace detail
}  // namespace sark
