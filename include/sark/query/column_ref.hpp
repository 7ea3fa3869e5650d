// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <sark/query/expression.hpp>
#include <sark/query/json_methods.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/source.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

/// Refers to the column of a member; spelled `col<&Resource::name>`, or `alias::col<&Resource::name>`.
template <auto M, class Source = owner_of<M>>
    requires data_member<M>
struct col_t : expression_node,
               detail::value_methods<col_t<M, Source>>,
               detail::json_methods_of<value_of<M>, col_t<M, Source>> {
    using table = Source;
    using value_type = value_of<M>;
    using columns = type_list<col_t>;
    static constexpr auto member = M;

    /// An enum stored as text sorts by its letters on the server, so its order is written out.
    static constexpr bool is_text_ordinal = std::is_enum_v<detail::without_optional_t<value_type>> &&
                                            detail::is_text_type(column_of<M>.type);

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        sql::put_qualified(w, table_name<table>, column_of<M>.name);
    }
    void bind(parameters&) const {}
};

/// Refers to the column of a member.
template <auto M>
inline constexpr col_t<M> col{};

/// Refers to what an insert proposed for a column: `set(col<&T::n>, excluded<&T::n>)` in `do_update()`.
template <auto M>
inline constexpr col_t<M, detail::excluded_row<owner_of<M>>> excluded{};

}  // namespace sark
