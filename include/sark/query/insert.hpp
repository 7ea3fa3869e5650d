// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/array.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/assignment.hpp>
#include <sark/query/check.hpp>
#include <sark/query/conflict.hpp>
#include <sark/query/returning.hpp>
#include <sark/query/sub_query.hpp>
#include <sark/query/write.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

/// The sources of an insert: what stands after the table's name.

/// Inserts one row of values and expressions.
template <class... Sets>
struct inserted_values {
    template <class T, class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (sizeof...(Sets) == 0) {
            w.put(" DEFAULT VALUES");
        } else {
            bool first = true;
            w.put(" (");
            ((w.put_separator(first, ", "), sql::put_identifier(w, column_of<Sets::column::member>.name)), ...);
            w.put(") VALUES (");
            first = true;
            ((w.put_separator(first, ", "), decltype(Sets::value)::template write<Scope>(w)), ...);
            w.put(')');
        }
    }
    void bind(parameters& out) const { bind_all(out, sets); }

    detail::bundle<Sets...> sets;
};

/// Inserts one struct.
template <class T>
struct inserted_row {
    template <class, class Scope>
    static constexpr void write(sql::writer& w) {
        write_inserted_columns<T>(w);
        w.put(" VALUES (");
        bool first = true;
        for_each_position<T>([&](auto i) {
            w.put_separator(first, ", ");
            write_inserted_value<T, i>(w);
        });
        w.put(')');
    }
    void bind(parameters& out) const { bind_inserted(out, row); }

    T row;
};

/// Writes an array type that keeps values as they are: without a length, which would cut, or a scale, which would round.
constexpr void write_array_type(sql::writer& w, std::string_view type) {
    // The elements of a column of arrays would become rows of their own, so these travel as text.
    w.put(type.ends_with("[]") ? std::string_view{"text"} : without_arguments(type));
    w.put("[]");
}

/// Inserts any number of structs by one text: an array for each column.
///
/// The rows are made in the order of the arrays and inserted one by one, so serial numbers rise with it and RETURNING
/// answers in it (docs/decisions/0020-rows-in-order.md).
template <class T>
struct inserted_rows {
    template <class, class Scope>
    static constexpr void write(sql::writer& w) {
        write_inserted_columns<T>(w);
        w.put(" SELECT ");
        bool first = true;
        for_each_position<T>([&](auto i) {
            w.put_separator(first, ", ");
            constexpr bool filled = is_filled_by_server<T, i>;
            if (filled) w.put("COALESCE(");
            sql::put_qualified(w, "given", columns_of<T>[i].name);
            if (columns_of<T>[i].type.ends_with("[]")) {
                w.put("::");
                w.put(columns_of<T>[i].type);
            }
            if (filled) {
                w.put(", ");
                write_column_default<T>(w, i);
                w.put(')');
            }
        });
        w.put(" FROM unnest(");
        first = true;
        for (column_facts const& c : columns_of<T>) {
            w.put_separator(first, ", ");
            w.put_placeholder();
            w.put("::");
            write_array_type(w, c.storage_type());
        }
        w.put(R"() WITH ORDINALITY AS "given" ()");
        for (column_facts const& c : columns_of<T>) {
            sql::put_identifier(w, c.name);
            w.put(", ");
        }
        w.put(R"("position of the row") ORDER BY "given"."position of the row")");
    }
    void bind(parameters& out) const {
        for_each_position<T>([&](auto i) {
            std::string text{"{"};
            for (T const& row : rows) {
                parameters one;
                bind_inserted_value<T, i>(one, row);
                append_array_element(text, one.values()[0]);
            }
            text += '}';
            out.add_trusted(text);
        });
    }

    std::vector<T> rows;
};

/// Inserts what a query selects.
template <class Query, auto... Ms>
struct inserted_selection {
    template <class T, class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        w.put(" (");
        ((w.put_separator(first, ", "), sql::put_identifier(w, column_of<Ms>.name)), ...);
        w.put(") ");
        Query::write_statement(w);
    }
    void bind(parameters& out) const { query.bind(out); }

    Query query;
};

}  // namespace detail

namespace rules {

/// Asks for a value of each column that is never NULL and that the server does not fill in.
template <class T, auto... Ms>
struct inserted_columns_are_complete {
    static constexpr bool holds = [] {
        for (std::size_t i = 0; i < field_count<T>; ++i) {
            column_facts const& c = columns_of<T>[i];
            if (!c.nullable && !c.has_default() && !((member_position<Ms> == i) || ...)) return false;
        }
        return true;
    }();
};

template <class Row, auto... Ms>
struct inserted_selection_fits_the_columns {
    static constexpr bool holds = false;
};
template <class... Values, auto... Ms>
    requires(sizeof...(Values) == sizeof...(Ms))
struct inserted_selection_fits_the_columns<std::tuple<Values...>, Ms...> {
    static constexpr bool holds =
        ((detail::is_assignable<detail::without_optional_t<value_of<Ms>>, detail::without_optional_t<Values>>() &&
          (detail::is_optional<value_of<Ms>> || !detail::is_optional<Values>)) &&
         ...);
};
template <class Value, auto M>
    requires mapped<Value>
struct inserted_selection_fits_the_columns<Value, M> : inserted_selection_fits_the_columns<std::tuple<Value>, M> {};

}  // namespace rules

namespace detail {

template <class T, auto... Ms>
consteval bool check_complete() {
    using complete = rules::inserted_columns_are_complete<T, Ms...>;
    static_assert(complete::holds,
                  "sark: an insert leaves out a column that is never NULL and has no default. Give it a value, or the "
                  "column a default. [sark-Q93]");
    return complete::holds;
}

template <class Source>
struct columns_are_complete {
    template <class T>
    static consteval bool holds() {
        return true;
    }
};
template <class... Sets>
struct columns_are_complete<inserted_values<Sets...>> {
    template <class T>
    static consteval bool holds() {
        return check_complete<T, Sets::column::member...>();
    }
};
template <class Query, auto... Ms>
struct columns_are_complete<inserted_selection<Query, Ms...>> {
    template <class T>
    static consteval bool holds() {
        return check_complete<T, Ms...>();
    }
};

template <class Conflict>
consteval bool check_conflict() {
    using sets = rules::upsert_sets_a_column<Conflict>;
    static_assert(sets::holds,
                  "sark: do_update() sets no column. Say what changes, set(col<&T::x>, excluded<&T::x>), or use "
                  "do_nothing(). [sark-Q94]");
    return sets::holds;
}

template <class T, class Source, class Conflict, class Returning>
struct insert_text {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_writable<T>() && columns_are_complete<Source>::template holds<T>() &&
                      check_conflict<Conflict>()) {
            using scope = type_list<T>;
            w.put("INSERT INTO ");
            sql::put_identifier(w, table_name<T>);
            Source::template write<T, scope>(w);
            Conflict::template write<scope>(w);
            Returning::template write<scope>(w);
        }
    }
};

template <class T>
inline constexpr bool is_inserted_values = false;
template <class... Sets>
inline constexpr bool is_inserted_values<inserted_values<Sets...>> = true;

}  // namespace detail

template <class T, class Source, class Conflict, class Returning>
class upsert_query;

/// Inserts rows; its text is a constant of its type, however many rows there are.
///
/// Start with `insert_into<T>()`; give columns by `set(…)`, a struct by `values(…)`, structs by `rows(…)`, or a query by
/// `select<&T::a, &T::b>(…)`.
template <class T, class Source, class Conflict, class Returning>
class insert_query : public detail::returned_rows<Returning> {
public:
    constexpr insert_query(Source source, Conflict conflict, Returning returning)
        : source_{std::move(source)}, conflict_{std::move(conflict)}, returning_{std::move(returning)} {}

    /// Holds the statement's text.
    static constexpr std::string_view sql = sql::text<detail::insert_text<T, Source, Conflict, Returning>>::value;

    /// Adds the parameters in the order of the text's placeholders.
    void bind(parameters& out) const {
        source_.bind(out);
        conflict_.bind(out);
        returning_.bind(out);
    }

    /// Gives a column a value or an expression; what is not given takes its default.
    template <class Column, class V>
        requires(detail::is_inserted_values<Source> && requires { Column::member; })
    [[nodiscard]] constexpr auto set(Column column, V&& value) const& {
        return insert_query{*this}.set(column, std::forward<V>(value));
    }
    template <class Column, class V>
        requires(detail::is_inserted_values<Source> && requires { Column::member; })
    [[nodiscard]] constexpr auto set(Column, V&& value) && {
        return with_set<Column>(std::move(source_), std::forward<V>(value));
    }
    /// Inserts a struct; members that are unset take their column's default.
    [[nodiscard]] auto values(T value) const
        requires std::is_same_v<Source, detail::inserted_values<>>
    {
        return with_source(detail::inserted_row<T>{std::move(value)});
    }
    /// Inserts structs of any range, in their order.
    template <class Range>
        requires std::is_same_v<Source, detail::inserted_values<>>
    [[nodiscard]] auto rows(Range const& values) const {
        return with_source(detail::inserted_rows<T>{std::vector<T>(std::begin(values), std::end(values))});
    }
    /// Inserts what a query selects: `select<&T::a, &T::b>(from<U>().select(…))`.
    template <auto... Ms, detail::sub_query_like Query>
        requires std::is_same_v<Source, detail::inserted_values<>>
    [[nodiscard]] constexpr auto select(Query query) const {
        using fit = rules::inserted_selection_fits_the_columns<typename Query::row, Ms...>;
        using own = std::bool_constant<(rules::set_column_is_of_the_written_table<col_t<Ms>, T>::holds && ...)>;
        if constexpr (!own::value) {
            static_assert(own::value,
                          "sark: set(...) names a column of another table than the one that is written. Name a member "
                          "of its struct. [sark-Q85]");
            return *this;
        } else if constexpr (!fit::holds) {
            static_assert(fit::holds,
                          "sark: the query does not select what the columns of the insert take. Select as many values, "
                          "of the columns' types, and nothing nullable for a column that is never NULL. [sark-Q95]");
            return *this;
        } else if constexpr (detail::check_constant_text<Query>()) {
            return with_source(detail::inserted_selection<Query, Ms...>{std::move(query)});
        } else {
            return *this;
        }
    }

    /// Says in which unique key a row may be there already; say then what happens: `do_nothing()`, `do_update()`.
    template <auto... Ms>
        requires(sizeof...(Ms) > 0)
    [[nodiscard]] constexpr auto on_conflict() const {
        (void)detail::check_conflict_target<T, Ms...>();
        return upsert_query<T, Source, detail::conflict_target<Ms...>, Returning>{source_, {}, returning_};
    }
    /// Leaves rows out that would break any unique key.
    [[nodiscard]] constexpr auto on_conflict_do_nothing() const {
        using nothing = detail::conflict_does_nothing<>;
        return insert_query<T, Source, nothing, Returning>{source_, nothing{}, returning_};
    }

    /// Returns the rows that were written, whole or as `returning(…)` and `returning<S>(…)` select them.
    template <class Into = void, class... Items>
    [[nodiscard]] constexpr auto returning(Items... items) const& {
        return insert_query{*this}.template returning<Into>(std::move(items)...);
    }
    template <class Into = void, class... Items>
    [[nodiscard]] constexpr auto returning(Items... items) && {
        if constexpr (detail::check_returning<Into, T, type_list<T>, Items...>()) {
            auto clause = detail::make_returning<Into, T>(std::move(items)...);
            return insert_query<T, Source, Conflict, decltype(clause)>{std::move(source_), std::move(conflict_),
                                                                       std::move(clause)};
        } else {
            return *this;
        }
    }

private:
    template <class NewSource>
    constexpr auto with_source(NewSource source) const {
        return insert_query<T, NewSource, Conflict, Returning>{std::move(source), conflict_, returning_};
    }
    template <class Column, class... Sets, class V>
    constexpr auto with_set(detail::inserted_values<Sets...>&& before, V&& value) const {
        if constexpr (detail::assignment_check<T, type_list<>, true, type_list<Sets...>, Column, V>::holds()) {
            auto node = detail::assigned_value<Column>(std::forward<V>(value));
            using set = set_clause<Column, decltype(node)>;
            return with_source(
                detail::inserted_values<Sets..., set>{detail::append(std::move(before.sets), set{std::move(node)})});
        } else {
            return *this;
        }
    }

    Source source_;
    [[no_unique_address]] Conflict conflict_;
    [[no_unique_address]] Returning returning_;
};

/// Starts an insert: `insert_into<Resource>().set(col<&Resource::id>, "r")…`, or `.values(r)`, `.rows(rs)`, `.select<…>(q)`.
template <class T>
[[nodiscard]] constexpr auto insert_into() {
    return insert_query<T, detail::inserted_values<>, detail::no_conflict, detail::no_returning>{{}, {}, {}};
}

}  // namespace sark
