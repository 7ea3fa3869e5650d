// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/schema/type_mapping.hpp>

namespace sark {

/// Holds a decimal of any number of digits as the server wrote it: what `avg` and quotients give.
///
/// No fixed scale holds a third, so nothing is cut behind your back: read `text()`, say `rounded<money>()`, or let the
/// server round with `cast<money>(avg(…))`.
class decimal {
public:
    decimal() = default;
    explicit decimal(std::string text) : text_{std::move(text)} {}

    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    /// Rounds to a `numeric<P, S>`, halves away from zero.
    /// @throws std::out_of_range when it has more digits before the point
    template <class Numeric>
    [[nodiscard]] Numeric rounded() const {
        return Numeric::rounded(text_);
    }

    /// Compares spellings: the server writes one number with one scale in one way.
    friend bool operator==(decimal const&, decimal const&) = default;

private:
    std::string text_ = "0";
};

template <>
struct sql_type<decimal> {
    static constexpr std::string_view name = "numeric";
    static constexpr bool accepts(std::string_view declared) {
        return detail::without_arguments(declared) == "numeric";
    }
};

template <>
struct codec<decimal> {
    static void encode(parameters& out, decimal const& value) { out.add_borrowed(value.text()); }
    static decimal decode(field const& f, field_place const&) { return decimal{std::string{f.data, f.size}}; }
};

}  // namespace sark
