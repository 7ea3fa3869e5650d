// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/codec/binary.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/types/json.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>
#include <sark/types/varchar.hpp>

namespace sark::detail {

/// Writes values of T in the binary form of the built-in type `oid`, for COPY and for arrays of many rows.
///
/// Types without a specialisation travel as text. `write` appends the value alone, without its length.
template <class T>
struct binary_form {
    static constexpr std::uint32_t oid = 0;
};

template <class T>
inline constexpr bool has_binary_form = binary_form<T>::oid != 0;

template <class T, std::uint32_t Oid>
struct network_form {
    static constexpr std::uint32_t oid = Oid;
    static void write(std::string& out, T value) { append_network(out, value); }
};

// clang-format off
template <> struct binary_form<std::int16_t> : network_form<std::int16_t, oid::int2> {};
template <> struct binary_form<std::int32_t> : network_form<std::int32_t, oid::int4> {};
template <> struct binary_form<std::int64_t> : network_form<std::int64_t, oid::int8> {};
template <> struct binary_form<float> : network_form<float, oid::float4> {};
template <> struct binary_form<double> : network_form<double, oid::float8> {};
// clang-format on

template <>
struct binary_form<bool> {
    static constexpr std::uint32_t oid = oid::boolean;
    static void write(std::string& out, bool value) { out += value ? '\x01' : '\0'; }
};

/// Texts pass the gate in `checked_text`, where their column is known.
template <>
struct binary_form<std::string> {
    static constexpr std::uint32_t oid = oid::text;
    static void write(std::string& out, std::string const& value) { out += value; }
};
template <>
struct binary_form<std::string_view> {
    static constexpr std::uint32_t oid = oid::text;
    static void write(std::string& out, std::string_view value) { out += value; }
};
template <std::size_t N>
struct binary_form<varchar<N>> {
    static constexpr std::uint32_t oid = oid::text;
    static void write(std::string& out, varchar<N> const& value) { out += value.text(); }
};
template <class E>
    requires std::is_enum_v<E>
struct binary_form<E> {
    static constexpr std::uint32_t oid = oid::text;
    static void write(std::string& out, E value) { out += label_of(value); }
};

template <>
struct binary_form<json> {
    static constexpr std::uint32_t oid = oid::jsonb;
    static void write(std::string& out, json const& value) {
        out += '\x01';  // the version of the form
        out += value.text();
    }
};
template <>
struct binary_form<uuid> {
    static constexpr std::uint32_t oid = oid::uuid;
    static void write(std::string& out, uuid const& value) {
        for (auto byte : value) out += static_cast<char>(byte);
    }
};
template <>
struct binary_form<std::vector<std::byte>> {
    static constexpr std::uint32_t oid = oid::bytea;
    static void write(std::string& out, std::vector<std::byte> const& value) {
        out.append(reinterpret_cast<char const*>(value.data()), value.size());
    }
};

template <>
struct binary_form<timestamp> {
    static constexpr std::uint32_t oid = oid::timestamptz;
    static void write(std::string& out, timestamp value) {
        // The member reaches back further than the server, which then answers as it does to text.
        std::int64_t micros = 0;
        if (value.is_infinity())
            micros = std::numeric_limits<std::int64_t>::max();
        else if (value.is_minus_infinity() || __builtin_sub_overflow(value.unix_micros(), server_epoch_micros, &micros))
            micros = std::numeric_limits<std::int64_t>::min() + (value.is_minus_infinity() ? 0 : 1);
        append_network(out, micros);
    }
};
template <>
struct binary_form<date> {
    static constexpr std::uint32_t oid = oid::date;
    static void write(std::string& out, date value) {
        std::int32_t days = 0;
        if (value.is_infinity())
            days = std::numeric_limits<std::int32_t>::max();
        else if (value.is_minus_infinity() ||
                 __builtin_sub_overflow(static_cast<std::int32_t>(value.to_sys().time_since_epoch().count()),
                                        server_epoch_days, &days))
            days = std::numeric_limits<std::int32_t>::min() + (value.is_minus_infinity() ? 0 : 1);
        append_network(out, days);
    }
};

/// Splits an exact decimal into digits of base 10000, aligned to its point; source: numeric_send in numeric.c.
template <unsigned P, unsigned S>
struct binary_form<numeric<P, S>> {
    static constexpr std::uint32_t oid = oid::numeric;

    static void write(std::string& out, numeric<P, S> value) {
        constexpr unsigned after = (S + 3) / 4;
        constexpr unsigned groups = (P - S + 3) / 4 + after + 1;
        std::array<std::int16_t, groups> digits{};
        auto rest = value.units();
        bool const negative = rest < 0;
        auto const take = [&](unsigned decimals) {
            auto const base = power_of_ten<int>(decimals);
            int const digit = static_cast<int>(rest % base);
            rest /= base;
            return digit < 0 ? -digit : digit;
        };
        std::size_t next = groups;
        if constexpr (S % 4 != 0)
            digits[--next] = static_cast<std::int16_t>(take(S % 4) * power_of_ten<int>(4 - S % 4));
        while (next > 0) digits[--next] = static_cast<std::int16_t>(take(4));
        std::size_t first = 0;
        while (first < groups && digits[first] == 0) ++first;
        std::size_t last = groups;
        while (last > first && digits[last - 1] == 0) --last;
        append_network(out, static_cast<std::int16_t>(last - first));
        append_network(out, static_cast<std::int16_t>(static_cast<int>(groups - after) - 1 - static_cast<int>(first)));
        append_network(out, static_cast<std::uint16_t>(negative && last > first ? 0x4000 : 0));
        append_network(out, static_cast<std::int16_t>(S));
        for (std::size_t i = first; i < last; ++i) append_network(out, digits[i]);
    }
};

/// Gives the text of a value that has one, for the gate; nothing for other types.
template <class T>
[[nodiscard]] std::optional<std::string_view> text_inside(T const& value) {
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>)
        return value;
    else if constexpr (requires {
                           { value.text() } -> std::convertible_to<std::string_view>;
                       })
        return value.text();
    else
        return std::nullopt;
}

/// Appends a value with its length before it, as COPY rows and arrays have it.
template <class T>
void append_binary(std::string& out, T const& value) {
    std::size_t const at = out.size();
    out.append(4, '\0');
    binary_form<T>::write(out, value);
    put_length(out, at, out.size() - at - 4);
}
inline void append_binary_null(std::string& out) { append_network(out, std::int32_t{-1}); }

/// Begins a one-dimensional array; `close_binary_array` writes how many elements followed.
inline void open_binary_array(std::string& out, std::uint32_t element) {
    append_network(out, std::int32_t{1});
    append_network(out, std::int32_t{1});  // there may be NULLs: a flag that readers ignore
    append_network(out, element);
    append_network(out, std::int32_t{0});
    append_network(out, std::int32_t{1});
}
inline void close_binary_array(std::string& out, std::size_t begin, std::size_t count) {
    put_length(out, begin + 12, count);
}

}  // namespace sark::detail
