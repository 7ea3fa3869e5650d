// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/types/numeric.hpp>

namespace sark {

template <>
struct codec<bool> {
    static void encode(parameters& out, bool value) { out.add_trusted(value ? "t" : "f"); }

    static bool decode(field const& f, field_place const& place) {
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

    static I decode(field const& f, field_place const& place) {
        I value{};
        auto const [end, failure] = std::from_chars(f.data, f.data + f.size, value);
        if (failure != std::errc{} || end != f.data + f.size)
            detail::refuse_field(place, "holds no integer that its member holds", "Use a wider member.");
        return value;
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

    static F decode(field const& f, field_place const& place) {
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
    static void encode(parameters& out, numeric<P, S> value) { out.add_trusted(value.to_string()); }

    static numeric<P, S> decode(field const& f, field_place const& place) {
        try {
            return numeric<P, S>{f.text()};
        } catch (std::logic_error const&) {
            detail::refuse_field(place, "holds a number that its member does not hold exactly",
                                 "Give the member the column's precision and scale; NaN and infinity have none.");
        }
    }
};

}  // namespace sark
