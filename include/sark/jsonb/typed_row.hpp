// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <sark/codec/field.hpp>
#include <sark/codec/row.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/query/row.hpp>
#include <sark/schema/columns.hpp>

namespace sark {

/// Is a row of one protocol with its document decoded: the row's own members, and `metadata` as a Meta.
///
/// Reading it selects the rows of the protocol only, and parses each document once.
template <class Row, class Meta>
struct typed_row : Row {
    Meta metadata;
};

namespace detail {

/// Reads and writes documents as structs; defined by <sark/jsonb/document.hpp>, with the parser.
template <class T>
struct document_access;

template <class T>
concept document_access_is_included = requires { sizeof(document_access<T>); };

template <auto Discriminator, auto Document>
constexpr auto document_member(polymorphic<Discriminator, Document>*) {
    return Document;
}

template <class Row>
[[nodiscard]] json const& polymorphic_document_of(Row const& row) {
    json const* found = nullptr;
    for_each_part<Row>([&]<class Part>(Part const&) {
        if constexpr (requires { document_member(static_cast<Part*>(nullptr)); })
            found = &(row.*document_member(static_cast<Part*>(nullptr)));
    });
    return *found;
}

/// Is the position of the document among the columns of its table.
template <class Row>
inline constexpr std::size_t document_position = [] {
    std::size_t at = 0;
    while (columns_of<Row>[at].name != document_columns_of<Row>().document) ++at;
    return at;
}();

template <class Row, class Meta>
consteval bool check_typed_row() {
    static_assert(document_access_is_included<Meta>,
                  "sark: typed rows decode JSON, which needs the parser. Include <sark/jsonb/document.hpp>. "
                  "[sark-J04]");
    return document_access_is_included<Meta> && check_protocol<Meta>();
}

}  // namespace detail

template <class Row, class Meta>
struct row_traits<typed_row<Row, Meta>> {
    using table = Row;

    static constexpr bool has_condition = true;
    static constexpr void write_condition(sql::writer& w) {
        if constexpr (detail::check_protocol<Meta>())
            detail::write_protocol_condition<Meta>(w, detail::document_columns_of<Row>());
    }
    static constexpr void write_condition_key(sql::writer& w) {
        detail::write_protocol_predicate<Meta>(w, detail::document_columns_of<Row>());
    }

    template <class Fields>
    static typed_row<Row, Meta> decode(Fields const& fields) {
        if constexpr (detail::check_typed_row<Row, Meta>()) {
            // In this order: a document that is NULL is refused as a column first.
            return {detail::decode_struct<Row>(fields),
                    detail::document_access<Meta>::read(detail::document_text(fields(detail::document_position<Row>)))};
        } else {
            return {};
        }
    }
};

}  // namespace sark
