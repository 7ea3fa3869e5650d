// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#ifndef __cpp_lib_to_chars
#include <locale.h>
#include <stdlib.h>
#include <string>
#ifdef __APPLE__
#include <xlocale.h>
#endif
#endif

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/types/numeric.hpp>

namespace sark {

namespace detail {

template <class Units, unsigned P>
inline constexpr auto powers_of_ten = [] {
    std::array<Units, P + 1> powers{};
    for (unsigned n = 0; n <= P; ++n) powers[n] = power_of_ten<Units>(n);
    return powers;
}();

/// Reads the binary form of `numeric(P,S)` as units of 10^-S; nothing for what they do not hold exactly.
///
/// The form is a count of digits of base 10000, the weight of the first, a sign, a display scale and the digits.
/// Source: numeric_recv in the server's numeric.c.
template <class Units, unsigned P, unsigned S>
[[nodiscard]] std::optional<Units> decimal_units(std::string_view bytes) {
    constexpr unsigned negative = 0x4000;
    constexpr auto const& power = powers_of_ten<Units, P>;
    if (bytes.size() < 8) return std::nullopt;
    int const count = read_network<std::int16_t>(bytes.data());
    int const weight = read_network<std::int16_t>(bytes.data() + 2);
    unsigned const sign = read_network<std::uint16_t>(bytes.data() + 4);
    // Other signs are NaN and the infinities.
    if (count < 0 || bytes.size() != 8U + 2U * static_cast<unsigned>(count) || (sign != 0 && sign != negative))
        return std::nullopt;
    auto const digit_at = [&](int i) -> int { return read_network<std::int16_t>(bytes.data() + 8 + 2 * i); };
    if (count <= 4) {
        // Nearly every amount: 16 decimal digits, which 64 bits hold.
        std::int64_t value = 0;
        for (int i = 0; i < count; ++i) {
            int const digit = digit_at(i);
            if (digit < 0 || digit > 9999) return std::nullopt;
            value = value * 10'000 + digit;
        }
        if (value == 0) return Units{0};
        int exponent = 4 * (weight - count + 1) + static_cast<int>(S);  // of its last digit, in units
        for (; exponent < 0; ++exponent, value /= 10)
            if (value % 10 != 0) return std::nullopt;
        if (exponent > static_cast<int>(P) || value >= power[static_cast<unsigned>(static_cast<int>(P) - exponent)])
            return std::nullopt;
        auto const units = static_cast<Units>(value * power[static_cast<unsigned>(exponent)]);
        return sign == negative ? static_cast<Units>(-units) : units;
    }
    Units units = 0;
    // A product is only made when it stays below 10^P, so nothing overflows.
    auto const append = [&](unsigned digits, int value) {
        if (units != 0 && (digits > P || units >= power[P - digits])) return false;
        if (units != 0) units = static_cast<Units>(units * power[digits]);
        if (units > power[P] - 1 - value) return false;
        units = static_cast<Units>(units + value);
        return true;
    };
    int exponent = 0;  // of the last digit read, in units
    for (int i = 0; i < count; ++i) {
        int const digit = digit_at(i);
        if (digit < 0 || digit > 9999) return std::nullopt;
        exponent = 4 * (weight - i) + static_cast<int>(S);
        if (exponent >= 0) {
            if (!append(4, digit)) return std::nullopt;
        } else if (exponent > -4) {
            static constexpr int small[] = {1, 10, 100, 1000};
            int const beyond = small[-exponent];
            if (digit % beyond != 0 || !append(static_cast<unsigned>(4 + exponent), digit / beyond))
                return std::nullopt;
        } else if (digit != 0) {
            return std::nullopt;
        }
    }
    if (exponent > 0 && units != 0) {
        if (exponent >= static_cast<int>(P) || !append(static_cast<unsigned>(exponent), 0)) return std::nullopt;
    }
    return sign == negative ? static_cast<Units>(-units) : units;
}

}  // namespace detail

template <>
struct codec<bool> {
    static void encode(parameters& out, bool value) { out.add_trusted(value ? "t" : "f"); }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::boolean; }

    static bool decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            if (f.size != 1) detail::refuse_binary(place);
            return f.data[0] != 0;
        }
        if (f.text() == "t") return true;
        if (f.text() == "f") return false;
        detail::refuse_field(place, "holds no boolean", "Check the column's type.");
    }
};

template <std::signed_integral I>
struct codec<I> {
    static void encode(parameters& out, I value) {
        std::array<char, 24> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out.add_trusted({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    static constexpr bool reads_binary(std::uint32_t type) {
        return type == detail::oid::int2 || type == detail::oid::int4 || type == detail::oid::int8;
    }

    static I decode(field const& f, field_place const& place) {
        if (f.is_binary) return from_binary(f, place);
        I value{};
        auto const [end, failure] = std::from_chars(f.data, f.data + f.size, value);
        if (failure != std::errc{} || end != f.data + f.size) refuse(place);
        return value;
    }

private:
    [[noreturn]] static void refuse(field_place const& place) {
        detail::refuse_field(place, "holds no integer that its member holds", "Use a wider member.");
    }

    static I from_binary(field const& f, field_place const& place) {
        // The size is the type: a column wider than its member is read while its values fit.
        std::int64_t value = 0;
        switch (f.size) {
            case 2: value = detail::read_network<std::int16_t>(f.data); break;
            case 4: value = detail::read_network<std::int32_t>(f.data); break;
            case 8: value = detail::read_network<std::int64_t>(f.data); break;
            default: detail::refuse_binary(place);
        }
        if (!std::in_range<I>(value)) refuse(place);
        return static_cast<I>(value);
    }
};

namespace detail {

/// Reads a floating-point number, whatever the locale of the program; false unless all of the text is one that `F` holds.
template <class F>
[[nodiscard]] bool read_floating(std::string_view text, F& value) {
#ifdef __cpp_lib_to_chars
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
#else
    // libc++ before 20 reads no floating-point numbers so; and the other way takes spaces, words and hexadecimal digits.
    if (text.empty() || text.find_first_not_of("0123456789.+-eE") != std::string_view::npos || text[0] == '+')
        return false;
    static locale_t const plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
    std::string const terminated{text};
    char* end = nullptr;
    if constexpr (std::is_same_v<F, float>)
        value = ::strtof_l(terminated.c_str(), &end, plain);
    else
        value = ::strtod_l(terminated.c_str(), &end, plain);
    bool const is_lost = value == std::numeric_limits<F>::infinity() || value == -std::numeric_limits<F>::infinity() ||
                         (value == 0 && text.find_first_of("123456789") < text.find_first_of("eE"));
    return end == terminated.c_str() + terminated.size() && !is_lost;
#endif
}

}  // namespace detail

/// Floating-point numbers travel in the shortest form that reads back to the same bits.
template <std::floating_point F>
struct codec<F> {
    static void encode(parameters& out, F value) {
        if (value != value) return out.add_trusted("NaN");
        if (value == std::numeric_limits<F>::infinity()) return out.add_trusted("Infinity");
        if (value == -std::numeric_limits<F>::infinity()) return out.add_trusted("-Infinity");
        std::array<char, 64> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out.add_trusted({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    /// A double is not read into a float: its text is what rounds it.
    static constexpr bool reads_binary(std::uint32_t type) {
        return type == (sizeof(F) == 4 ? detail::oid::float4 : detail::oid::float8);
    }

    static F decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            if (f.size != sizeof(F)) detail::refuse_binary(place);
            return detail::read_network<F>(f.data);
        }
        if (f.text() == "NaN") return std::numeric_limits<F>::quiet_NaN();
        if (f.text() == "Infinity") return std::numeric_limits<F>::infinity();
        if (f.text() == "-Infinity") return -std::numeric_limits<F>::infinity();
        F value{};
        if (!detail::read_floating(f.text(), value))
            detail::refuse_field(place, "holds no number that its member holds", "Use a wider member.");
        return value;
    }
};

template <unsigned P, unsigned S>
struct codec<numeric<P, S>> {
    static void encode(parameters& out, numeric<P, S> value) {
        std::array<char, 48> digits;  // as to_string() writes them, without a string
        char* const end = digits.data() + digits.size();
        char const* const begin = detail::write_decimal<S>(end, value.units());
        out.add_trusted({begin, static_cast<std::size_t>(end - begin)});
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::numeric; }

    static numeric<P, S> decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            auto const units = detail::decimal_units<typename numeric<P, S>::units_type, P, S>({f.data, f.size});
            if (!units) refuse(place);
            return numeric<P, S>::from_units(*units);
        }
        try {
            return numeric<P, S>{f.text()};
        } catch (std::logic_error const&) { refuse(place); }
    }

private:
    [[noreturn]] static void refuse(field_place const& place) {
        detail::refuse_field(place, "holds a number that its member does not hold exactly",
                             "Give the member the column's precision and scale; NaN and infinity have none.");
    }
};

}  // namespace sark
