// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sark {

namespace detail {

/// Counts code points as `varchar(n)` does: every byte that does not continue one.
[[nodiscard]] constexpr std::size_t code_points(std::string_view utf8) {
    std::size_t n = 0;
    for (char c : utf8)
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++n;
    return n;
}

}  // namespace detail

/// Holds a text of at most N characters, for columns whose bound is a fact of the model.
///
/// A plain `std::string` member with a declared `varchar(n)` is checked by the server; this one is checked where the
/// value is made.
/// @throws std::length_error for a longer text
template <std::size_t N>
class varchar {
    static_assert(N >= 1 && N <= 10485760,
                  "sark: varchar<N> holds 1 to 10485760 characters. Use std::string for unbounded text. [sark-N03]");

public:
    static constexpr std::size_t max_characters = N;

    varchar() = default;
    varchar(std::string text) : text_{std::move(text)} {  // NOLINT(google-explicit-constructor)
        if (detail::code_points(text_) > N)
            throw std::length_error{"sark: the text has " + std::to_string(detail::code_points(text_)) +
                                    " characters, varchar(" + std::to_string(N) +
                                    ") holds fewer. Shorten it or widen the column."};
    }
    varchar(std::string_view text) : varchar{std::string{text}} {}  // NOLINT(google-explicit-constructor)
    varchar(char const* text) : varchar{std::string{text}} {}       // NOLINT(google-explicit-constructor)
    varchar(std::nullptr_t) = delete;

    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    operator std::string_view() const noexcept { return text_; }  // NOLINT(google-explicit-constructor)

    auto operator<=>(varchar const&) const = default;
    bool operator==(varchar const&) const = default;
    // A template, so that a literal is compared as text and not turned into a varchar first.
    template <std::convertible_to<std::string_view> Text>
        requires(!std::same_as<Text, varchar> && !std::same_as<Text, std::nullptr_t>)
    friend bool operator==(varchar const& a, Text const& b) {
        return a.text_ == std::string_view{b};
    }

private:
    std::string text_;
};

}  // namespace sark
