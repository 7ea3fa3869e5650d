// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sark/codec/error.hpp>

namespace sark {

/// Views one field of a result in the server's text form.
struct field {
    char const* data = nullptr;  ///< zero-terminated
    std::size_t size = 0;
    bool is_null = false;

    [[nodiscard]] std::string_view text() const { return {data, size}; }
};

/// Says where a field stands, for messages.
struct field_place {
    std::string_view table;
    std::string_view column;
};

namespace detail {

[[noreturn]] inline void refuse_field(field_place const& place, std::string_view what, std::string_view cure) {
    std::string sentence{"sark: column "};
    sentence.append(place.table).append(place.table.empty() ? "" : ".").append(place.column);
    sentence.append(" ").append(what).append(". ").append(cure);
    throw error{sentence, {.table = std::string{place.table}, .column = std::string{place.column}}};
}

}  // namespace detail

/// Converts values to and from the server's text form; specialise it together with `sark::sql_type`.
///
/// A specialisation has `static void encode(parameters&, T const&)` and
/// `static T decode(field const&, field_place const&)`; the field is never NULL there.
template <class T>
struct codec;

}  // namespace sark
