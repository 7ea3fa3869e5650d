// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>

namespace sark {

/// Builds a pattern of LIKE out of texts, which match themselves, and gaps, which match anything.
/// @code
/// col<&Resource::name>.like(pattern{}.text("50%").anything().text(".json"))      // 50\%%.json
/// @endcode
class pattern {
public:
    pattern() = default;

    /// Appends a text in which `%`, `_` and `\` stand for themselves.
    pattern& text(std::string_view term) & {
        for (char c : term) {
            if (c == '%' || c == '_' || c == '\\') text_ += '\\';
            text_ += c;
        }
        return *this;
    }
    pattern&& text(std::string_view term) && { return std::move(text(term)); }

    /// Appends a gap of any length.
    pattern& anything() & {
        text_ += '%';
        return *this;
    }
    pattern&& anything() && { return std::move(anything()); }

    /// Appends a gap of one character.
    pattern& one_character() & {
        text_ += '_';
        return *this;
    }
    pattern&& one_character() && { return std::move(one_character()); }

    /// Takes a pattern as LIKE reads it.
    /// @throws error when it ends in a backslash that escapes nothing: the server notices that on some rows only
    [[nodiscard]] static pattern raw(std::string_view like) {
        std::size_t backslashes = 0;
        while (backslashes < like.size() && like[like.size() - 1 - backslashes] == '\\') ++backslashes;
        if (backslashes % 2 == 1)
            throw error{"sark: a pattern ends in a backslash that escapes nothing. Double it, or use "
                        "pattern{}.text(...)."};
        pattern made;
        made.text_ = like;
        return made;
    }

    [[nodiscard]] std::string const& like() const noexcept { return text_; }

private:
    std::string text_;
};

/// Matches a text with a pattern.
template <fixed_string Operator, class Left>
struct pattern_match : detail::node_of<Left> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left>, bool>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(' ');
        w.put(Operator.view());
        w.put(' ');
        w.put_placeholder();
    }
    void bind(parameters& out) const {
        left.bind(out);
        out.add_borrowed(matched.like());
    }

    [[no_unique_address]] Left left;
    pattern matched;

    pattern_match(Left l, pattern p) : left{std::move(l)}, matched{std::move(p)} {}
};

namespace rules {

template <class Expression>
struct pattern_is_matched_with_text {
    static constexpr bool holds = detail::text_like<detail::plain_value_t<Expression>>;
};

}  // namespace rules

namespace detail {

template <fixed_string Operator, class Left>
auto match_pattern(Left const& left, pattern p) {
    using text = rules::pattern_is_matched_with_text<Left>;
    static_assert(text::holds,
                  "sark: a pattern is matched with something that is no text. Compare it, or write it as text with "
                  "cast<std::string>(...). [sark-Q40]");
    if constexpr (text::holds)
        return pattern_match<Operator, Left>{left, std::move(p)};
    else
        return refused_expression{};
}

}  // namespace detail
}  // namespace sark
