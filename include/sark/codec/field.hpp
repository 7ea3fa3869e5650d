// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sark/codec/binary.hpp>
#include <sark/codec/error.hpp>

namespace sark {

/// Views one field of a result, in the server's text form or in its binary one.
///
/// A statement's fields come in binary only after each of its columns was found to be of a type whose binary form the
/// codec of its member reads (docs/execution.md); codecs that do not say so never see one.
struct field {
    char const* data = nullptr;  ///< zero-terminated in text form
    std::size_t size = 0;
    bool is_null = false;
    bool is_binary = false;
    std::uint32_t type = 0;                 ///< the server's type, where `votes` asks for it
    detail::binary_votes* votes = nullptr;  ///< who wants to know whether binary would do

    [[nodiscard]] std::string_view text() const { return {data, size}; }
};

/// Says where a field stands, for messages.
struct field_place {
    std::string_view table;
    std::string_view column;
};

namespace detail {

/// Gives the text of a document. Binary jsonb is its text after a version; no JSON text starts with that byte.
[[nodiscard]] inline std::string_view document_text(field const& f) {
    return f.text().substr(f.is_binary && f.size > 0 && f.data[0] == '\x01' ? 1 : 0);
}

[[noreturn]] inline void refuse_field(field_place const& place, std::string_view what, std::string_view cure) {
    std::string sentence{"sark: column "};
    sentence.append(place.table).append(place.table.empty() ? "" : ".").append(place.column);
    sentence.append(" ").append(what).append(". ").append(cure);
    throw error{sentence, {.table = std::string{place.table}, .column = std::string{place.column}}};
}

}  // namespace detail

/// Converts values to and from the server's form; specialise it together with `sark::sql_type`.
///
/// A specialisation has `static void encode(parameters&, T const&)` and
/// `static T decode(field const&, field_place const&)`; the field is never NULL there. One that also reads the binary
/// form of some types says so by `static constexpr bool reads_binary(std::uint32_t oid)` and asks `is_binary`.
template <class T>
struct codec;

namespace detail {

template <class T>
[[nodiscard]] constexpr bool reads_binary([[maybe_unused]] std::uint32_t type) {
    if constexpr (requires { codec<T>::reads_binary(type); })
        return codec<T>::reads_binary(type);
    else
        return false;
}

[[noreturn]] inline void refuse_binary(field_place const& place) {
    refuse_field(place, "holds a binary value that its member cannot be read from", "Compare struct and table.");
}

}  // namespace detail

}  // namespace sark
