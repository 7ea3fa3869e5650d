// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <sark/codec/array.hpp>
#include <sark/codec/binary_writer.hpp>
#include <sark/codec/row.hpp>
#include <sark/query/write.hpp>
#include <sark/schema/table.hpp>

namespace sark::detail {

/// Says how the values of a column travel when many rows travel at once.
struct bulk_column {
    std::uint32_t oid = 0;       ///< of the elements of its array, and of its values in binary COPY
    bool is_cast = false;        ///< arrays carry it as text, which the server turns into the column's type
    bool has_copy_form = false;  ///< binary COPY can carry it
};

template <class T, std::size_t I>
using bulk_member = without_optional_t<field_type<T, I>>;

/// Decides by the member's type and the column's declared one; both are known to the compiler.
template <class T, std::size_t I>
consteval bulk_column make_bulk_column() {
    using member = bulk_member<T, I>;
    constexpr std::string_view declared = columns_of<T>[I].storage_type();
    constexpr std::uint32_t oid = binary_form<member>::oid;
    if constexpr (is_list<member>)
        return {oid::text, true, false};
    else if constexpr (oid == 0)
        return {oid::text, true, false};  // a type with a codec of its own
    else if constexpr (oid == oid::text)
        // The label of an enum of the server is its binary form; other types that a text member holds have another.
        return {oid::text, !is_text_type(declared), is_text_type(declared) || std::is_enum_v<member>};
    else if constexpr (oid == oid::jsonb)
        return {declared == "jsonb" ? oid::jsonb : oid::text, declared != "jsonb", declared == "jsonb"};
    else
        return {oid, false, true};
}
template <class T, std::size_t I>
inline constexpr bulk_column bulk_column_of = make_bulk_column<T, I>();

[[nodiscard]] constexpr std::string_view name_of_type(std::uint32_t type) {
    switch (type) {
        case oid::boolean: return "boolean";
        case oid::bytea: return "bytea";
        case oid::int8: return "bigint";
        case oid::int2: return "smallint";
        case oid::int4: return "integer";
        case oid::float4: return "real";
        case oid::float8: return "double precision";
        case oid::date: return "date";
        case oid::timestamptz: return "timestamptz";
        case oid::numeric: return "numeric";
        case oid::uuid: return "uuid";
        case oid::jsonb: return "jsonb";
        default: return "text";
    }
}

[[noreturn]] inline void refuse_bulk_text(field_place const& place, std::string const& complaint) {
    std::string sentence{"sark: the text for column "};
    sentence.append(place.table).append(".").append(place.column).append(complaint);
    throw error{sentence, {.table = std::string{place.table}, .column = std::string{place.column}}};
}

/// Passes a text through the gate.
template <class V>
void check_bulk_text([[maybe_unused]] V const& value, [[maybe_unused]] field_place const& place) {
    if constexpr (std::is_enum_v<V>) {
        if (label_of(value).empty())
            refuse_field(place, "was given a value of its enum that has no label",
                         "Add the enumerator, or store a declared one.");
    } else if constexpr (std::is_same_v<V, json>) {
        if (std::string const complaint = complaint_about(value); !complaint.empty())
            refuse_bulk_text(place, complaint);
    } else if (auto const text = text_inside(value)) {
        if (std::string const complaint = complaint_about(*text); !complaint.empty())
            refuse_bulk_text(place, complaint);
    }
}

/// Gives the server's text for a value, as its codec writes it.
template <class V>
[[nodiscard]] std::string text_form(V const& value, field_place const& place) {
    check_bulk_text(value, place);
    parameters one;
    codec<V>::encode(one, value);
    return one.values()[0];
}

/// Tells whether a column of a row is left to the server; refuses what was not set and cannot be left.
template <class T, std::size_t I>
[[nodiscard]] bool is_left_to_server(T const& row) {
    auto const& value = get_field<I>(row);
    if constexpr (is_filled_by_server<T, I>) {
        return is_unset(value);
    } else {
        if constexpr (requires { value.is_set(); })
            if (!value.is_set())
                refuse_field(place_of<T, I>, "was not set and has no default", "Set it before inserting the row.");
        return false;
    }
}

/// Gives the value inside of a member, null for an empty optional.
template <class V>
[[nodiscard]] V const* value_inside(V const& value) {
    return &value;
}
template <class V>
[[nodiscard]] V const* value_inside(std::optional<V> const& value) {
    return value ? &*value : nullptr;
}

/// Appends one value of a column as an element of its array, length first.
template <class T, std::size_t I>
void append_bulk_element(std::string& out, T const& row) {
    auto const* const value = is_left_to_server<T, I>(row) ? nullptr : value_inside(get_field<I>(row));
    if (value == nullptr) return append_binary_null(out);
    if constexpr (requires { value->is_set(); })
        if (!value->is_set()) return append_binary_null(out);  // inside of an optional
    if constexpr (has_binary_form<bulk_member<T, I>> && !(bulk_column_of<T, I>.is_cast)) {
        check_bulk_text(*value, place_of<T, I>);
        append_binary(out, *value);
    } else {
        append_binary(out, text_form(*value, place_of<T, I>));
    }
}

}  // namespace sark::detail
