// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <sark/meta/fixed_string.hpp>

namespace sark {

namespace detail {

/// Compilers print at most this many characters of one text argument (Clang; GCC prints all of it).
inline constexpr std::size_t printed_characters = 32;

/// Cuts a sentence into pieces that a compiler prints whole, at spaces where there are some.
struct sentence_piece {
    std::size_t begin;
    std::size_t size;
};

[[nodiscard]] constexpr sentence_piece piece_of(std::string_view sentence, std::size_t wanted) {
    std::size_t begin = 0;
    for (std::size_t n = 0;; ++n) {
        std::size_t size = sentence.size() - begin;
        if (size > printed_characters) {
            std::size_t const space = sentence.substr(begin, printed_characters).rfind(' ');
            size = space == std::string_view::npos || space == 0 ? printed_characters : space + 1;
        }
        if (n == wanted || size == 0) return {begin, size};
        begin += size;
    }
}

[[nodiscard]] constexpr std::size_t count_pieces(std::string_view sentence) {
    std::size_t n = 0;
    while (piece_of(sentence, n).size != 0) ++n;
    return n;
}

template <std::size_t Size>
[[nodiscard]] consteval fixed_string<Size + 1> cut(std::string_view sentence, std::size_t begin) {
    char chars[Size + 1]{};
    for (std::size_t i = 0; i < Size; ++i) chars[i] = sentence[begin + i];
    return fixed_string<Size + 1>{chars};
}

}  // namespace detail

/// Carries a computed sentence into a compiler's message: the sentence is what its name is printed as.
///
/// static_assert takes no computed text before C++26, but every compiler prints the template arguments of what it
/// asserts.
template <fixed_string... Sentence>
struct says {
    static constexpr bool nothing = sizeof...(Sentence) == 0;
};

namespace detail {

template <class Text, class Pieces>
struct sentence_of;
template <class Text, std::size_t... N>
struct sentence_of<Text, std::index_sequence<N...>> {
#if defined(__clang__)
    using type = says<cut<piece_of(Text::value, N).size>(Text::value, piece_of(Text::value, N).begin)...>;
#else
    using type = says<cut<Text::value.size()>(Text::value, N * 0)...>;
#endif
};

template <class Text>
consteval auto make_sentence() {
#if defined(__clang__)
    constexpr std::size_t pieces = count_pieces(Text::value);
#else
    constexpr std::size_t pieces = Text::value.empty() ? 0 : 1;
#endif
    return typename sentence_of<Text, std::make_index_sequence<pieces>>::type{};
}

}  // namespace detail

/// Gives the sentence of a text constant (`Text::value`) as a type that compilers print; `says<>` for an empty one.
template <class Text>
using sentence_t = decltype(detail::make_sentence<Text>());

}  // namespace sark
