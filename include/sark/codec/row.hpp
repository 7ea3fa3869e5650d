// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/schema/columns.hpp>

namespace sark {

namespace detail {

/// Encodes a value that may be absent.
template <class T>
void encode_value(parameters& out, T const& value) {
    codec<T>::encode(out, value);
}
template <class T>
void encode_value(parameters& out, std::optional<T> const& value) {
    if (value)
        codec<T>::encode(out, *value);
    else
        out.add_null();
}

/// Decodes a field that may be NULL only where its member is optional.
template <class T>
[[gnu::always_inline]] inline T decode_value(field const& f, field_place const& place) {
    if (f.votes != nullptr) [[unlikely]]
        f.votes->cast(reads_binary<without_optional_t<T>>(f.type));
    if constexpr (is_optional<T>) {
        if (f.is_null) return std::nullopt;
        return codec<without_optional_t<T>>::decode(f, place);
    } else {
        if (f.is_null)
            refuse_field(place, "is NULL but its member is not optional", "Make the member a std::optional.");
        return codec<T>::decode(f, place);
    }
}

template <class T, std::size_t I>
inline constexpr field_place place_of{table_name<T>, columns_of<T>[I].name};

/// Fills an aggregate from consecutive fields; `fields(n)` gives the nth of the row.
///
/// Members are initialised in place, so they need no default constructor and nothing is assigned twice.
template <class T, class Fields>
T decode_struct(Fields const& fields, std::size_t first = 0) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return T{decode_value<field_type<T, I>>(fields(first + I), place_of<T, I>)...};
    }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace detail
}  // namespace sark
