// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec.hpp>
#include <sark/db/bulk.hpp>
#include <sark/db/detail/pipe.hpp>
#include <sark/db/session.hpp>
#include <sark/db/statement.hpp>

namespace sark {

namespace detail {

/// Is a statement that was sent and whose answer gives a `T`.
template <class T>
class sent_for : public sent_statement {
public:
    [[nodiscard]] virtual T take(result const&) const = 0;
};

/// Says how rows are decoded (`read`), and what is made of all of them (`finish`).
template <class T, class Read, class Finish>
class sent_and_read final : public sent_for<T> {
public:
    sent_and_read(Read read, Finish finish) : read_{std::move(read)}, finish_{std::move(finish)} {}

    [[nodiscard]] T take(result const& got) const override { return finish_(got, read_); }

private:
    void vote(result const& got, binary_votes& votes) const override { (void)read_(row_fields{got, 0, &votes}); }

    Read read_;
    Finish finish_;
};

template <class Read, class Finish>
[[nodiscard]] auto make_sent(Read read, Finish finish) {
    using value = std::invoke_result_t<Finish const&, result const&, Read const&>;
    return std::make_shared<sent_and_read<value, Read, Finish>>(std::move(read), std::move(finish));
}

struct read_nothing {
    bool operator()(row_fields const&) const { return false; }
};
template <class Value>
struct read_one {
    Value operator()(row_fields const& fields) const { return decode_value<Value>(fields(0), {}); }
};
struct count_touched {
    std::size_t operator()(result const& done, read_nothing) const { return done.affected(); }
};

}  // namespace detail

/// Is the answer to a statement of a pipeline that may still be on its way; a value, also good after the pipeline.
template <class T>
class pending {
public:
    using value_type = T;

    /// Tells whether the answer was read; never waits.
    [[nodiscard]] bool is_ready() const noexcept { return sent_->is_answered(); }

    /// Waits for the answer and decodes it; once.
    /// @throws error of the statement; `not_run()` where one before it failed
    [[nodiscard]] T get() {
        sent_->wait();
        return sent_->take(sent_->taken_answer());
    }

    /// Waits for the answer and gives the error instead of throwing it; nothing for a success.
    [[nodiscard]] std::optional<error> failure() {
        sent_->wait();
        return sent_->told_failure();
    }

private:
    friend class pipeline;

    explicit pending(std::shared_ptr<detail::sent_for<T>> sent) : sent_{std::move(sent)} {}

    std::shared_ptr<detail::sent_for<T>> sent_;
};

/// Sends statements without waiting for the answers of those before; handed to the function that `pipeline(…)` is given.
///
///     db.pipeline([&](sark::pipeline& p) {
///         std::vector<sark::pending<std::optional<Resource>>> found;
///         for (std::string const& id : ids) found.push_back(p.find<Resource>(id));
///         for (auto& one : found) use(one.get());
///     });
///
/// Outside of a transaction, what stands between two sync points (and the beginning and the end) is one transaction.
class pipeline {
public:
    pipeline(pipeline const&) = delete;
    pipeline& operator=(pipeline const&) = delete;

    /// Sends a statement for all its rows.
    template <row_statement S>
    [[nodiscard]] auto all(S const& statement) {
        return send_rows(statement, [](result const& found, auto const& read) {
            std::vector<typename S::row> rows;
            rows.reserve(found.rows());
            for (std::size_t r = 0; r < found.rows(); ++r) rows.push_back(read(detail::row_fields{found, r}));
            return rows;
        });
    }

    /// Sends a statement for its first row, nothing when there is none; with LIMIT 1 unless the query limits itself.
    template <row_statement S>
    [[nodiscard]] auto first(S const& statement) {
        if constexpr (detail::can_be_limited<S>)
            return first(statement.limit(1));
        else
            return send_rows(statement, [](result const& found, auto const& read) {
                std::optional<typename S::row> row;
                if (found.rows() != 0) row.emplace(read(detail::row_fields{found, 0}));
                return row;
            });
    }

    /// Sends a statement for its only row; taking it throws when there is none, or more than one.
    template <row_statement S>
    [[nodiscard]] auto one(S const& statement) {
        if constexpr (detail::can_be_limited<S>)
            return one(statement.limit(2));
        else
            return send_rows(statement, [](result const& found, auto const& read) -> typename S::row {
                if (found.rows() != 1)
                    throw error{std::string{"sark: one(...) found "} +
                                (found.rows() == 0 ? "no row" : "more than one row") +
                                ". Use first(...) or all(...), or narrow the condition."};
                return read(detail::row_fields{found, 0});
            });
    }

    /// Sends a statement for its one value; nothing for NULL and where there is no row.
    template <row_statement S>
    [[nodiscard]] auto scalar(S const& statement) {
        using scalar_row = rules::scalar_is_one_value<typename S::row>;
        using value = std::optional<detail::without_optional_t<typename S::row>>;
        static_assert(scalar_row::holds,
                      "sark: scalar(...) returns one value, and this statement has rows of several. Select one "
                      "expression, or use first(...). [sark-D02]");
        if constexpr (!scalar_row::holds)
            return value{};
        else if constexpr (detail::can_be_limited<S>)
            return scalar(statement.limit(1));
        else
            return send_rows(statement, [](result const& found, auto const& read) {
                return found.rows() == 0 ? value{} : value{read(detail::row_fields{found, 0})};
            });
    }

    /// Asks how many rows there are; the order and the limits of a query play no part.
    template <row_statement S>
    [[nodiscard]] pending<std::int64_t> count(S const& statement) {
        parameters values;
        if constexpr (requires { statement.count_sql; }) {
            statement.bind_row_choice(values);
            return send_for_one<std::int64_t>({statement.count_sql, detail::constant_count<S>}, values);
        } else {
            statement.bind(values);
            return detail::with_wrapped<detail::counting>(
                statement, [&](auto const& text) { return send_for_one<std::int64_t>(text, values); });
        }
    }

    /// Asks whether there is a row.
    template <row_statement S>
    [[nodiscard]] pending<bool> exists(S const& statement) {
        parameters values;
        statement.bind(values);
        return detail::with_wrapped<detail::asking_for_existence>(
            statement, [&](auto const& text) { return send_for_one<bool>(text, values); });
    }

    /// Sends a query for the row with a key, nothing when there is none.
    template <class T, class Key>
    [[nodiscard]] auto find(Key const& key) {
        using single = rules::rows_are_found_by_one_column<T>;
        static_assert(single::holds,
                      "sark: find(...) and find_many(...) look rows up by a primary key of one column, and this table "
                      "has none. Use from<T>() with where(...). [sark-D01]");
        if constexpr (single::holds) return first(detail::row_by_key<T>{typename detail::single_key<T>::type(key)});
    }

    /// Sends a statement for what it does; its answer is how many rows it touched.
    template <statement S>
    pending<std::size_t> run(S const& statement) {
        parameters values;
        statement.bind(values);
        return send(detail::text_of(statement), values, detail::read_nothing{}, detail::count_touched{});
    }

    /// Sends the insert of a row; its answer is how many rows that were.
    template <class T>
    pending<std::size_t> insert(T const& row) {
        return write<insert_statement<T>>(row, &detail::inserted_column<T>, detail::read_nothing{},
                                          detail::count_touched{});
    }

    /// Sends the insert of a row, which comes back as the server completed it.
    template <class T>
    [[nodiscard]] pending<T> insert_returning(T const& row) {
        return write<insert_returning_statement<T>>(
            row, &detail::inserted_column<T>, [](auto const& fields) -> T { return row_traits<T>::decode(fields); },
            [](result const& written, auto const& read) -> T {
                if (written.rows() == 0)
                    throw error{"sark: the server returned no row for an insert. Look for a trigger or rule that "
                                "drops it.",
                                {.table = std::string{table_name<T>}}};
                return read(detail::row_fields{written, 0});
            });
    }

    /// Sends the insert of a row, or the update of the one with its key where a column differs.
    template <class T>
    pending<upserted> upsert(T const& row) {
        return write<upsert_statement<T>>(
            row, &detail::inserted_column<T>, detail::read_one<bool>{}, [](result const& written, auto const& read) {
                if (written.rows() == 0) return upserted::unchanged;
                return read(detail::row_fields{written, 0}) ? upserted::inserted : upserted::updated;
            });
    }

    /// Sends a row over the one with its key; the answer is false when there is none.
    template <class T>
    pending<bool> update(T const& row) {
        return write<update_statement<T>>(row, &detail::updated_column<T>, detail::read_nothing{},
                                          [](result const& done, auto const&) { return done.affected() > 0; });
    }

    /// Sends the deletion of the row with the key of `row`; the answer is how many there were.
    template <class T>
    pending<std::size_t> erase(T const& row) {
        return write<erase_statement<T>>(row, &detail::key_column<T>, detail::read_nothing{}, detail::count_touched{});
    }

    /// Sends one statement without parameters: DDL, SET, and the like; not COPY.
    pending<std::size_t> execute(std::string_view sql) {
        std::string const text{sql};
        detail::check_text(text, "the text of a statement");
        auto sent = detail::make_sent(detail::read_nothing{}, detail::count_touched{});
        through_.send_foreign(sent, text);
        return pending<std::size_t>{std::move(sent)};
    }

    /// Sets a sync point: what was sent before it is committed, or was undone by a failure, and what comes after it is
    /// run in any case. Inside of a transaction it only keeps failures apart from what the server was not asked yet.
    void sync() { through_.sync(); }

private:
    friend class session;

    explicit pipeline(detail::pipe& through) : through_{through} {}

    template <class Read, class Finish>
    auto send(detail::statement_text const& text, parameters const& values, Read read, Finish finish) {
        using value = std::invoke_result_t<Finish const&, result const&, Read const&>;
        auto sent = detail::make_sent(std::move(read), std::move(finish));
        through_.send(sent, text, values, values.bytes());
        return pending<value>{std::move(sent)};
    }

    template <class S, class Finish>
    auto send_rows(S const& statement, Finish finish) {
        static_assert(rules::rows_are_read_without_children<typename S::row>::holds,
                      "sark: a pipeline loads no children, for their query needs the rows first. Use all(...) outside "
                      "of it, at_once<T>(...), or leave with<T>() out. [sark-D05]");
        parameters values;
        statement.bind(values);
        if constexpr (requires(detail::row_fields const& fields) { S::decode(fields); })
            return send(
                detail::text_of(statement), values,
                [](detail::row_fields const& fields) -> typename S::row { return S::decode(fields); },
                std::move(finish));
        else
            return send(
                detail::text_of(statement), values,
                [kept = statement](detail::row_fields const& fields) -> typename S::row { return kept.decode(fields); },
                std::move(finish));
    }

    template <class Value>
    pending<Value> send_for_one(detail::statement_text const& text, parameters const& values) {
        return send(text, values, detail::read_one<Value>{}, [](result const& found, auto const& read) -> Value {
            return read(detail::row_fields{found, 0});
        });
    }

    template <class Statement, class T, class Read, class Finish>
    auto write(T const& row, detail::name_parameter name, Read read, Finish finish) {
        parameters values;
        values.name_by(name);
        Statement::bind(values, row);
        return send(detail::statement_text{sql::text<Statement>::value, true}, values, std::move(read),
                    std::move(finish));
    }

    detail::pipe& through_;
};

template <class F>
decltype(auto) session::pipeline(F&& f) {
    check_turn();
    detail::pipe through{*driver_};
    sark::pipeline p{through};
    // Whatever leaves `f` makes the pipe give up what is not behind a sync point.
    if constexpr (std::is_void_v<std::invoke_result_t<F, sark::pipeline&>>) {
        std::forward<F>(f)(p);
        through.finish();
    } else {
        decltype(auto) value = std::forward<F>(f)(p);
        through.finish();
        return value;
    }
}

}  // namespace sark
