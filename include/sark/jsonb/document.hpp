// SPDX-License-Identifier: MIT
#pragma once

// The door to the text of documents: as trees, as structs, and compared by value.

#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/json_scanner.hpp>
#include <sark/jsonb/detail/struct_reader.hpp>
#include <sark/jsonb/detail/struct_writer.hpp>
#include <sark/jsonb/detail/tree_builder.hpp>
#include <sark/jsonb/document_traits.hpp>
#include <sark/jsonb/maybe.hpp>
#include <sark/jsonb/other_members.hpp>
#include <sark/jsonb/tree.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/types/json.hpp>

namespace sark {

/// Parses a JSON text, and refuses by line and column what jsonb could not hold or nobody should nest so deep.
/// @throws error that names the place, never the content
[[nodiscard]] inline json_tree parse_json(std::string_view text, json_limits const& limits = {}) {
    return detail::build_tree(text, limits);
}

/// Writes a struct as a JSON document; a member without a value is left out.
/// @throws error with the path of a value that JSON cannot hold
template <class T>
[[nodiscard]] json to_json(T const& value) {
    std::string text;
    detail::write_document(text, value);
    return json{std::move(text)};
}

/// Reads a struct from a JSON document, after the guard; `sark::unknown_members_of` says what becomes of members that
/// the struct does not have.
/// @throws error with the path of the member that is missing or of another type, never its content
template <class T>
[[nodiscard]] T from_json(json const& document, json_limits const& limits = {}) {
    return detail::read_document<T>(document.text(), limits);
}

namespace detail {

template <class T>
struct document_access {
    static T read(std::string_view text) { return read_document<T>(text); }
};

template <>
struct json_comparison<json> {
    static bool equal(json const& a, json const& b) {
        return a.text() == b.text() || parse_json(a.text()) == parse_json(b.text());
    }
};

}  // namespace detail
}  // namespace sark
