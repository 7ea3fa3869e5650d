// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/distinct.hpp>
#include <sark/query/row.hpp>
#include <sark/query/source.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

/// Holds a text that is put together at run time, in place: its longest form is known to the compiler.
template <std::size_t Longest>
class composed_text {
public:
    template <class Write>
    constexpr explicit composed_text(Write const& write) {
        sql::writer w{chars_.data()};
        write(w);
        size_ = w.size();
    }

    [[nodiscard]] constexpr char const* data() const noexcept { return chars_.data(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {chars_.data(), size_}; }
    constexpr operator std::string_view() const noexcept { return view(); }  // NOLINT(google-explicit-constructor)

private:
    std::array<char, Longest + 1> chars_{};
    std::size_t size_ = 0;
};

/// Gives a statement its text: a constant of its type.
template <class Text, class Count, bool Dynamic, class... Clauses>
struct query_text {
    static constexpr bool is_dynamic = false;

    /// Holds the statement's text.
    static constexpr std::string_view sql = sql::text<Text>::value;
    /// Holds the text that counts the rows instead; ordering and limits do not take part.
    static constexpr std::string_view count_sql = sql::text<Count>::value;

    static constexpr void write_statement(sql::writer& w) { Text::write(w); }
};
/// Gives a statement with run-time choices its text: one of finitely many, kept inside of it.
template <class Text, class Count, class... Clauses>
struct query_text<Text, Count, true, Clauses...> {
private:
    static constexpr std::size_t longest = [] {
        sql::writer w;
        Text::write(w);
        return w.size() + 8;  // `true` stands where no condition does
    }();

public:
    static constexpr bool is_dynamic = true;

    constexpr explicit query_text(bundle<Clauses...> const& clauses)
        : sql{[&](sql::writer& w) { Text::write(w, &clauses); }} {}

    /// Holds the statement's text.
    composed_text<longest> sql;
};

/// Writes the part of a statement that chooses rows: joins and conditions.
template <class Root, class Scope, bool Seek, class... Clauses>
constexpr void write_row_choice(sql::writer& w, bundle<Clauses...> const* chosen = nullptr) {
    using slot = clause_slot;
    constexpr auto const& order = ordered_clauses<Clauses::slot...>;
    if constexpr (order.has(slot::join)) write_clauses<slot::join, slot::join, Scope, Clauses...>(w, chosen);
    constexpr bool has_where = order.has(slot::where);
    constexpr bool has_seek = Seek && order.has(slot::seek);
    if constexpr (row_traits<Root>::has_condition || has_where || has_seek) {
        w.put(" WHERE ");
        row_traits<Root>::write_condition(w);
        if constexpr (row_traits<Root>::has_condition && has_where) w.put(" AND ");
        if constexpr (has_where) write_clauses<slot::where, slot::where, Scope, Clauses...>(w, chosen);
        if constexpr ((row_traits<Root>::has_condition || has_where) && has_seek) w.put(" AND ");
        if constexpr (has_seek) write_clauses<slot::seek, slot::seek, Scope, Clauses...>(w, chosen);
    }
}

/// Writes a SELECT without its order and limits.
template <class Root, class Projection, class Scope, bool Seek, class... Clauses>
constexpr void write_select_body(sql::writer& w, bundle<Clauses...> const* chosen) {
    using slot = clause_slot;
    constexpr auto const& order = ordered_clauses<Clauses::slot...>;
    w.put("SELECT ");
    if constexpr (order.has(slot::distinct))
        write_clauses<slot::distinct, slot::distinct, Scope, Clauses...>(w, chosen);
    Projection::template write<Scope>(w);
    w.put(" FROM ");
    write_source<typename row_traits<Root>::table>(w);
    write_row_choice<Root, Scope, Seek, Clauses...>(w, chosen);
    if constexpr (order.has(slot::group_by, slot::having))
        write_clauses<slot::group_by, slot::having, Scope, Clauses...>(w, chosen);
}

template <class Root, class Projection, class Scope, class... Clauses>
struct select_statement {
    static constexpr void write(sql::writer& w, bundle<Clauses...> const* chosen = nullptr) {
        using slot = clause_slot;
        constexpr auto const& order = ordered_clauses<Clauses::slot...>;
        if constexpr (check_query<Projection, Clauses...>()) {
            if constexpr (order.has(slot::cte)) write_clauses<slot::cte, slot::cte, Scope, Clauses...>(w, chosen);
            write_select_body<Root, Projection, Scope, true, Clauses...>(w, chosen);
            if constexpr (order.has(slot::order_by, slot::lock))
                write_clauses<slot::order_by, slot::lock, Scope, Clauses...>(w, chosen);
        }
    }
};

/// Tells whether the rows of a result are fewer than those that the conditions choose.
template <class Projection, class... Clauses>
inline constexpr bool merges_rows = [] {
    if constexpr (requires { Projection::is_whole_row; })
        return has_slot<clause_slot::group_by, Clauses...> || has_slot<clause_slot::distinct, Clauses...>;
    else
        return has_slot<clause_slot::group_by, Clauses...> || has_slot<clause_slot::distinct, Clauses...> ||
               Projection::aggregates;
}();

/// Counts rows; groups and distinct rows are counted outside of the query.
template <class Root, class Projection, class Scope, class... Clauses>
struct count_statement {
    static constexpr void write(sql::writer& w, bundle<Clauses...> const* chosen = nullptr) {
        if constexpr (ordered_clauses<Clauses::slot...>.has(clause_slot::cte))
            write_clauses<clause_slot::cte, clause_slot::cte, Scope, Clauses...>(w, chosen);
        w.put("SELECT count(*) FROM ");
        if constexpr (merges_rows<Projection, Clauses...>) {
            w.put('(');
            write_select_body<Root, Projection, Scope, false, Clauses...>(w, chosen);
            w.put(R"() AS "counted")");
        } else {
            write_source<typename row_traits<Root>::table>(w);
            write_row_choice<Root, Scope, false, Clauses...>(w, chosen);
        }
    }
};

template <class Root, class Scope, class... Clauses>
struct delete_statement {
    static constexpr void write(sql::writer& w, bundle<Clauses...> const* chosen = nullptr) {
        w.put("DELETE FROM ");
        write_source<typename row_traits<Root>::table>(w);
        write_row_choice<Root, Scope, false, Clauses...>(w, chosen);
    }
};

}  // namespace detail
}  // namespace sark
