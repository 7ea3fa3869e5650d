// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/codec.hpp>
#include <sark/db/detail/driver.hpp>
#include <sark/db/detail/session_rules.hpp>
#include <sark/db/statement.hpp>
#include <sark/db/stream.hpp>
#include <sark/meta/made_in_place.hpp>
#include <sark/query/query.hpp>
#include <sark/query/write.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Says what an upsert did.
enum class upserted { inserted, updated, unchanged };

/// Counts what an upsert of many rows did.
struct upsert_counts {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
};

/// A row of any statement as text; nothing for NULL.
using text_row = std::vector<std::optional<std::string>>;

namespace detail {
struct session_control;
}

/// Runs statements; what a connection and a transaction have in common.
class session {
public:
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    /// Returns all rows of a statement.
    template <row_statement S>
    [[nodiscard]] auto all(S const& statement) {
        std::vector<typename S::row> rows;
        {
            result const found = run_statement(statement);
            rows.reserve(found.rows());
            append_rows(found, rows, detail::decoder_of(statement));
        }
        detail::loads_children<typename S::row>::load(*this, rows);
        return rows;
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
        if constexpr (detail::can_be_limited<S>) {
            return one(statement.limit(2));
        } else if constexpr (rules::rows_are_read_without_children<typename S::row>::holds) {
            result const found = run_statement(statement);
            check_only(found.rows());
            std::optional<typename S::row> only;
            decode_rows(found, detail::decoder_of(statement),
                        [&](typename S::row&& row) { only.emplace(std::move(row)); });
            return std::move(*only);
        } else {
            auto rows = all(statement);
            check_only(rows.size());
            return std::move(rows.front());
        }
    }

    /// Returns the one value of a statement that selects one; nothing for NULL and where there is no row.
    template <row_statement S>
    [[nodiscard]] auto scalar(S const& statement) -> std::optional<detail::without_optional_t<typename S::row>> {
        using scalar_row = rules::scalar_is_one_value<typename S::row>;
        static_assert(scalar_row::holds,
                      "sark: scalar(...) returns one value, and this statement has rows of several. Select one "
                      "expression, or use first(...). [sark-D02]");
        if constexpr (scalar_row::holds) {
            auto found = first(statement);
            if (!found) return std::nullopt;
            return std::move(*found);
        } else {
            return std::nullopt;
        }
    }

    /// Calls `f` with each row, decoded one at a time; the server's answer is held whole, `stream` holds a part.
    template <row_statement S, class F>
    void each(S const& statement, F&& f) {
        static_assert(rules::rows_are_read_without_children<typename S::row>::holds,
                      "sark: each(...) hands out one row at a time and loads no children. Use all(...), or leave "
                      "with<T>() out. [sark-Q24]");
        result const found = run_statement(statement);
        decode_rows(found, detail::decoder_of(statement), f);
    }

    /// Reads the rows while they are asked for; about a megabyte is held, however many there are.
    ///
    /// Outside of a transaction it opens one until it is read or destroyed, and the connection refuses other statements
    /// meanwhile; inside of one they may run between two rows.
    template <row_statement S>
    [[nodiscard]] row_stream<S> stream(S const& statement) {
        static_assert(rules::rows_are_read_without_children<typename S::row>::holds,
                      "sark: stream(...) hands out one row at a time and loads no children. Use all(...), or leave "
                      "with<T>() out. [sark-Q24]");
        check_turn();
        parameters values;
        statement.bind(values);
        return {statement, std::make_unique<detail::cursor>(*driver_, turn_, statement.sql, values)};
    }

    /// Counts the rows; the order and the limits of a query play no part.
    template <row_statement S>
    [[nodiscard]] std::int64_t count(S const& statement) {
        parameters values;
        if constexpr (requires { statement.count_sql; }) {
            statement.bind_row_choice(values);
            return read_one<std::int64_t>(
                run(detail::statement_text{statement.count_sql, detail::constant_count<S>}, values));
        } else {
            statement.bind(values);
            return detail::with_wrapped<detail::counting>(
                statement, [&](auto const& text) { return read_one<std::int64_t>(run(text, values)); });
        }
    }

    /// Tells whether there is a row; the server stops at the first.
    template <row_statement S>
    [[nodiscard]] bool exists(S const& statement) {
        parameters values;
        statement.bind(values);
        return detail::with_wrapped<detail::asking_for_existence>(
            statement, [&](auto const& text) { return read_one<bool>(run(text, values)); });
    }

    /// Runs a statement for what it does; returns how many rows it touched.
    template <statement S>
    std::size_t run(S const& statement) {
        return run_statement(statement).affected();
    }

    /// Returns the row with a key, nothing when there is none.
    template <class T, class Key>
    [[nodiscard]] std::optional<T> find(Key const& key);

    /// Returns the rows with the keys, in the order of the keys, by one statement that takes them as one array.
    template <class T, std::ranges::input_range Keys>
    [[nodiscard]] std::vector<std::optional<T>> find_many(Keys&& keys);

    /// Inserts a row; members that are unset take their column's default.
    template <class T>
    void insert(T const& row) {
        run_write<insert_statement<T>>(row, &detail::inserted_column<T>);
    }

    /// Inserts a row and returns it as the server completed it: serial numbers, defaults, generated keys.
    template <class T>
    [[nodiscard]] T insert_returning(T const& row) {
        result const written = run_write<insert_returning_statement<T>>(row, &detail::inserted_column<T>);
        std::optional<T> returned;
        decode_rows(
            written, [](auto const& fields) { return row_traits<T>::decode(fields); },
            [&](T&& complete) { returned.emplace(std::move(complete)); });
        if (!returned)
            throw error{"sark: the server returned no row for an insert. Look for a trigger or rule that drops it.",
                        {.table = std::string{table_name<T>}}};
        return std::move(*returned);
    }

    /// Inserts rows of any range, all of them or none; bounded chunks travel as one array per column.
    ///
    /// Returns how many were inserted. Rows in memory that set all their columns go by COPY after the first chunk.
    template <std::ranges::input_range Rows>
    std::size_t insert_many(Rows&& rows);

    /// Inserts rows of any range and returns them as the server completed them, in the order they were given; with
    /// members, `insert_many_returning<&T::id>(rows)`, their values alone: a list of one's, of tuples of several's.
    template <auto... Members, std::ranges::input_range Rows>
    [[nodiscard]] auto insert_many_returning(Rows&& rows);

    /// Inserts rows or updates those with their keys where a column differs; a key may come once in a call.
    template <std::ranges::input_range Rows>
    upsert_counts upsert_many(Rows&& rows);

    /// Inserts rows of any range by COPY, the fastest way in; returns how many.
    ///
    /// A column that is left to the server has to be left in all rows.
    template <std::ranges::input_range Rows>
    std::size_t copy_in(Rows&& rows);

    /// Calls `f` with each row of a query without values, by binary COPY, the fastest way out; holds one row at a time.
    /// @throws error for a column of a type that has no binary form its member reads; `stream` reads any
    template <row_statement S, class F>
    void copy_out(S const& statement, F&& f);

    /// Runs `f(pipeline&)`, whose statements are sent without waiting for the answers of those before.
    ///
    /// Outside of a transaction they are one of their own. Returns what `f` returns.
    /// @throws error the first one of a statement that nobody asked for its answer
    template <class F>
    decltype(auto) pipeline(F&& f);

    /// Inserts a row, or updates the one with its key where a column differs.
    template <class T>
    upserted upsert(T const& row) {
        result const written = run_write<upsert_statement<T>>(row, &detail::inserted_column<T>);
        if (written.rows() == 0) return upserted::unchanged;
        return read_one<bool>(written) ? upserted::inserted : upserted::updated;
    }

    /// Writes a row over the one with its key; false when there is none.
    template <class T>
    bool update(T const& row) {
        return run_write<update_statement<T>>(row, &detail::updated_column<T>).affected() > 0;
    }

    /// Deletes the row with the key of `row`, or the rows of a query; returns how many there were.
    template <class T>
    std::size_t erase(T const& what) {
        if constexpr (detail::select_query<T>) {
            using chosen = rules::erased_rows_are_chosen_by_where<T>;
            using plain = rules::erase_has_no_other_clause<T>;
            static_assert(chosen::holds,
                          "sark: erase(...) without where(...) would delete every row. Choose rows with where(...). "
                          "[sark-Q32]");
            static_assert(!chosen::holds || plain::holds,
                          "sark: erase(...) deletes by where(...) alone. Drop join, order_by, limit and offset. "
                          "[sark-Q33]");
            if constexpr (chosen::holds && plain::holds) {
                parameters values;
                what.bind_row_choice(values);
                return run(detail::statement_text{T::delete_sql(), true}, values).affected();
            } else {
                return 0;
            }
        } else {
            return run_write<erase_statement<T>>(what, &detail::key_column<T>).affected();
        }
    }

    /// Runs one statement that returns nothing of interest, without parameters: DDL, SET, and the like.
    void execute(std::string_view sql) {
        check_turn();
        std::string const text{sql};
        detail::check_text(text, "the text of a statement");
        driver_->run_foreign(text.c_str());
    }

    /// Runs one statement and returns its rows as text; values travel as parameters `$1`, `$2`, …
    [[nodiscard]] std::vector<text_row> query_text(std::string_view sql, text_row const& values = {}) {
        std::string const text{sql};
        detail::check_text(text, "the text of a statement");
        check_turn();
        parameters bound;
        for (auto const& value : values) {
            if (value)
                bound.add_borrowed(*value);
            else
                bound.add_null();
        }
        result const found = driver_->run_foreign(text.c_str(), bound);
        std::vector<text_row> rows(found.rows(), text_row(found.columns()));
        for (std::size_t r = 0; r < rows.size(); ++r)
            for (std::size_t c = 0; c < found.columns(); ++c)
                if (field const f = found.at(r, c); !f.is_null) rows[r][c] = std::string{f.text()};
        return rows;
    }

    /// Tells an observer about each statement from now on; null tells nobody. It must outlive the connection.
    void observe(observer* watching) {
        if (driver_ != nullptr) driver_->watched_by = watching;
    }

protected:
    explicit session(detail::driver* driver) : driver_{driver} {}
    ~session() = default;
    session(session&& other) noexcept : driver_{std::exchange(other.driver_, nullptr)} {}
    session& operator=(session&& other) noexcept {
        driver_ = std::exchange(other.driver_, nullptr);
        return *this;
    }

    /// A connection speaks when no transaction is open, a transaction when none is open inside of it.
    void check_turn() const {
        if (driver_ == nullptr) throw error{"sark: this connection was moved from. Use the one it was moved to."};
        if (driver_->active != turn_)
            throw error{driver_->active == nullptr
                            ? "sark: this transaction has ended. Use the connection, or open another one."
                        : driver_->is_piped
                            ? "sark: a pipeline is open on this connection. Use the object that its function was given."
                            : "sark: a transaction is open on this connection. Use the object that its function was "
                              "given."};
    }

    detail::driver* driver_;
    void const* turn_ = nullptr;

private:
    friend struct detail::session_control;

    result run(detail::statement_text const& text, parameters const& values) {
        check_turn();
        return driver_->run(text, values);
    }

    static void check_only(std::size_t rows) {
        if (rows != 1)
            throw error{std::string{"sark: one(...) found "} + (rows == 0 ? "no row" : "more than one row") +
                        ". Use first(...) or all(...), or narrow the condition."};
    }

    template <class S>
    result run_statement(S const& statement) {
        parameters values;
        statement.bind(values);
        return run(detail::text_of(statement), values);
    }

    template <class Statement, class T>
    result run_write(T const& row, detail::name_parameter name) {
        parameters values;
        values.name_by(name);
        Statement::bind(values, row);
        return run(detail::statement_text{sql::text<Statement>::value, true}, values);
    }

    /// Hands the decoded rows to `take`; the first one tells, where that is open, whether they may come in binary.
    template <class Decode, class Take>
    static void decode_rows(result const& found, Decode&& decode, Take&& take) {
        std::size_t r = 0;
        if (found.rows() > 0 && detail::driver::wants_votes(found)) {
            detail::binary_votes votes;
            auto row = decode(detail::row_fields{found, r++, &votes});
            // Before `take`, which may run statements of its own.
            detail::driver::settle(found, votes);
            take(std::move(row));
        }
        for (; r < found.rows(); ++r) take(decode(detail::row_fields{found, r}));
    }

    /// Appends the decoded rows, each made where it stays.
    template <class Row, class Decode>
    static void append_rows(result const& found, std::vector<Row>& rows, Decode const& decode) {
        std::size_t const count = found.rows();
        std::size_t r = 0;
        if (count > 0 && detail::driver::wants_votes(found)) {
            detail::binary_votes votes;
            rows.push_back(decode(detail::row_fields{found, r++, &votes}));
            detail::driver::settle(found, votes);
        }
        for (; r < count; ++r) {
            auto const make = [&] { return decode(detail::row_fields{found, r}); };
            if constexpr (detail::can_be_made_in_place<Row>)
                rows.emplace_back(detail::made_in_place<Row, decltype(make)>{make});
            else
                rows.push_back(make());
        }
    }

    template <class Value>
    static Value read_one(result const& found) {
        std::optional<Value> value;
        decode_rows(
            found, [](auto const& fields) { return detail::decode_value<Value>(fields(0), {}); },
            [&](Value&& read) { value.emplace(std::move(read)); });
        return std::move(value).value();
    }
};

}  // namespace sark
