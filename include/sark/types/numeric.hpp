// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace sark {

namespace detail {

// __extension__ keeps -Wpedantic quiet about the one 128-bit integer that both compilers have.
__extension__ using int128 = __int128;

template <class I>
[[nodiscard]] constexpr I power_of_ten(unsigned n) {
    I value = 1;
    while (n-- > 0) value = static_cast<I>(value * 10);
    return value;
}

/// Writes units of 10^-S as a decimal that ends before `end`; returns where it begins.
template <unsigned S, class Units>
[[nodiscard]] constexpr char* write_decimal(char* end, Units units) {
    bool const negative = units < 0;
    unsigned written = 0;
    auto const put = [&](std::uint64_t digit) {
        if (S > 0 && written == S) *--end = '.';
        *--end = static_cast<char>('0' + digit);
        ++written;
    };
    if constexpr (sizeof(Units) > sizeof(std::int64_t)) {
        // A division of 128 bits is a call; nearly every amount needs none.
        constexpr auto eighteen = power_of_ten<std::int64_t>(18);
        while (units >= eighteen || units <= -eighteen) {
            auto part = static_cast<std::int64_t>(units % eighteen);
            units /= eighteen;
            if (part < 0) part = -part;
            for (int i = 0; i < 18; ++i, part /= 10) put(static_cast<std::uint64_t>(part % 10));
        }
    }
    auto const last = static_cast<std::int64_t>(units);
    std::uint64_t rest = last < 0 ? 0U - static_cast<std::uint64_t>(last) : static_cast<std::uint64_t>(last);
    for (; rest != 0 || written <= S; rest /= 10) put(rest % 10);
    if (negative) *--end = '-';
    return end;
}

}  // namespace detail

/// Holds an exact decimal of at most P digits, S of them after the point, as `numeric(P,S)` does.
///
/// It is an integer of units of 10^-S, so sums never drift. What does not fit is refused, never rounded: use
/// `rounded` to say that rounding is wanted. NaN and the infinities of PostgreSQL are no values of it.
/// @throws std::out_of_range for a result of more than P digits, std::invalid_argument for a text that is no decimal
template <unsigned P, unsigned S>
class numeric {
    static_assert(P >= 1 && P <= 38 && S <= P,
                  "sark: numeric<P, S> has 1 to 38 digits, at most all of them after the point. Choose P and S in that "
                  "range, or map the column to std::string to keep its text. [sark-N01]");

public:
    using units_type = std::conditional_t<(P <= 18), std::int64_t, detail::int128>;
    static constexpr unsigned precision = P;
    static constexpr unsigned scale = S;

    constexpr numeric() = default;

    template <std::integral I>
        requires(!std::same_as<I, bool>)
    constexpr numeric(I whole)  // NOLINT(google-explicit-constructor): exact or refused
        : units_{scaled(whole)} {}

    template <std::floating_point F>
    constexpr numeric(F) {  // NOLINT(google-explicit-constructor)
        static_assert(!std::floating_point<F>,
                      "sark: a floating-point number holds no exact decimal. Write the amount as text, "
                      "numeric<P, S>{\"0.10\"}, or as an integer. [sark-N02]");
    }

    /// Reads a plain decimal such as `-12.50`; zeros after the scale are no loss, other digits are refused.
    explicit constexpr numeric(std::string_view text) : units_{parsed(text, false)} {}
    explicit constexpr numeric(char const* text) : numeric{std::string_view{text}} {}

    /// Reads a plain decimal and rounds halves away from zero, as PostgreSQL does.
    [[nodiscard]] static constexpr numeric rounded(std::string_view text) { return from_units(parsed(text, true)); }

    /// Makes a value of `units` times 10^-S.
    [[nodiscard]] static constexpr numeric from_units(units_type units) {
        numeric n;
        n.units_ = checked(units);
        return n;
    }

    [[nodiscard]] constexpr units_type units() const { return units_; }

    [[nodiscard]] std::string to_string() const {
        char digits[48];
        char* const end = digits + sizeof digits;
        return {detail::write_decimal<S>(end, units_), end};
    }

    [[nodiscard]] friend constexpr numeric operator+(numeric a, numeric b) {
        // 38 digits nearly fill 128 bits: a sum can leave them.
        units_type sum = 0;
        if (__builtin_add_overflow(a.units_, b.units_, &sum)) refuse_size();
        return from_units(sum);
    }
    [[nodiscard]] friend constexpr numeric operator-(numeric a, numeric b) { return a + -b; }
    [[nodiscard]] constexpr numeric operator-() const { return from_units(-units_); }
    constexpr numeric& operator+=(numeric other) { return *this = *this + other; }
    constexpr numeric& operator-=(numeric other) { return *this = *this - other; }

    constexpr auto operator<=>(numeric const&) const = default;

private:
    static constexpr units_type limit = detail::power_of_ten<units_type>(P);

    [[noreturn]] static void refuse_size() {
        throw std::out_of_range{"sark: the amount has more digits than numeric(" + std::to_string(P) + "," +
                                std::to_string(S) + ") holds. Widen the type."};
    }
    [[noreturn]] static void refuse_text() {
        throw std::invalid_argument{"sark: the text is no decimal that numeric(" + std::to_string(P) + "," +
                                    std::to_string(S) + ") holds exactly. Write digits and at most " +
                                    std::to_string(S) + " of them after the point, or call rounded()."};
    }

    static constexpr units_type checked(units_type units) {
        if (units >= limit || units <= -limit) refuse_size();
        return units;
    }

    template <std::integral I>
    static constexpr units_type scaled(I whole) {
        constexpr auto whole_limit = detail::power_of_ten<units_type>(P - S);
        if constexpr (std::numeric_limits<I>::digits10 >= static_cast<int>(P - S))
            if (static_cast<detail::int128>(whole) >= static_cast<detail::int128>(whole_limit) ||
                static_cast<detail::int128>(whole) <= -static_cast<detail::int128>(whole_limit))
                refuse_size();
        return static_cast<units_type>(whole) * detail::power_of_ten<units_type>(S);
    }

    static constexpr units_type parsed(std::string_view text, bool may_round) {
        bool negative = false;
        if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
            negative = text.front() == '-';
            text.remove_prefix(1);
        }
        std::size_t const point = text.find('.');
        std::string_view const whole = text.substr(0, point);
        std::string_view decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
        if (whole.empty() && decimals.empty()) refuse_text();
        std::string_view const beyond = decimals.size() > S ? decimals.substr(S) : std::string_view{};
        decimals = decimals.substr(0, S);
        units_type units = 0;
        append_digits(units, whole);
        append_digits(units, decimals);
        for (std::size_t i = decimals.size(); i < S; ++i) append_digits(units, "0");
        for (char c : beyond)
            if (c < '0' || c > '9' || (c != '0' && !may_round)) refuse_text();
        // Only the first digit past the scale decides: halves go away from zero.
        if (!beyond.empty() && beyond.front() >= '5') units = checked(units + 1);
        return negative ? -units : units;
    }

    static constexpr void append_digits(units_type& units, std::string_view digits) {
        for (char c : digits) {
            if (c < '0' || c > '9') refuse_text();
            if (units >= limit / 10) refuse_size();
            units = units * 10 + (c - '0');
        }
    }

    units_type units_ = 0;
};

}  // namespace sark
