// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/jsonb/document_check.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark::validate::detail {

template <class Meta, auto Key, fixed_string Document>
struct misfits_text {
    using row_type = owner_of<Key>;

    static constexpr void write(sql::writer& w) {
        if constexpr (sark::detail::check_protocol<Meta>()) {
            w.put("SELECT ");
            sql::put_identifier(w, column_of<Key>.name);
            w.put("::text FROM ");
            sql::put_identifier(w, table_name<row_type>);
            w.put(" WHERE ");
            sark::detail::write_protocol_condition<Meta>(w, sark::detail::document_columns_of<row_type>());
            w.put(" AND NOT (");
            w.put(document_check<Meta, Document>);
            w.put(")");
        }
    }
};

}  // namespace sark::validate::detail

namespace sark::validate {

/// Selects the keys of the rows of a protocol whose document its struct cannot read, with core functions of the server
/// only; no document travels.
/// @code
/// misfits<HttpMetadata, &Resource::id, "metadata">
/// @endcode
template <class Meta, auto Key, fixed_string Document>
inline constexpr std::string_view misfits = sql::text<detail::misfits_text<Meta, Key, Document>>::value;

}  // namespace sark::validate
