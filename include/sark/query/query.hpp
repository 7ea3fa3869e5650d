// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/query/check.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/distinct.hpp>
#include <sark/query/group_by.hpp>
#include <sark/query/join.hpp>
#include <sark/query/keyset.hpp>
#include <sark/query/limit.hpp>
#include <sark/query/lock.hpp>
#include <sark/query/logic.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/row.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/select.hpp>
#include <sark/query/statement.hpp>
#include <sark/query/sub_query.hpp>
#include <sark/query/where.hpp>
#include <sark/query/with.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Is a SELECT: its text is a constant of its type, its values travel beside it.
///
/// Start with `from<T>()`. Clauses are values: each call returns a new query, and nothing is sent before a connection
/// or a transaction is asked to run it.
template <class Root, class Projection, class Tables, class... Clauses>
class query : public detail::query_text<detail::select_statement<Root, Projection, Tables, Clauses...>,
                                        detail::count_statement<Root, Projection, Tables, Clauses...>,
                                        (Clauses::is_dynamic || ...), Clauses...> {
    using slot = detail::clause_slot;
    using text = detail::query_text<detail::select_statement<Root, Projection, Tables, Clauses...>,
                                    detail::count_statement<Root, Projection, Tables, Clauses...>,
                                    (Clauses::is_dynamic || ...), Clauses...>;
    using groups = detail::group_keys_t<Clauses...>;

public:
    using root = Root;
    using tables = Tables;
    static constexpr std::size_t width = Projection::width;
    /// Lists the tables whose rows an outer join may leave out.
    using nullable =
        typename detail::nullable_tables<type_list<typename row_traits<Root>::table>, type_list<>, Clauses...>::type;
    using row = typename Projection::template row_in<nullable>;
    /// Is the type of what reads a row; queries that select the same share it, and what is instantiated with it.
    using decoder = detail::projection_decoder<Projection, nullable>;
    /// Lists the columns of the query around that this one refers to.
    using outer_columns = detail::outer_columns_t<joined_t<typename Projection::columns, typename Clauses::columns...>>;

    constexpr explicit query(Projection projection, detail::bundle<Clauses...> clauses)
        requires(!text::is_dynamic)
        : projection_{static_cast<Projection&&>(projection)},
          clauses_{static_cast<detail::bundle<Clauses...>&&>(clauses)} {}
    constexpr explicit query(Projection projection, detail::bundle<Clauses...> clauses)
        requires(text::is_dynamic)
        : text{clauses},
          projection_{static_cast<Projection&&>(projection)},
          clauses_{static_cast<detail::bundle<Clauses...>&&>(clauses)} {}

    /// Adds the parameters in the order of the text's placeholders.
    void bind(parameters& out) const {
        constexpr auto const& order = detail::ordered_clauses<Clauses::slot...>;
        if constexpr (order.has(slot::cte, slot::distinct))
            detail::bind_clauses<slot::cte, slot::distinct>(out, clauses_);
        projection_.bind(out);
        detail::bind_clauses<slot::join, slot::lock>(out, clauses_);
    }
    /// Adds those that `count_sql` has placeholders for.
    void bind_row_choice(parameters& out) const {
        detail::bind_clauses<slot::cte, slot::cte>(out, clauses_);
        if constexpr (detail::merges_rows<Projection, Clauses...>) {
            detail::bind_clauses<slot::distinct, slot::distinct>(out, clauses_);
            projection_.bind(out);
        }
        detail::bind_clauses<slot::join, slot::where>(out, clauses_);
        detail::bind_clauses<slot::having, slot::having>(out, clauses_);
    }

    template <class Fields>
    [[nodiscard]] static row decode(Fields const& fields) {
        return decoder{}(fields);
    }

    /// Joins a table by its one declared relation to a table of the query.
    template <class New>
    [[nodiscard]] constexpr auto join() const {
        return join_by_relation<detail::join_kind::inner, New>();
    }
    /// Joins a table by a condition.
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto join(Condition on) const {
        return join_by_condition<detail::join_kind::inner, New>(std::move(on));
    }
    /// Joins a table and keeps the rows that have no partner there: its columns become optional.
    template <class New>
    [[nodiscard]] constexpr auto left_join() const {
        return join_by_relation<detail::join_kind::left, New>();
    }
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto left_join(Condition on) const {
        return join_by_condition<detail::join_kind::left, New>(std::move(on));
    }
    /// Joins a table and keeps its rows that have no partner here: the columns so far become optional.
    template <class New>
    [[nodiscard]] constexpr auto right_join() const {
        return join_by_relation<detail::join_kind::right, New>();
    }
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto right_join(Condition on) const {
        return join_by_condition<detail::join_kind::right, New>(std::move(on));
    }
    /// Joins a table and keeps the rows of both sides that have no partner: all columns become optional.
    template <class New>
    [[nodiscard]] constexpr auto full_join() const {
        return join_by_relation<detail::join_kind::full, New>();
    }
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto full_join(Condition on) const {
        return join_by_condition<detail::join_kind::full, New>(std::move(on));
    }

    /// Keeps the rows for which all conditions are true; unknown is not true. Takes `when(…)` conditions, too.
    template <class... Conditions>
    [[nodiscard]] constexpr auto where(Conditions... conditions) const {
        if constexpr (detail::check_where<Tables, Root, type_list<Clauses...>, Conditions...>())
            return with_clause(detail::make_where(static_cast<Conditions&&>(conditions)...));
        else
            return *this;
    }

    /// Makes one row of all rows in which these are equal; give it before `select`, `having` and `order_by`.
    template <class... Keys>
    [[nodiscard]] constexpr auto group_by(Keys... keys) const {
        (void)(static_cast<void>(keys), ...);
        if constexpr (detail::check_group_by<Tables, Projection, type_list<Clauses...>, Keys...>())
            return with_clause(group_by_clause<Keys...>{});
        else
            return *this;
    }
    /// Keeps the groups for which all conditions are true.
    template <class... Conditions>
    [[nodiscard]] constexpr auto having(Conditions... conditions) const {
        if constexpr (detail::check_having<Tables, groups, type_list<Clauses...>, Conditions...>())
            return with_clause(having_clause<Conditions...>{
                detail::bundle<Conditions...>{{static_cast<Conditions&&>(conditions)}...}});
        else
            return *this;
    }

    /// Makes one row of all equal rows.
    [[nodiscard]] constexpr auto distinct() const { return distinct_on(); }
    /// Keeps the first row of those in which these are equal; `order_by` says which one that is.
    template <expression_like... Keys>
    [[nodiscard]] constexpr auto distinct_on(Keys... keys) const {
        if constexpr (detail::check_distinct<Tables, type_list<Clauses...>, Keys...>())
            return with_clause(distinct_clause<Keys...>{detail::bundle<Keys...>{{static_cast<Keys&&>(keys)}...}});
        else
            return *this;
    }

    /// Sorts by expressions, `asc(…)` or `desc(…)` of them, the first one first.
    template <class... Keys>
    [[nodiscard]] constexpr auto order_by(Keys... keys) const {
        if constexpr (detail::check_order_by<Tables, type_list<Clauses...>, Keys...>())
            return with_clause(order_by_clause<Keys...>{{}, detail::bundle<Keys...>{{static_cast<Keys&&>(keys)}...}});
        else
            return *this;
    }

    /// Goes on after a row of which these are the sort keys: the next page, whatever was inserted before it.
    /// @code
    /// query.order_by(col<&T::created>, col<&T::id>).after(last.created, last.id).limit(50)
    /// @endcode
    template <class... Values>
    [[nodiscard]] constexpr auto after(Values... values) const {
        using order = detail::clause_of_t<slot::order_by, Clauses...>;
        if constexpr (detail::check_seek<order, Root, Tables, type_list<Clauses...>, Values...>())
            return with_clause(detail::make_seek<order, false>(std::optional{std::tuple{std::move(values)...}}));
        else
            return *this;
    }
    /// Goes on after a row where one is given, and begins at the first row where none is.
    template <class... Values>
    [[nodiscard]] constexpr auto after_if(std::optional<std::tuple<Values...>> values) const {
        using order = detail::clause_of_t<slot::order_by, Clauses...>;
        if constexpr (detail::check_seek<order, Root, Tables, type_list<Clauses...>, Values...>())
            return with_clause(detail::make_seek<order, true>(std::move(values)));
        else
            return *this;
    }

    /// Returns at most `rows` rows.
    template <std::integral I>
    [[nodiscard]] constexpr auto limit(I rows) const {
        if constexpr (detail::check_limit<Clauses...>())
            return with_clause(limit_clause{detail::row_count(rows)});
        else
            return *this;
    }
    /// Returns at most as many rows, with the number in the text, where the planner sees it: `limit<1>()`.
    template <auto Rows>
        requires std::integral<decltype(Rows)>
    [[nodiscard]] constexpr auto limit() const {
        if constexpr (detail::check_limit<Clauses...>() && detail::check_constant_limit<Rows>())
            return with_clause(constant_limit_clause<Rows>{});
        else
            return *this;
    }
    /// Skips `rows` rows.
    template <std::integral I>
    [[nodiscard]] constexpr auto offset(I rows) const {
        using once = rules::clause_is_given_once<slot::offset, Clauses...>;
        static_assert(once::holds, "sark: offset(...) was given twice. Give it once. [sark-Q16]");
        if constexpr (once::holds)
            return with_clause(offset_clause{detail::row_count(rows)});
        else
            return *this;
    }

    /// Locks the rows against changes and other locks; `for_update<T>()` only those of a table.
    template <class... Of, class Wait = wait_t>
    [[nodiscard]] constexpr auto for_update(Wait = {}) const {
        return locked<" FOR UPDATE", Wait, Of...>();
    }
    /// Locks the rows against changes, and lets others refer to their keys.
    template <class... Of, class Wait = wait_t>
    [[nodiscard]] constexpr auto for_no_key_update(Wait = {}) const {
        return locked<" FOR NO KEY UPDATE", Wait, Of...>();
    }
    /// Locks the rows against changes, and lets others read and share them.
    template <class... Of, class Wait = wait_t>
    [[nodiscard]] constexpr auto for_share(Wait = {}) const {
        return locked<" FOR SHARE", Wait, Of...>();
    }
    /// Locks the rows against deletion and changes of their keys.
    template <class... Of, class Wait = wait_t>
    [[nodiscard]] constexpr auto for_key_share(Wait = {}) const {
        return locked<" FOR KEY SHARE", Wait, Of...>();
    }

    /// Selects expressions instead of whole rows: one gives its value, several a tuple, `select<S>(…)` an S.
    template <class Into = void, class... Expressions>
    [[nodiscard]] constexpr auto select(Expressions... expressions) const {
        if constexpr (detail::check_select<Into, Projection, Tables, nullable, groups, Expressions...>()) {
            using chosen = detail::projection<Into, Expressions...>;
            return query<Root, chosen, Tables, Clauses...>{
                chosen{detail::bundle<Expressions...>{{static_cast<Expressions&&>(expressions)}...}}, clauses_};
        } else {
            return *this;
        }
    }

    /// Loads the children of the returned rows by one second query, however many rows there are.
    template <class Child>
    [[nodiscard]] constexpr auto with() const {
        if constexpr (detail::check_children<Child, row, Projection, typename row_traits<Root>::table>()) {
            using selected = detail::whole_row<typename detail::row_with_child<row, Child>::type>;
            return query<Root, selected, Tables, Clauses...>{selected{}, clauses_};
        } else {
            return *this;
        }
    }

    /// Holds the text that deletes the chosen rows.
    static constexpr std::string_view delete_sql() {
        if constexpr (detail::check_constant_text<query>())
            return sql::text<detail::delete_statement<Root, Tables, Clauses...>>::value;
        else
            return {};
    }
    /// Tells whether a clause of a kind was given.
    template <slot Slot>
    static constexpr bool has_clause = detail::has_slot<Slot, Clauses...>;

    [[nodiscard]] constexpr detail::bundle<Clauses...> const& clauses() const noexcept { return clauses_; }

private:
    template <class Clause>
    constexpr auto with_clause(Clause clause) const {
        return query<Root, Projection, Tables, Clauses..., Clause>{
            projection_, detail::append(clauses_, static_cast<Clause&&>(clause))};
    }
    template <detail::join_kind Kind, class New, class Condition>
    constexpr auto with_table(Condition on) const {
        using clause = join_clause<Kind, New, Condition>;
        return query<Root, Projection, joined_t<Tables, type_list<New>>, Clauses..., clause>{
            projection_, detail::append(clauses_, clause{std::move(on)})};
    }
    template <detail::join_kind Kind, class New>
    constexpr auto join_by_relation() const {
        if constexpr (detail::check_join_by_relation<New, Tables>() &&
                      detail::check_join_before_select<Kind, Projection>())
            return with_table<Kind, New>(typename detail::link_into<New, Tables>::type{});
        else
            return with_table<Kind, New>(detail::refused_expression{});
    }
    template <detail::join_kind Kind, class New, class Condition>
    constexpr auto join_by_condition(Condition on) const {
        using scope = joined_t<Tables, type_list<New>>;
        if constexpr (detail::check_new_table<New, Tables>() && detail::check_join_before_select<Kind, Projection>() &&
                      detail::check_row_condition<Condition>() &&
                      detail::check_columns<scope>(typename Condition::columns{}) &&
                      detail::check_json_served<scope, type_list<>, Condition>())
            return with_table<Kind, New>(std::move(on));
        else
            return with_table<Kind, New>(detail::refused_expression{});
    }
    template <fixed_string Strength, class Wait, class... Of>
    constexpr auto locked() const {
        if constexpr (detail::check_lock<Tables, nullable, detail::merges_rows<Projection, Clauses...>, Of...>())
            return with_clause(lock_clause<Strength, Wait, Of...>{});
        else
            return *this;
    }

    [[no_unique_address]] Projection projection_;
    detail::bundle<Clauses...> clauses_;
};

/// Starts a query at the table of a row type.
template <class Row>
[[nodiscard]] constexpr auto from() {
    using table = typename row_traits<Row>::table;
    using projection = detail::whole_row<Row>;
    return query<Row, projection, type_list<table>>{projection{}, {}};
}

}  // namespace sark
