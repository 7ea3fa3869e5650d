// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/codec.hpp>
#include <sark/db/detail/borrowed_call.hpp>
#include <sark/db/detail/session_rules.hpp>
#include <sark/db/session.hpp>
#include <sark/db/statement.hpp>
#include <sark/query/write.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Runs typed statements in a transaction of libpqxx that the application has opened, on a connection that it owns.
///
///     pqxx::work tx{connection};
///     sark::borrowed db{tx};
///     auto found = db.all(from<Resource>());
///     tx.commit();                            // stays the application's affair
///
/// A `pqxx::nontransaction` commits each statement. Nothing is prepared, rows come as text, and nothing of the session is
/// changed; its settings are asked for once. It must not outlive the transaction.
class borrowed {
public:
    /// Borrows an open transaction.
    /// @throws error that names a setting with which values would be misread (DateStyle, client_encoding, …)
    explicit borrowed(detail::native_transaction& inside) : in_{&inside} { detail::check_settings(inside); }

    /// Returns all rows of a statement.
    template <row_statement S>
    [[nodiscard]] auto all(S const& statement) {
        std::vector<typename S::row> rows;
        read(statement, [&](typename S::row&& row) { rows.push_back(std::move(row)); });
        detail::loads_children<typename S::row>::load(*this, rows);
        return rows;
    }

    /// Calls `f` with each row, decoded one at a time.
    template <row_statement S, class F>
    void each(S const& statement, F&& f) {
        static_assert(rules::rows_are_read_without_children<typename S::row>::holds,
                      "sark: each(...) hands out one row at a time and loads no children. Use all(...), or leave "
                      "with<T>() out. [sark-Q24]");
        read(statement, f);
    }

    /// Returns the first row, nothing when there is none; sends LIMIT 1 unless the query limits itself.
    template <row_statement S>
    [[nodiscard]] std::optional<typename S::row> first(S const& statement) {
        if constexpr (detail::can_be_limited<S>) {
            return first(statement.limit(1));
        } else {
            auto rows = all(statement);
            if (rows.empty()) return std::nullopt;
            return std::move(rows.front());
        }
    }

    /// Returns the only row.
    /// @throws error when there is no row, or more than one
    template <row_statement S>
    [[nodiscard]] typename S::row one(S const& statement) {
        std::vector<typename S::row> rows;
        if constexpr (detail::can_be_limited<S>)
            rows = all(statement.limit(2));
        else
            rows = all(statement);
        if (rows.size() != 1)
            throw error{std::string{"sark: one(...) found "} + (rows.empty() ? "no row" : "more than one row") +
                        ". Use first(...) or all(...), or narrow the condition."};
        return std::move(rows.front());
    }

    /// Runs a statement for what it does; returns how many rows it touched.
    template <statement S>
    std::size_t run(S const& statement) {
        parameters values;
        statement.bind(values);
        return affected(detail::run_native(*in_, std::string{std::string_view{statement.sql}}, values));
    }

    /// Inserts a row; members that are unset take their column's default.
    template <class T>
    void insert(T const& row) {
        write<insert_statement<T>>(row, &detail::inserted_column<T>);
    }

    /// Inserts a row, or updates the one with its key where a column differs.
    template <class T>
    upserted upsert(T const& row) {
        pqxx::result const written = write<upsert_statement<T>>(row, &detail::inserted_column<T>);
        if (written.empty()) return upserted::unchanged;
        bool const is_new = detail::decode_value<bool>(detail::native_fields{written, 0}(0), {});
        return is_new ? upserted::inserted : upserted::updated;
    }

    /// Writes a row over the one with its key; false when there is none.
    template <class T>
    bool update(T const& row) {
        return affected(write<update_statement<T>>(row, &detail::updated_column<T>)) > 0;
    }

    /// Deletes the row with the key of `row`; returns how many there were.
    template <class T>
    std::size_t erase(T const& row) {
        return affected(write<erase_statement<T>>(row, &detail::key_column<T>));
    }

private:
    [[nodiscard]] static std::size_t affected(pqxx::result const& done) {
        return static_cast<std::size_t>(done.affected_rows());
    }

    template <class S, class Take>
    void read(S const& statement, Take&& take) {
        parameters values;
        statement.bind(values);
        pqxx::result const found = detail::run_native(*in_, std::string{std::string_view{statement.sql}}, values);
        for (pqxx::result::size_type r = 0; r < found.size(); ++r)
            take(statement.decode(detail::native_fields{found, r}));
    }

    template <class Statement, class T>
    pqxx::result write(T const& row, detail::name_parameter name) {
        parameters values;
        values.name_by(name);
        Statement::bind(values, row);
        return detail::run_native(*in_, std::string{sql::text<Statement>::value}, values);
    }

    detail::native_transaction* in_;
};

}  // namespace sark
