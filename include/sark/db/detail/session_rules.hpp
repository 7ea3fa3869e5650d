// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include <sark/codec/parameters.hpp>
#include <sark/query/query.hpp>
#include <sark/query/write.hpp>
#include <sark/reflect/member.hpp>
#include <sark/schema/table.hpp>

namespace sark {

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

template <class Row>
struct scalar_is_one_value {
    static constexpr bool holds = mapped<Row>;
};

template <class Table, auto... Members>
struct returned_members_are_of_the_table {
    static constexpr bool holds = (std::is_same_v<owner_of<Members>, Table> && ...);
};

template <class Table>
struct rows_are_found_by_one_column {
    static constexpr bool holds = key_size<Table> == 1;
};

}  // namespace rules

namespace detail {

/// Names the columns behind the parameters of an insert, for messages.
template <class T>
[[nodiscard]] column_name inserted_column(std::size_t index) {
    return index < field_count<T> ? column_name{table_name<T>, columns_of<T>[index].name} : column_name{};
}
/// Names those of an update: what it writes, then the key.
template <class T>
[[nodiscard]] column_name updated_column(std::size_t index) {
    for (bool const key : {false, true})
        for (std::size_t i = 0; i < field_count<T>; ++i)
            if ((key ? key_fields<T>[i] : is_updated<T>(i)) && index-- == 0) return inserted_column<T>(i);
    return {};
}
/// Names those of a statement that takes the key alone.
template <class T>
[[nodiscard]] column_name key_column(std::size_t index) {
    for (std::size_t i = 0; i < field_count<T>; ++i)
        if (key_fields<T>[i] && index-- == 0) return inserted_column<T>(i);
    return {};
}

/// Accepts queries that can be told to return at most so many rows.
template <class S>
concept can_be_limited = requires(S const& s) {
    requires !S::template has_clause<clause_slot::limit>;
    s.limit(1);
};

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

}  // namespace sark
