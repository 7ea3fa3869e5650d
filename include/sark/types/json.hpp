// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sark {

class json;

namespace detail {

/// Compares two documents by value; defined by <sark/jsonb/document.hpp>, with the parser.
template <class J>
struct json_comparison;

template <class J>
concept json_comparison_is_included = requires { sizeof(json_comparison<J>); };

/// Makes documents that need no second look: the server's, and those that passed the guard.
struct json_access;

}  // namespace detail

/// Holds a JSON document as the text it came in.
///
/// Nothing parses it until somebody asks: rows are filled at the price of a string, numbers keep all their digits.
/// Two documents are equal when they are equal as JSON, whatever their spacing and order of keys; that comparison
/// needs <sark/jsonb/document.hpp> (or <sark/sark.hpp>).
///
/// It passes the guard before it is sent (<sark/codec/json_guard.hpp>), unless it came from the server or was given to
/// `checked` before.
class json {
public:
    /// Makes the empty object, `{}`.
    json() = default;

    explicit json(std::string text) : text_{std::move(text)} {}
    explicit json(std::string_view text) : text_{text} {}
    explicit json(char const* text) : text_{text} {}
    json(std::nullptr_t) = delete;

    /// Gives the text as it came; that it is JSON is checked when it is sent or parsed.
    [[nodiscard]] std::string const& text() const& noexcept { return text_; }
    [[nodiscard]] std::string text() && noexcept { return std::move(text_); }

    template <class J>
        requires std::same_as<J, json>
    friend bool operator==(json const& a, J const& b) {
        static_assert(detail::json_comparison_is_included<J>,
                      "sark: JSON documents are compared by value, which needs the parser. Include "
                      "<sark/jsonb/document.hpp>, or compare text(). [sark-J01]");
        if constexpr (detail::json_comparison_is_included<J>)
            return detail::json_comparison<J>::equal(a, b);
        else
            return false;
    }

private:
    friend struct detail::json_access;

    json(std::string text, bool is_checked) : text_{std::move(text)}, is_checked_{is_checked} {}
    json(std::string_view text, bool is_checked) : text_{text}, is_checked_{is_checked} {}

    std::string text_ = "{}";
    bool is_checked_ = false;
};

namespace detail {

struct json_access {
    [[nodiscard]] static json checked(std::string text) { return {std::move(text), true}; }
    [[nodiscard]] static json checked(std::string_view text) { return {text, true}; }
    [[nodiscard]] static bool is_checked(json const& document) { return document.is_checked_; }
};

}  // namespace detail

}  // namespace sark
