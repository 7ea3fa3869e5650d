// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/sql/writer.hpp>

namespace sark::sql {

/// PostgreSQL silently cuts longer names (NAMEDATALEN - 1), so two of them could become one.
inline constexpr std::size_t max_identifier_bytes = 63;

/// Tells whether `name` can be an identifier as it stands: 1 to 63 bytes, no NUL.
[[nodiscard]] constexpr bool is_identifier(std::string_view name) {
    return !name.empty() && name.size() <= max_identifier_bytes && name.find('\0') == std::string_view::npos;
}

/// Writes what stands between the quotes of an identifier, for names made of several.
constexpr void put_identifier_part(writer& w, std::string_view part) {
    for (char c : part) {
        if (c == '"') w.put('"');
        w.put(c);
    }
}

/// Writes a quoted identifier.
///
/// Names are always quoted: the set of reserved words grows with every server release.
constexpr void put_identifier(writer& w, std::string_view name) {
    w.put('"');
    put_identifier_part(w, name);
    w.put('"');
}

/// Writes `"table"."column"`.
constexpr void put_qualified(writer& w, std::string_view table, std::string_view column) {
    put_identifier(w, table);
    w.put('.');
    put_identifier(w, column);
}

/// Writes a comma-separated list of quoted identifiers.
template <class Names>
constexpr void put_identifiers(writer& w, Names const& names) {
    bool first = true;
    for (std::string_view name : names) {
        w.put_separator(first, ", ");
        put_identifier(w, name);
    }
}

}  // namespace sark::sql
