// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/clause.hpp>
#include <sark/query/query.hpp>
#include <sark/query/sub_query.hpp>
#include <sark/reflect/aggregate.hpp>
#include <sark/schema/columns.hpp>

namespace sark {

/// Says whether the rows of a WITH query are computed once and kept: by default the planner decides.
struct materialized_t {
    static constexpr std::string_view words = "MATERIALIZED ";
};
struct not_materialized_t {
    static constexpr std::string_view words = "NOT MATERIALIZED ";
};
inline constexpr materialized_t materialized{};
inline constexpr not_materialized_t not_materialized{};

namespace detail {

struct planner_decides {
    static constexpr std::string_view words = "";
};

/// Is one named query of WITH; its name and columns are those of the struct it selects.
template <class How, class Query>
struct named_query {
    using row = typename Query::row;

    static constexpr void write(sql::writer& w) {
        bool first = true;
        sql::put_identifier(w, table_name<row>);
        w.put(" (");
        for (column_facts const& c : columns_of<row>) {
            w.put_separator(first, ", ");
            sql::put_identifier(w, c.name);
        }
        w.put(") AS ");
        w.put(How::words);
        w.put('(');
        Query::write_statement(w);
        w.put(')');
    }

    Query query;
};

}  // namespace detail

/// Keeps the named queries of a statement.
template <bool Recursive, class... Named>
struct with_clause : detail::clause_part {
    static constexpr auto slot = detail::clause_slot::cte;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        w.put(Recursive ? "WITH RECURSIVE " : "WITH ");
        ((w.put_separator(first, ", "), Named::write(w)), ...);
        w.put(' ');
    }
    void bind(parameters& out) const {
        detail::for_each_value(named, [&](auto const& n) { n.query.bind(out); });
    }

    detail::bundle<Named...> named;

    constexpr explicit with_clause(detail::bundle<Named...> n) : named{std::move(n)} {}
};

namespace rules {

template <class Query>
struct named_query_selects_a_struct {
    static constexpr bool holds = std::is_class_v<typename Query::row> && std::is_aggregate_v<typename Query::row> &&
                                  !mapped<typename Query::row>;
};

template <class Row, class... Named>
struct named_query_has_a_name_of_its_own {
    static constexpr bool holds = ((table_name<Row> != table_name<typename Named::row>)&&...);
};

}  // namespace rules

namespace detail {

template <class Query, class... Named>
consteval bool check_named_query() {
    using a_struct = rules::named_query_selects_a_struct<Query>;
    if constexpr (!a_struct::holds) {
        static_assert(a_struct::holds,
                      "sark: a query in with(...) has no struct of yours as its row, which would name it and its "
                      "columns. Select into one: select<S>(...). [sark-Q81]");
        return false;
    } else if constexpr (!check_constant_text<Query>()) {
        return false;
    } else {
        using own = rules::named_query_has_a_name_of_its_own<typename Query::row, Named...>;
        static_assert(own::holds,
                      "sark: two queries in with(...) select the same struct, so they have one name. Select into "
                      "another struct. [sark-Q82]");
        return own::holds;
    }
}

}  // namespace detail

/// Holds named queries until the statement that reads them starts.
template <bool Recursive, class... Named>
class with_queries {
public:
    constexpr explicit with_queries(detail::bundle<Named...> named) : named_{std::move(named)} {}

    /// Names a further query, which may read those before it.
    template <class Query, class How = detail::planner_decides>
    [[nodiscard]] constexpr auto with(Query query, How = {}) const {
        if constexpr (detail::check_named_query<Query, Named...>()) {
            using named = detail::named_query<How, Query>;
            return with_queries<Recursive, Named..., named>{detail::append(named_, named{std::move(query)})};
        } else {
            return *this;
        }
    }

    /// Starts the query that reads them, like tables, by the structs they select.
    template <class Row>
    [[nodiscard]] constexpr auto from() const {
        using table = typename row_traits<Row>::table;
        using projection = detail::whole_row<Row>;
        using clause = with_clause<Recursive, Named...>;
        return query<Row, projection, type_list<table>, clause>{projection{}, detail::bundle<clause>{{clause{named_}}}};
    }

private:
    detail::bundle<Named...> named_;
};

/// Names a query by the struct it selects, to be read like a table: `with(from<T>().select<S>(…)).from<S>()`.
template <class Query, class How = detail::planner_decides>
    requires detail::sub_query_like<Query>
[[nodiscard]] constexpr auto with(Query query, How how = {}) {
    return with_queries<false>{detail::bundle<>{}}.with(std::move(query), how);
}
/// Names a query that reads itself: its first part starts it, its second, after `union_all`, joins the struct.
template <class Query, class How = detail::planner_decides>
    requires detail::sub_query_like<Query>
[[nodiscard]] constexpr auto with_recursive(Query query, How how = {}) {
    return with_queries<true>{detail::bundle<>{}}.with(std::move(query), how);
}

}  // namespace sark
