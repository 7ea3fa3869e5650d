// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/jsonb/detail/check_writer.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

namespace detail {

template <class T, fixed_string Column>
struct document_check_text {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_schema_type<T>()) {
            w.put("jsonb_path_match(");
            sql::put_identifier(w, Column.view());
            w.put(", ");
            sql::put_literal(w, sql::text<check_path<T>>::value);
            w.put(") IS TRUE");
        }
    }
};

template <class Meta, fixed_string Discriminator, fixed_string Column>
struct protocol_document_check_text {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_protocol<Meta>()) {
            sql::put_identifier(w, Discriminator.view());
            w.put(" IS DISTINCT FROM ");
            sql::put_literal(w, protocol_of<Meta>);
            w.put(" OR ");
            document_check_text<Meta, Column>::write(w);
        }
    }
};

}  // namespace detail

/// Is the expression of a CHECK constraint that is true for exactly the documents that `from_json<T>` reads.
///
/// It is one SQL/JSON path, which PostgreSQL 12 and later evaluate without an extension. A column that is NULL does not
/// pass; write `column IS NULL OR …` around it where that is meant.
/// @code
/// check{"ck_orders_settings", sark::document_check<Settings, "settings">}
/// @endcode
template <class T, fixed_string Column>
inline constexpr std::string_view document_check = sql::text<detail::document_check_text<T, Column>>::value;

/// Is the same for the documents of one protocol, in a table where others have other structs.
template <class Meta, fixed_string Discriminator, fixed_string Column>
inline constexpr std::string_view protocol_document_check =
    sql::text<detail::protocol_document_check_text<Meta, Discriminator, Column>>::value;

}  // namespace sark
