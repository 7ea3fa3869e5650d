// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/sql/writer.hpp>

namespace sark::sql {

/// Writes a string literal for DDL (defaults, enum labels, comments), where the server accepts no parameter.
///
/// Values of queries never come here: they are bound. A backslash needs the `E''` form only when
/// standard_conforming_strings is off; connections of ours pin it on.
constexpr void put_literal(writer& w, std::string_view value) {
    w.put('\'');
    for (char c : value) {
        if (c == '\'') w.put('\'');
        w.put(c);
    }
    w.put('\'');
}

}  // namespace sark::sql
