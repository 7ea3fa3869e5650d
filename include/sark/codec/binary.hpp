// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace sark::detail {

/// The object identifiers of the server's built-in types; source: pg_type.dat, where they are fixed for ever.
namespace oid {

inline constexpr std::uint32_t boolean = 16;
inline constexpr std::uint32_t bytea = 17;
inline constexpr std::uint32_t int8 = 20;
inline constexpr std::uint32_t int2 = 21;
inline constexpr std::uint32_t int4 = 23;
inline constexpr std::uint32_t text = 25;
inline constexpr std::uint32_t json = 114;
inline constexpr std::uint32_t float4 = 700;
inline constexpr std::uint32_t float8 = 701;
inline constexpr std::uint32_t bpchar = 1042;
inline constexpr std::uint32_t varchar = 1043;
inline constexpr std::uint32_t date = 1082;
inline constexpr std::uint32_t timestamptz = 1184;
inline constexpr std::uint32_t numeric = 1700;
inline constexpr std::uint32_t uuid = 2950;
inline constexpr std::uint32_t jsonb = 3802;

/// Types of extensions and of users begin here.
inline constexpr std::uint32_t first_of_users = 16384;

}  // namespace oid

struct array_oid {
    std::uint32_t array;
    std::uint32_t element;
};

inline constexpr array_oid array_oids[] = {
    {1000, oid::boolean}, {1001, oid::bytea},  {1005, oid::int2},    {1007, oid::int4},
    {1009, oid::text},    {1014, oid::bpchar}, {1015, oid::varchar}, {1016, oid::int8},
    {1021, oid::float4},  {1022, oid::float8}, {1182, oid::date},    {1185, oid::timestamptz},
    {1231, oid::numeric}, {2951, oid::uuid},   {3807, oid::jsonb},   {199, oid::json},
};

/// Gives the type of an array's elements, 0 for what is no array of a built-in type.
[[nodiscard]] constexpr std::uint32_t element_oid(std::uint32_t array) {
    for (array_oid const& a : array_oids)
        if (a.array == array) return a.element;
    return 0;
}
/// Gives the type of arrays of a built-in type.
[[nodiscard]] constexpr std::uint32_t oid_of_array(std::uint32_t element) {
    for (array_oid const& a : array_oids)
        if (a.element == element) return a.array;
    return 0;
}
static_assert(element_oid(1016) == oid::int8 && oid_of_array(oid::jsonb) == 3807 && element_oid(23) == 0);

/// Tells whether a type's binary form is its text.
[[nodiscard]] constexpr bool is_plain_text(std::uint32_t type) {
    return type == oid::text || type == oid::varchar || type == oid::bpchar;
}

template <std::size_t Bytes>
struct unsigned_of;
// clang-format off
template <> struct unsigned_of<1> { using type = std::uint8_t; };
template <> struct unsigned_of<2> { using type = std::uint16_t; };
template <> struct unsigned_of<4> { using type = std::uint32_t; };
template <> struct unsigned_of<8> { using type = std::uint64_t; };
// clang-format on

/// Turns host order to network order and back.
template <class U>
[[nodiscard]] constexpr U swapped(U value) {
    if constexpr (std::endian::native == std::endian::big || sizeof(U) == 1)
        return value;
    else if constexpr (sizeof(U) == 2)
        return __builtin_bswap16(value);
    else if constexpr (sizeof(U) == 4)
        return __builtin_bswap32(value);
    else
        return __builtin_bswap64(value);
}

/// Reads a number in network order; `from` has at least its size.
template <class T>
[[nodiscard]] T read_network(char const* from) {
    typename unsigned_of<sizeof(T)>::type bits;
    std::memcpy(&bits, from, sizeof bits);
    return std::bit_cast<T>(swapped(bits));
}

/// Appends a number in network order.
template <class T>
void append_network(std::string& out, T value) {
    auto const bits = swapped(std::bit_cast<typename unsigned_of<sizeof(T)>::type>(value));
    char bytes[sizeof bits];
    std::memcpy(bytes, &bits, sizeof bits);
    out.append(bytes, sizeof bits);
}

/// Overwrites four bytes, for lengths that are known after what they measure.
inline void put_length(std::string& out, std::size_t at, std::size_t length) {
    std::uint32_t const bits = swapped(static_cast<std::uint32_t>(length));
    std::memcpy(out.data() + at, &bits, sizeof bits);
}

/// The server counts time from 2000-01-01, microseconds or days.
inline constexpr std::int64_t server_epoch_micros = 946'684'800'000'000;
inline constexpr std::int32_t server_epoch_days = 10'957;

/// Collects, while the first row of a statement is read as text, which columns could have come in binary.
struct binary_votes {
    unsigned for_it = 0;
    unsigned against = 0;

    void cast(bool in_favour) { ++(in_favour ? for_it : against); }
    [[nodiscard]] bool unanimous(std::size_t columns) const { return against == 0 && for_it == columns; }
};

}  // namespace sark::detail
