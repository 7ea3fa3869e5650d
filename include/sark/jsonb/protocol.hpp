// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/columns.hpp>
#include <sark/schema/parts.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>

namespace sark {

/// Names the protocol whose documents Meta describes; specialise it beside the struct.
///
/// Several structs may describe one protocol, ours and an adapter's own.
/// @code
/// template <> inline constexpr std::string_view sark::protocol_of<HttpMetadata> = "http";
/// @endcode
template <class Meta>
inline constexpr std::string_view protocol_of = {};

namespace rules {

template <class Meta>
struct struct_names_its_protocol {
    static constexpr bool holds = !protocol_of<Meta>.empty();
};

}  // namespace rules

namespace detail {

/// Holds the discriminator and the document column of a table, found in its description.
struct document_columns {
    std::string_view table;
    std::string_view discriminator;
    std::string_view document;
};

template <auto Discriminator, auto Document>
constexpr void note_document(document_columns& found, polymorphic<Discriminator, Document> const&) {
    found = {table_name<owner_of<Document>>, column_of<Discriminator>.name, column_of<Document>.name};
}
template <class Part>
constexpr void note_document(document_columns&, Part const&) {}

/// Finds the polymorphic document of a table; `table` stays empty when it declares none.
template <class Table>
[[nodiscard]] constexpr document_columns document_columns_of() {
    document_columns found{};
    for_each_part<Table>([&](auto const& part) { note_document(found, part); });
    return found;
}

/// Writes `"resources"."protocol" = 'http'`. The label is a constant of the program, so it is text, not a parameter.
template <class Meta>
constexpr void write_protocol_condition(sql::writer& w, document_columns const& at) {
    sql::put_qualified(w, at.table, at.discriminator);
    w.put(" = ");
    sql::put_literal(w, protocol_of<Meta>);
}

/// Writes the same as the predicate of a partial index, which has the column without its table.
template <class Meta>
constexpr void write_protocol_predicate(sql::writer& w, document_columns const& at) {
    sql::put_identifier(w, at.discriminator);
    w.put(" = ");
    sql::put_literal(w, protocol_of<Meta>);
}

template <class Meta>
consteval bool check_protocol() {
    static_assert(rules::struct_names_its_protocol<Meta>::holds,
                  "sark: nobody said which protocol this struct describes. Specialise sark::protocol_of for it. "
                  "[sark-J02]");
    return rules::struct_names_its_protocol<Meta>::holds;
}

}  // namespace detail
}  // namespace sark
