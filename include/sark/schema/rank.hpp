// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <sark/reflect/enum_names.hpp>
#include <sark/reflect/member.hpp>
#include <sark/schema/columns.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

template <auto M>
struct rank_t {
    static constexpr auto member = M;
};
/// Indexes an enum that is stored as text by its rank: `index<descending<rank<&Capability::sensitivity_level>>>`.
template <auto M>
    requires data_member<M>
inline constexpr rank_t<M> rank{};

namespace detail {

/// Writes the rank of a label, the one spelling that indexes and queries share; `put_column` writes the column.
///
/// NULL and texts that are no label have no rank.
template <class E, class PutColumn>
constexpr void put_rank(sql::writer& w, PutColumn put_column) {
    w.put("CASE ");
    put_column(w);
    for (std::size_t n = 0; n < labels_of<E>.size(); ++n) {
        w.put(" WHEN ");
        sql::put_literal(w, labels_of<E>[n]);
        w.put(" THEN ");
        w.put_number(n);
    }
    w.put(" END");
}

template <auto M>
struct rank_expression {
    static constexpr void write(sql::writer& w) {
        put_rank<without_optional_t<value_of<M>>>(
            w, [](sql::writer& out) { sql::put_identifier(out, column_of<M>.name); });
    }
};

}  // namespace detail
}  // namespace sark
