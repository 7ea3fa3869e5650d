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
#include <sark/db/detail/driver.hpp>
#include <sark/query/query.hpp>
#include <sark/query/write.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Says what an upsert did.
enum class upserted { inserted, updated, unchanged };

/// A row of any statement as text; nothing for NULL.
using text_row = std::vector<std::optional<std::string>>;

namespace rules {

template <class Query>
struct erased_rows_are_chosen_by_where {
    static constexpr bool holds = Query::template has_clause<detail::clause_slot::where>;
};

template <class Query>
struct erase_has_no_other_clause {
    static constexpr bool holds = !Query::template has_clause<detail::clause_slot::join> &&
                                  !Query::template has_clause<detail::clause_slot::order_by> &&
                                  !Query::template has_clause<detail::clause_slot::limit> &&
                                  !Query::template has_clause<detail::clause_slot::offset>;
};

template <class Row>
struct rows_are_read_without_children {
    static constexpr bool holds = true;
};
template <class Row, class... Children>
struct rows_are_read_without_children<with_children<Row, Children...>> {
    static constexpr bool holds = false;
};

}  // namespace rules

namespace detail {

template <class T>
concept select_query = requires {
    typename T::root;
    typename T::row;
};

template <class Row>
struct loads_children {
    template <class Session>
    static void load(Session&, std::vector<Row>&) {}
};
template <class Row, class... Children>
struct loads_children<with_children<Row, Children...>> {
    template <class Session>
    static void load(Session& session, std::vector<with_children<Row, Children...>>& rows) {
        (load_one<Children>(session, rows), ...);
    }

private:
    template <class Child, class Session>
    static void load_one(Session& session, std::vector<with_children<Row, Children...>>& rows) {
        static_assert(child_loader_is_included<Child>,
                      "sark: with<T>() loads children, which needs <sark/relation.hpp>. Include it. [sark-Q25]");
        if constexpr (child_loader_is_included<Child>) child_loader<Child>::load(session, rows);
    }
};

}  // namespace detail

/// Runs statements; what a connection and a transaction have in common.
class session {
public:
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    /// Returns all rows of a query.
    template <detail::select_query Query>
    [[nodiscard]] auto all(Query const& query) {
        result const found = run_select(query);
        std::vector<typename Query::row> rows;
        rows.reserve(found.rows());
        for (std::size_t r = 0; r < found.rows(); ++r) rows.push_back(decode<Query>(found, r));
        detail::loads_children<typename Query::row>::load(*this, rows);
        return rows;
    }

    /// Returns the first row of a query, nothing when there is none; sends LIMIT 1 unless the query limits itself.
    template <detail::select_query Query>
    [[nodiscard]] std::optional<typename Query::row> first(Query const& query) {
        if constexpr (Query::template has_clause<detail::clause_slot::limit>) {
            auto rows = all(query);
            if (rows.empty()) return std::nullopt;
            return std::move(rows.front());
        } else {
            return first(query.limit(1));
        }
    }

    /// Returns the only row of a query.
    /// @throws error when there is no row, or more than one
    template <detail::select_query Query>
    [[nodiscard]] typename Query::row one(Query const& query) {
        std::vector<typename Query::row> rows;
        if constexpr (Query::template has_clause<detail::clause_slot::limit>)
            rows = all(query);
        else
            rows = all(query.limit(2));
        if (rows.size() != 1)
            throw error{std::string{"sark: one(...) found "} + (rows.empty() ? "no row" : "more than one row") +
                        ". Use first(...) or all(...), or narrow the condition."};
        return std::move(rows.front());
    }

    /// Calls `f` with each row of a query, decoded one at a time.
    template <detail::select_query Query, class F>
    void each(Query const& query, F&& f) {
        static_assert(rules::rows_are_read_without_children<typename Query::row>::holds,
                      "sark: each(...) hands out one row at a time and loads no children. Use all(...), or leave "
                      "with<T>() out. [sark-Q24]");
        result const found = run_select(query);
        for (std::size_t r = 0; r < found.rows(); ++r) f(decode<Query>(found, r));
    }

    /// Counts the rows of a query; its order and limits play no part.
    template <detail::select_query Query>
    [[nodiscard]] std::int64_t count(Query const& query) {
        parameters values;
        query.bind_row_choice(values);
        result const found = run(Query::count_sql.data(), values);
        return codec<std::int64_t>::decode(found.at(0, 0), {});
    }

    /// Inserts a row; members that are unset take their column's default.
    template <class T>
    void insert(T const& row) {
        run_write<insert_statement<T>>(row);
    }

    /// Inserts a row and returns it as the server completed it: serial numbers, defaults, generated keys.
    template <class T>
    [[nodiscard]] T insert_returning(T const& row) {
        result const written = run_write<insert_returning_statement<T>>(row);
        return row_traits<T>::decode([&](std::size_t c) { return written.at(0, c); });
    }

    /// Inserts a row, or updates the one with its key where a column differs.
    template <class T>
    upserted upsert(T const& row) {
        result const written = run_write<upsert_statement<T>>(row);
        if (written.rows() == 0) return upserted::unchanged;
        return codec<bool>::decode(written.at(0, 0), {}) ? upserted::inserted : upserted::updated;
    }

    /// Writes a row over the one with its key; false when there is none.
    template <class T>
    bool update(T const& row) {
        return run_write<update_statement<T>>(row).affected() > 0;
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
                return run(T::delete_sql().data(), values).affected();
            } else {
                return 0;
            }
        } else {
            return run_write<erase_statement<T>>(what).affected();
        }
    }

    /// Runs one statement that returns nothing of interest, without parameters: DDL, SET, and the like.
    void execute(std::string_view sql) {
        check_turn();
        std::string const text{sql};
        detail::check_text(text);
        driver_->run(text.c_str());
    }

    /// Runs one statement and returns its rows as text; values travel as parameters `$1`, `$2`, …
    [[nodiscard]] std::vector<text_row> query_text(std::string_view sql, text_row const& values = {}) {
        std::string const text{sql};
        detail::check_text(text);
        parameters bound;
        for (auto const& value : values) {
            if (value)
                bound.add_borrowed(*value);
            else
                bound.add_null();
        }
        result const found = run(text.c_str(), bound);
        std::vector<text_row> rows(found.rows(), text_row(found.columns()));
        for (std::size_t r = 0; r < rows.size(); ++r)
            for (std::size_t c = 0; c < found.columns(); ++c)
                if (field const f = found.at(r, c); !f.is_null) rows[r][c] = std::string{f.text()};
        return rows;
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
                            : "sark: a transaction is open on this connection. Use the object that its function was "
                              "given."};
    }

    detail::driver* driver_;
    void const* turn_ = nullptr;

private:
    result run(char const* sql, parameters const& values) {
        check_turn();
        return driver_->run(sql, values);
    }

    template <class Query>
    result run_select(Query const& query) {
        parameters values;
        query.bind(values);
        return run(Query::sql.data(), values);
    }

    template <class Statement, class T>
    result run_write(T const& row) {
        parameters values;
        Statement::bind(values, row);
        return run(sql::text<Statement>::value.data(), values);
    }

    template <class Query>
    static typename Query::row decode(result const& found, std::size_t r) {
        return Query::decode([&](std::size_t c) { return found.at(r, c); });
    }
};

}  // namespace sark
