// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/check.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/limit.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/query.hpp>
#include <sark/query/sub_query.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Sorts the rows of a set operation by a column of the result, counted from 1: `order_by(desc(output<2>))`.
template <std::size_t Position>
struct output_t : expression_node {
    static constexpr std::size_t position = Position;
    using value_type = bool;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_number(Position);
    }
    void bind(parameters&) const {}
};
template <std::size_t Position>
inline constexpr output_t<Position> output{};

namespace rules {

template <class Left, class Right>
struct united_queries_have_one_row_type {
    static constexpr bool holds = std::is_same_v<Left, Right>;
};

template <std::size_t Width, class... Keys>
struct output_is_sorted_by_its_columns {
    static constexpr bool holds = [] {
        auto const one = []<class K>(std::type_identity<K>) {
            if constexpr (requires { K::position; })
                return K::position >= 1 && K::position <= Width;
            else
                return false;
        };
        return sizeof...(Keys) > 0 && (one(std::type_identity<detail::key_expression_t<Keys>>{}) && ...);
    }();
};

}  // namespace rules

namespace detail {

template <fixed_string Operator, class Left, class Right, class... Clauses>
struct set_statement {
    static constexpr void write_body(sql::writer& w) {
        w.put('(');
        Left::write_statement(w);
        w.put(')');
        w.put(Operator.view());
        w.put('(');
        Right::write_statement(w);
        w.put(')');
    }
    static constexpr void write(sql::writer& w) {
        using slot = clause_slot;
        write_body(w);
        write_clauses<slot::order_by, slot::offset, type_list<>, Clauses...>(w);
    }
};
template <class Statement>
struct counted_set {
    static constexpr void write(sql::writer& w) {
        w.put("SELECT count(*) FROM (");
        Statement::write_body(w);
        w.put(R"() AS "counted")");
    }
};

template <class Left, class Right>
consteval bool check_united() {
    using same = rules::united_queries_have_one_row_type<typename Left::row, typename Right::row>;
    static_assert(same::holds,
                  "sark: the two sides of a set operation have rows of different types. Select the same types on both "
                  "sides, in the same order. [sark-Q83]");
    if constexpr (same::holds)
        return check_constant_text<Left>() && check_constant_text<Right>();
    else
        return false;
}

template <std::size_t Width, class Clauses, class... Keys>
consteval bool check_output_order() {
    constexpr bool first = is_first<clause_slot::order_by>(Clauses{});
    using outputs = rules::output_is_sorted_by_its_columns<Width, Keys...>;
    if constexpr (!first)
        static_assert(first,
                      "sark: order_by(...) was given twice. Pass all keys to one order_by(...), the first one first. "
                      "[sark-Q13]");
    else if constexpr (!outputs::holds)
        static_assert(outputs::holds,
                      "sark: the rows of a set operation are sorted by columns of the result, which have no table. "
                      "Write output<1>, output<2>, … for those it has. [sark-Q84]");
    return first && outputs::holds;
}

}  // namespace detail

/// Is a set operation of two queries; its text is a constant of its type, like theirs.
template <fixed_string Operator, class Left, class Right, class... Clauses>
class set_query {
    using slot = detail::clause_slot;
    using text = detail::set_statement<Operator, Left, Right, Clauses...>;

public:
    static constexpr bool is_dynamic = false;
    static constexpr std::size_t width = Left::width;
    using row = typename Left::row;
    using outer_columns = joined_t<typename Left::outer_columns, typename Right::outer_columns>;

    constexpr set_query(Left left, Right right, detail::bundle<Clauses...> clauses)
        : left_{std::move(left)}, right_{std::move(right)}, clauses_{std::move(clauses)} {}

    /// Holds the statement's text.
    static constexpr std::string_view sql = sql::text<text>::value;
    /// Holds the text that counts the rows instead; ordering and limits do not take part.
    static constexpr std::string_view count_sql = sql::text<detail::counted_set<text>>::value;
    static constexpr void write_statement(sql::writer& w) { text::write(w); }

    void bind(parameters& out) const {
        bind_row_choice(out);
        detail::bind_clauses<slot::order_by, slot::offset>(out, clauses_);
    }
    void bind_row_choice(parameters& out) const {
        left_.bind(out);
        right_.bind(out);
    }

    template <class Fields>
    [[nodiscard]] static row decode(Fields const& fields) {
        return Left::decode(fields);
    }

    /// Sorts by columns of the result: `output<1>`, `desc(output<2>)`.
    template <class... Keys>
    [[nodiscard]] constexpr auto order_by(Keys... keys) const {
        if constexpr (detail::check_output_order<width, type_list<Clauses...>, Keys...>())
            return with_clause(order_by_clause<Keys...>{{}, detail::bundle<Keys...>{{std::move(keys)}...}});
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
    /// Tells whether a clause of a kind was given.
    template <slot Slot>
    static constexpr bool has_clause = detail::has_slot<Slot, Clauses...>;

private:
    template <class Clause>
    constexpr auto with_clause(Clause clause) const {
        return set_query<Operator, Left, Right, Clauses..., Clause>{left_, right_,
                                                                    detail::append(clauses_, std::move(clause))};
    }

    Left left_;
    Right right_;
    detail::bundle<Clauses...> clauses_;
};

namespace detail {

template <fixed_string Operator, sub_query_like Left, sub_query_like Right>
constexpr auto unite(Left left, Right right) {
    if constexpr (check_united<Left, Right>())
        return set_query<Operator, Left, Right>{std::move(left), std::move(right), detail::bundle<>{}};
    else
        return left;
}

}  // namespace detail

// clang-format off
/// Gives the rows of both queries, equal ones once.
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto union_of(L l, R r) { return detail::unite<" UNION ">(std::move(l), std::move(r)); }
/// Gives the rows of both queries.
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto union_all(L l, R r) { return detail::unite<" UNION ALL ">(std::move(l), std::move(r)); }
/// Gives the rows that both queries have, equal ones once.
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto intersect(L l, R r) { return detail::unite<" INTERSECT ">(std::move(l), std::move(r)); }
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto intersect_all(L l, R r) { return detail::unite<" INTERSECT ALL ">(std::move(l), std::move(r)); }
/// Gives the rows of the first query that the second does not have, equal ones once.
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto except(L l, R r) { return detail::unite<" EXCEPT ">(std::move(l), std::move(r)); }
template <detail::sub_query_like L, detail::sub_query_like R> [[nodiscard]] constexpr auto except_all(L l, R r) { return detail::unite<" EXCEPT ALL ">(std::move(l), std::move(r)); }
// clang-format on

}  // namespace sark
