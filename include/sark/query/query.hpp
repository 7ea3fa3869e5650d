// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/join.hpp>
#include <sark/query/limit.hpp>
#include <sark/query/logic.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/row.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/select.hpp>
#include <sark/query/where.hpp>
#include <sark/query/with.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

template <clause_slot Slot, class Scope, class Clause>
constexpr void write_clause(sql::writer& w) {
    if constexpr (Clause::slot == Slot) Clause::template write<Scope>(w);
}

/// Writes the part of a statement that chooses rows: joins and conditions.
template <class Root, class Scope, class... Clauses>
constexpr void write_row_choice(sql::writer& w) {
    (write_clause<clause_slot::join, Scope, Clauses>(w), ...);
    constexpr bool has_where = ((Clauses::slot == clause_slot::where) || ...);
    if constexpr (row_traits<Root>::has_condition || has_where) {
        w.put(" WHERE ");
        row_traits<Root>::write_condition(w);
        if constexpr (row_traits<Root>::has_condition && has_where) w.put(" AND ");
        (write_clause<clause_slot::where, Scope, Clauses>(w), ...);
    }
}

template <class Root, class Projection, class Scope, class... Clauses>
struct select_statement {
    static constexpr void write(sql::writer& w) {
        w.put("SELECT ");
        Projection::template write<Scope>(w);
        w.put(" FROM ");
        sql::put_identifier(w, table_name<typename row_traits<Root>::table>);
        write_row_choice<Root, Scope, Clauses...>(w);
        (write_clause<clause_slot::order_by, Scope, Clauses>(w), ...);
        (write_clause<clause_slot::limit, Scope, Clauses>(w), ...);
        (write_clause<clause_slot::offset, Scope, Clauses>(w), ...);
    }
};

template <class Root, class Scope, class... Clauses>
struct count_statement {
    static constexpr void write(sql::writer& w) {
        w.put("SELECT count(*) FROM ");
        sql::put_identifier(w, table_name<typename row_traits<Root>::table>);
        write_row_choice<Root, Scope, Clauses...>(w);
    }
};

template <class Root, class Scope, class... Clauses>
struct delete_statement {
    static constexpr void write(sql::writer& w) {
        w.put("DELETE FROM ");
        sql::put_identifier(w, table_name<typename row_traits<Root>::table>);
        write_row_choice<Root, Scope, Clauses...>(w);
    }
};

template <class T>
inline constexpr bool is_whole_row = false;
template <class Row>
inline constexpr bool is_whole_row<whole_row<Row>> = true;

template <class Row, class Child>
struct row_with_child {
    using type = with_children<Row, Child>;
};
template <class Row, class... Children, class Child>
struct row_with_child<with_children<Row, Children...>, Child> {
    using type = with_children<Row, Children..., Child>;
};

}  // namespace detail

namespace rules {

template <class Projection>
struct children_are_loaded_for_whole_rows {
    static constexpr bool holds = detail::is_whole_row<Projection>;
};

template <class Projection>
struct select_is_given_once {
    static constexpr bool holds = detail::is_whole_row<Projection>;
};

}  // namespace rules

/// Is a SELECT: its text is a constant of its type, its values travel beside it.
///
/// Start with `from<T>()`. Clauses are values: each call returns a new query, and nothing is sent before a connection
/// or a transaction is asked to run it.
template <class Root, class Projection, class Tables, class... Clauses>
class query {
    using slot = detail::clause_slot;

public:
    using root = Root;
    using row = typename Projection::row;
    using tables = Tables;

    constexpr explicit query(Projection projection, std::tuple<Clauses...> clauses)
        : projection_{std::move(projection)}, clauses_{std::move(clauses)} {}

    /// Holds the statement's text.
    static constexpr std::string_view sql =
        sql::text<detail::select_statement<Root, Projection, Tables, Clauses...>>::value;
    /// Holds the text that counts the rows instead; ordering and limits do not take part.
    static constexpr std::string_view count_sql = sql::text<detail::count_statement<Root, Tables, Clauses...>>::value;

    /// Adds the parameters in the order of the text's placeholders.
    void bind(parameters& out) const {
        projection_.bind(out);
        bind_row_choice(out);
        bind_slot<slot::order_by>(out);
        bind_slot<slot::limit>(out);
        bind_slot<slot::offset>(out);
    }
    /// Adds those of joins and conditions only.
    void bind_row_choice(parameters& out) const {
        bind_slot<slot::join>(out);
        bind_slot<slot::where>(out);
    }

    template <class Fields>
    [[nodiscard]] static row decode(Fields const& fields) {
        return Projection::decode(fields);
    }

    /// Joins a table by its one declared relation to a table of the query.
    template <class New>
    [[nodiscard]] constexpr auto join() const {
        static_assert(rules::table_is_joined_once<New, Tables>::holds,
                      "sark: this table is already part of the query. Join it once. [sark-Q10]");
        static_assert(!rules::table_is_joined_once<New, Tables>::holds ||
                          rules::joined_table_has_a_declared_relation<New, Tables>::holds,
                      "sark: the joined table has no declared relation to a table of the query. Declare references<…> "
                      "or relation<…> in its table_of, or give join<T>(…) a condition. [sark-Q11]");
        static_assert(!rules::joined_table_has_a_declared_relation<New, Tables>::holds ||
                          !rules::table_is_joined_once<New, Tables>::holds ||
                          rules::joined_table_has_one_relation_only<New, Tables>::holds,
                      "sark: the joined table has several relations to tables of the query. Say which one: give "
                      "join<T>(…) a condition. [sark-Q12]");
        if constexpr (rules::table_is_joined_once<New, Tables>::holds &&
                      rules::joined_table_has_a_declared_relation<New, Tables>::holds) {
            using condition = detail::link_condition<typename link_of<New, Tables>::type>;
            return with_table<New>(join_clause<New, condition>{});
        } else {
            return with_table<New>(join_clause<New, detail::refused_expression>{});
        }
    }

    /// Joins a table by a condition.
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto join(Condition on) const {
        static_assert(rules::table_is_joined_once<New, Tables>::holds,
                      "sark: this table is already part of the query. Join it once. [sark-Q10]");
        using scope = joined_t<Tables, type_list<New>>;
        if constexpr (detail::check_columns<scope>(typename Condition::columns{}))
            return with_table<New>(join_clause<New, Condition>{std::move(on)});
        else
            return with_table<New>(join_clause<New, detail::refused_expression>{});
    }

    /// Keeps the rows for which all conditions are true; unknown is not true.
    template <class... Conditions>
    [[nodiscard]] constexpr auto where(Conditions... conditions) const {
        using once = rules::clause_is_given_once<slot::where, Clauses...>;
        using kinds = rules::where_takes_conditions<Conditions...>;
        static_assert(once::holds,
                      "sark: where(...) was given twice. Pass all conditions to one where(...): they are joined by "
                      "AND. [sark-Q02]");
        static_assert(!once::holds || kinds::holds,
                      "sark: where(...) takes conditions. Compare the column with something, or pass a boolean "
                      "column. [sark-Q08]");
        if constexpr (once::holds && kinds::holds) {
            if constexpr ((detail::check_columns<Tables>(typename Conditions::columns{}) && ...))
                return with_clause(where_clause<Conditions...>{{std::move(conditions)...}});
            else
                return *this;
        } else {
            return *this;
        }
    }

    /// Sorts by expressions or `desc(…)` of them, the first one first.
    template <class... Keys>
    [[nodiscard]] constexpr auto order_by(Keys... keys) const {
        using once = rules::clause_is_given_once<slot::order_by, Clauses...>;
        using kinds = rules::order_by_takes_expressions<Keys...>;
        static_assert(once::holds,
                      "sark: order_by(...) was given twice. Pass all keys to one order_by(...), the first one first. "
                      "[sark-Q13]");
        static_assert(!once::holds || kinds::holds,
                      "sark: order_by(...) takes columns and desc(...) of columns. Name the members to sort by. "
                      "[sark-Q14]");
        if constexpr (once::holds && kinds::holds) {
            if constexpr ((detail::check_columns<Tables>(typename detail::order_key<Keys>::expression::columns{}) &&
                           ...))
                return with_clause(order_by_clause<Keys...>{{std::move(keys)...}});
            else
                return *this;
        } else {
            return *this;
        }
    }

    /// Returns at most `rows` rows.
    template <std::integral I>
    [[nodiscard]] constexpr auto limit(I rows) const {
        using once = rules::clause_is_given_once<slot::limit, Clauses...>;
        static_assert(once::holds, "sark: limit(...) was given twice. Give it once. [sark-Q15]");
        if constexpr (once::holds)
            return with_clause(limit_clause{detail::row_count(rows)});
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

    /// Selects expressions instead of whole rows: one gives its value, several a tuple, `select<S>(…)` an S.
    template <class Into = void, class... Expressions>
    [[nodiscard]] constexpr auto select(Expressions... expressions) const {
        using once = rules::select_is_given_once<Projection>;
        using kinds = rules::select_takes_expressions<Expressions...>;
        static_assert(once::holds,
                      "sark: select(...) was given twice, or together with with<T>(). Give it once, for rows without "
                      "children. [sark-Q17]");
        static_assert(!once::holds || kinds::holds,
                      "sark: select(...) takes columns and expressions. Name the members to read. [sark-Q18]");
        if constexpr (once::holds && kinds::holds) {
            if constexpr (fits<Into, Expressions...>() &&
                          (detail::check_columns<Tables>(typename Expressions::columns{}) && ...)) {
                using selected = typename detail::projected_row<Into, Expressions...>::type;
                using chosen = detail::projection<selected, Expressions...>;
                return query<Root, chosen, Tables, Clauses...>{chosen{{std::move(expressions)...}}, clauses_};
            } else {
                return *this;
            }
        } else {
            return *this;
        }
    }

    /// Loads the children of the returned rows by one second query, however many rows there are.
    template <class Child>
    [[nodiscard]] constexpr auto with() const {
        using whole = rules::children_are_loaded_for_whole_rows<Projection>;
        using parent = typename row_traits<Root>::table;
        using related = rules::child_has_one_relation_to_its_parent<Child, parent>;
        static_assert(whole::holds,
                      "sark: with<T>() loads children of whole rows, and select(...) chose columns. Leave one of the "
                      "two out. [sark-Q19]");
        using once = rules::children_are_loaded_once<Child, row>;
        static_assert(once::holds, "sark: with<T>() was given twice for the same children. Give it once. [sark-Q23]");
        static_assert(!whole::holds || related::holds,
                      "sark: with<T>() needs exactly one declared relation from the child to the rows of the query. "
                      "Declare references<…> or relation<…> in the child's table_of. [sark-Q20]");
        if constexpr (whole::holds && once::holds && related::holds) {
            using selected = detail::whole_row<typename detail::row_with_child<row, Child>::type>;
            return query<Root, selected, Tables, Clauses...>{selected{}, clauses_};
        } else {
            return *this;
        }
    }

    /// Holds the text that deletes the chosen rows.
    static constexpr std::string_view delete_sql() {
        return sql::text<detail::delete_statement<Root, Tables, Clauses...>>::value;
    }
    /// Tells whether a clause of a kind was given.
    template <slot Slot>
    static constexpr bool has_clause = ((Clauses::slot == Slot) || ...);

private:
    template <class New, class List>
    struct link_of;
    template <class New, class... Ts>
    struct link_of<New, type_list<Ts...>> {
        using type = detail::link_to_scope<New, Ts...>;
    };

    template <class Into, class... Expressions>
    static consteval bool fits() {
        if constexpr (std::is_void_v<Into>) {
            return true;
        } else {
            using fit = rules::selected_columns_fit_the_struct<Into, typename Expressions::value_type...>;
            static_assert(fit::holds,
                          "sark: the selected columns do not fit the fields of the struct. Select as many columns as "
                          "it has fields, of the same types in the same order; a nullable one needs an optional. "
                          "[sark-Q21]");
            return fit::holds;
        }
    }

    template <class Clause>
    constexpr auto with_clause(Clause clause) const {
        return query<Root, Projection, Tables, Clauses..., Clause>{
            projection_, std::tuple_cat(clauses_, std::tuple<Clause>{std::move(clause)})};
    }
    template <class New, class Clause>
    constexpr auto with_table(Clause clause) const {
        return query<Root, Projection, joined_t<Tables, type_list<New>>, Clauses..., Clause>{
            projection_, std::tuple_cat(clauses_, std::tuple<Clause>{std::move(clause)})};
    }

    template <slot Slot>
    void bind_slot(parameters& out) const {
        std::apply(
            [&](auto const&... clause) {
                (
                    [&] {
                        if constexpr (std::remove_cvref_t<decltype(clause)>::slot == Slot) clause.bind(out);
                    }(),
                    ...);
            },
            clauses_);
    }

    [[no_unique_address]] Projection projection_;
    std::tuple<Clauses...> clauses_;
};

/// Starts a query at the table of a row type.
template <class Row>
[[nodiscard]] constexpr auto from() {
    using table = typename row_traits<Row>::table;
    using projection = detail::whole_row<Row>;
    return query<Row, projection, type_list<table>>{projection{}, {}};
}

}  // namespace sark
