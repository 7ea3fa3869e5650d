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

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/types/numeric.hpp>

namespace sark {

namespace detail {

/// Reads the binary form of `numeric` as units of 10^-scale; nothing for what they do not hold exactly.
///
/// The form is a count of digits of base 10000, the weight of the first, a sign, a display scale and the digits.
/// Source: numeric_recv in the server's numeric.c.
template <class Units>
[[nodiscard]] std::optional<Units> decimal_units(std::string_view bytes, unsigned precision, unsigned scale) {
    constexpr unsigned negative = 0x4000;
    if (bytes.size() < 8) return std::nullopt;
    int const count = read_network<std::int16_t>(bytes.data());
    int const weight = read_network<std::int16_t>(bytes.data() + 2);
    unsigned const sign = read_network<std::uint16_t>(bytes.data() + 4);
    // Other signs are NaN and the infinities.
    if (count < 0 || bytes.size() != 8U + 2U * static_cast<unsigned>(count) || (sign != 0 && sign != negative))
        return std::nullopt;
    auto const limit = power_of_ten<Units>(precision);
    Units units = 0;
    auto const append = [&](unsigned digits, Units value) {
        if (__builtin_mul_overflow(units, power_of_ten<Units>(digits), &units) ||
            __builtin_add_overflow(units, value, &units))
            return false;
        return units < limit;
    };
    int exponent = static_cast<int>(scale);  // of the last digit appended, counted in decimals of the scale
    for (int i = 0; i < count; ++i) {
        int const digit = read_network<std::int16_t>(bytes.data() + 8 + 2 * i);
        if (digit < 0 || digit > 9999) return std::nullopt;
        exponent = 4 * (weight - i) + static_cast<int>(scale);
        if (units == 0 && digit == 0) continue;
        if (exponent >= 0) {
            if (!append(4, static_cast<Units>(digit))) return std::nullopt;
        } else if (exponent > -4) {
            auto const beyond = power_of_ten<int>(static_cast<unsigned>(-exponent));
            if (digit % beyond != 0 || !append(static_cast<unsigned>(4 + exponent), static_cast<Units>(digit / beyond)))
                return std::nullopt;
        } else if (digit != 0) {
            return std::nullopt;
        }
    }
    if (units != 0 && exponent > 0) {
        if (exponent >= static_cast<int>(precision) || !append(static_cast<unsigned>(exponent), 0)) return std::nullopt;
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
        auto const [end, failure] = std::from_chars(f.data, f.data + f.size, value);
        if (failure != std::errc{} || end != f.data + f.size)
            detail::refuse_field(place, "holds no number that its member holds", "Use a wider member.");
        return value;
    }
};

template <unsigned P, unsigned S>
struct codec<numeric<P, S>> {
    static void encode(parameters& out, numeric<P, S> value) {
        std::array<char, 48> digits;  // as to_string() writes them, without a string
        std::size_t at = digits.size();
        auto rest = value.units();
        bool const negative = rest < 0;
        for (unsigned written = 0; rest != 0 || written <= S; ++written) {
            if (S > 0 && written == S) digits[--at] = '.';
            auto const digit = static_cast<int>(rest % 10);
            digits[--at] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
            rest /= 10;
        }
        if (negative) digits[--at] = '-';
        out.add_trusted({digits.data() + at, digits.size() - at});
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::numeric; }

    static numeric<P, S> decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            auto const units = detail::decimal_units<typename numeric<P, S>::units_type>({f.data, f.size}, P, S);
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
