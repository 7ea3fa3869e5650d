// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/assignment.hpp>
#include <sark/query/check.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/join.hpp>
#include <sark/query/returning.hpp>
#include <sark/query/where.hpp>
#include <sark/query/write.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

/// Says that all rows are meant.
struct all_rows_clause : clause_part {
    static constexpr auto slot = clause_slot::where;
    static constexpr bool is_all_rows = true;

    template <class Scope>
    static constexpr void write(sql::writer&) {}
    void bind(parameters&) const {}
};

/// Writes the tables beside the changed one.
template <class Clause>
constexpr void write_other_table(sql::writer& w, bool& first, std::string_view word) {
    if constexpr (Clause::slot == clause_slot::join) {
        w.put(first ? word : std::string_view{", "});
        first = false;
        write_source<typename Clause::table>(w);
    }
}
template <class Scope, class Clause>
constexpr void write_change_condition(sql::writer& w, bool& first) {
    if constexpr (Clause::slot == clause_slot::join) {
        w.put(first ? " WHERE " : " AND ");
        first = false;
        Clause::condition_type::template write<Scope>(w);
    } else if constexpr (Clause::slot == clause_slot::where && !requires { Clause::is_all_rows; }) {
        w.put(first ? " WHERE " : " AND ");
        first = false;
        Clause::template write<Scope>(w);
    }
}
template <class Scope, class Clause>
constexpr void write_assignment(sql::writer& w, bool& first) {
    if constexpr (Clause::slot == clause_slot::set) {
        w.put_separator(first, ", ");
        Clause::template write<Scope>(w);
    }
}

}  // namespace detail

namespace rules {

template <class Table, class... Clauses>
struct changed_rows_are_chosen {
    static constexpr bool holds = detail::has_slot<detail::clause_slot::where, Clauses...>;
};
template <class Table, class... Clauses>
struct update_sets_a_column {
    static constexpr bool holds = detail::has_slot<detail::clause_slot::set, Clauses...>;
};

}  // namespace rules

namespace detail {

template <bool Update, class T, class... Clauses>
consteval bool check_change() {
    using sets = rules::update_sets_a_column<T, Clauses...>;
    using chosen = rules::changed_rows_are_chosen<T, Clauses...>;
    if constexpr (!check_writable<T>()) {
        return false;
    } else if constexpr (Update && !sets::holds) {
        static_assert(sets::holds,
                      "sark: an update sets no column. Say what changes: set(col<&T::x>, ...). [sark-Q90]");
        return false;
    } else {
        static_assert(chosen::holds,
                      "sark: an update or delete says nothing about which rows. Choose them with where(...), or say "
                      "all_rows(). [sark-Q91]");
        return chosen::holds;
    }
}

template <bool Update, class T, class Scope, class Returning, class... Clauses>
struct change_text {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_change<Update, T, Clauses...>()) {
            w.put(Update ? "UPDATE " : "DELETE FROM ");
            sql::put_identifier(w, table_name<T>);
            bool first = true;
            if constexpr (Update) {
                w.put(" SET ");
                (write_assignment<Scope, Clauses>(w, first), ...);
                first = true;
            }
            (write_other_table<Clauses>(w, first, Update ? " FROM " : " USING "), ...);
            first = true;
            (write_change_condition<Scope, Clauses>(w, first), ...);
            Returning::template write<Scope>(w);
        }
    }
};

}  // namespace detail

/// Changes or deletes rows by conditions and expressions; its text is a constant of its type.
///
/// Start with `update<T>()` or `delete_from<T>()`. Join first, then set, choose and return.
template <bool Update, class T, class Tables, class Returning, class... Clauses>
class change_query : public detail::returned_rows<Returning> {
    using slot = detail::clause_slot;

public:
    constexpr change_query(Returning returning, detail::bundle<Clauses...> clauses)
        : returning_{std::move(returning)}, clauses_{std::move(clauses)} {}

    /// Holds the statement's text.
    static constexpr std::string_view sql =
        sql::text<detail::change_text<Update, T, Tables, Returning, Clauses...>>::value;

    /// Adds the parameters in the order of the text's placeholders.
    void bind(parameters& out) const {
        detail::bind_clauses<slot::set, slot::set>(out, clauses_);
        // Conditions of joins and the others stand in the order they were given in.
        auto const one = [&](auto const& clause) {
            constexpr auto kind = std::remove_cvref_t<decltype(clause)>::slot;
            if constexpr (kind == slot::join || kind == slot::where) clause.bind(out);
        };
        detail::for_each_value(clauses_, one);
        returning_.bind(out);
    }

    /// Brings another table in by its one declared relation, for values and conditions.
    template <class New>
    [[nodiscard]] constexpr auto join() const {
        if constexpr (detail::check_join_by_relation<New, Tables>())
            return with_table<New>(typename detail::link_into<New, Tables>::type{});
        else
            return *this;
    }
    /// Brings another table in by a condition.
    template <class New, condition Condition>
    [[nodiscard]] constexpr auto join(Condition on) const {
        using scope = joined_t<Tables, type_list<New>>;
        if constexpr (detail::check_new_table<New, Tables>() && detail::check_row_condition<Condition>() &&
                      detail::check_columns<scope>(typename Condition::columns{}) &&
                      detail::check_json_served<scope, type_list<>, Condition>())
            return with_table<New>(std::move(on));
        else
            return *this;
    }

    /// Sets a column to a value or an expression: `set(col<&T::n>, col<&T::n> + 1)`.
    template <class Column, class V>
        requires Update && requires { Column::member; }
    [[nodiscard]] constexpr auto set(Column, V&& value) const {
        if constexpr (detail::assignment_check<T, Tables, false, type_list<Clauses...>, Column, V>::holds()) {
            auto node = detail::assigned_value<Column>(std::forward<V>(value));
            return with_clause(set_clause<Column, decltype(node)>{std::move(node)});
        } else {
            return *this;
        }
    }

    /// Chooses the rows for which all conditions are true; unknown is not true.
    template <class... Conditions>
    [[nodiscard]] constexpr auto where(Conditions... conditions) const {
        if constexpr (detail::check_where<Tables, void, type_list<Clauses...>, Conditions...>()) {
            using clause = where_clause<Conditions...>;
            if constexpr (detail::check_constant_text<clause>())
                return with_clause(detail::make_where(std::move(conditions)...));
            else
                return *this;
        } else {
            return *this;
        }
    }
    /// Says that all rows are meant.
    [[nodiscard]] constexpr auto all_rows() const { return with_clause(detail::all_rows_clause{}); }

    /// Returns the rows that were written, whole or as `returning(…)` and `returning<S>(…)` select them.
    template <class Into = void, class... Items>
    [[nodiscard]] constexpr auto returning(Items... items) const {
        if constexpr (detail::check_returning<Into, T, Tables, Items...>()) {
            auto clause = detail::make_returning<Into, T>(std::move(items)...);
            return change_query<Update, T, Tables, decltype(clause), Clauses...>{std::move(clause), clauses_};
        } else {
            return *this;
        }
    }

private:
    template <class Clause>
    constexpr auto with_clause(Clause clause) const {
        return change_query<Update, T, Tables, Returning, Clauses..., Clause>{
            returning_, detail::append(clauses_, std::move(clause))};
    }
    template <class New, class Condition>
    constexpr auto with_table(Condition on) const {
        using clause = join_clause<detail::join_kind::inner, New, Condition>;
        return change_query<Update, T, joined_t<Tables, type_list<New>>, Returning, Clauses..., clause>{
            returning_, detail::append(clauses_, clause{std::move(on)})};
    }

    [[no_unique_address]] Returning returning_;
    detail::bundle<Clauses...> clauses_;
};

/// Starts an update: `update<Resource>().set(col<&Resource::name>, "n").where(col<&Resource::id> == id)`.
template <class T>
[[nodiscard]] constexpr auto update() {
    return change_query<true, T, type_list<T>, detail::no_returning>{{}, {}};
}
/// Starts a delete: `delete_from<Capability>().join<Resource>().where(col<&Resource::protocol> == "mcp")`.
template <class T>
[[nodiscard]] constexpr auto delete_from() {
    return change_query<false, T, type_list<T>, detail::no_returning>{{}, {}};
}

}  // namespace sark
