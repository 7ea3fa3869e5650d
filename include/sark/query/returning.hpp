// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/check.hpp>
#include <sark/query/row.hpp>
#include <sark/query/select.hpp>
#include <sark/sql/writer.hpp>

namespace sark::detail {

/// Returns nothing: the statement is run for what it does.
struct no_returning {
    template <class Scope>
    static constexpr void write(sql::writer&) {}
    void bind(parameters&) const {}
};

/// Returns a projection of the rows that were written.
template <class Projection>
struct returning_clause {
    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(" RETURNING ");
        Projection::template write<Scope>(w);
    }
    void bind(parameters& out) const { projection.bind(out); }

    [[no_unique_address]] Projection projection;
};

/// Gives a statement the rows that it returns: none, or those of a projection.
template <class Returning>
struct returned_rows {};
template <class Projection>
struct returned_rows<returning_clause<Projection>> {
    using row = typename Projection::template row_in<type_list<>>;

    template <class Fields>
    [[nodiscard]] static row decode(Fields const& fields) {
        return Projection::template decode<type_list<>>(fields);
    }
};

template <class Into, class Table, class Tables, class... Items>
consteval bool check_returning() {
    if constexpr (sizeof...(Items) == 0)
        return true;
    else if constexpr ((has_aggregate<Items> || ...))
        return (check_row_condition<Items>() && ...);
    else
        return check_select<Into, whole_row<Table>, Tables, type_list<>, type_list<>, Items...>();
}

/// Makes the clause; without items it returns whole rows.
template <class Into, class Table, class... Items>
constexpr auto make_returning(Items... items) {
    if constexpr (sizeof...(Items) == 0) {
        return returning_clause<whole_row<Table>>{};
    } else {
        using chosen = projection<Into, Items...>;
        return returning_clause<chosen>{chosen{detail::bundle<Items...>{{std::move(items)}...}}};
    }
}

}  // namespace sark::detail
