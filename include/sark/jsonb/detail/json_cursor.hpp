// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sark/codec/json_text.hpp>
#include <sark/jsonb/tree.hpp>

namespace sark::detail {

/// Walks over a text that passed the guard, so nothing is checked twice: every value is a slice of the text.
class json_cursor {
public:
    explicit json_cursor(std::string_view text) : at_{text.data()}, end_{text.data() + text.size()} { skip_space(); }

    [[nodiscard]] bool at_end() const { return at_ == end_; }
    [[nodiscard]] char front() const { return *at_; }

    /// Takes a character with the space behind it, if it comes next.
    bool take(char c) {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        skip_space();
        return true;
    }

    /// Skips one value and the space behind it, and gives the value's text.
    std::string_view value() {
        char const* const start = at_;
        std::size_t depth = 0;
        do {
            switch (*at_) {
                case '"': skip_string(); break;
                case '{':
                case '[':
                    ++depth;
                    ++at_;
                    break;
                case '}':
                case ']':
                    --depth;
                    ++at_;
                    break;
                case ',':
                case ':':
                case ' ':
                case '\n':
                case '\t':
                case '\r': ++at_; break;
                default: skip_word();
            }
        } while (depth != 0);
        std::string_view const text{start, static_cast<std::size_t>(at_ - start)};
        skip_space();
        return text;
    }

    /// Skips a name, its colon and the space behind it; gives the name as it is spelled, without quotes.
    std::string_view name() {
        std::string_view const quoted = value();
        take(':');
        return quoted.substr(1, quoted.size() - 2);
    }

private:
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }
    void skip_word() {
        while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']' && *at_ != ' ' && *at_ != '\n' &&
               *at_ != '\t' && *at_ != '\r')
            ++at_;
    }
    void skip_string() {
        for (++at_;;) {
            at_ = skip_plain(at_, end_);
            if (*at_ == '"') break;
            at_ += *at_ == '\\' ? 2 : 1;
        }
        ++at_;
    }

    char const* at_;
    char const* end_;
};

[[nodiscard]] inline json_kind kind_of(std::string_view value) {
    switch (value.front()) {
        case '{': return json_kind::object;
        case '[': return json_kind::array;
        case '"': return json_kind::string;
        case 't':
        case 'f': return json_kind::boolean;
        case 'n': return json_kind::null;
        default: return json_kind::number;
    }
}

/// Gives what a spelled name or string means; `scratch` holds it where it has escapes.
[[nodiscard]] inline std::string_view unescaped(std::string_view spelled, std::string& scratch) {
    if (spelled.find('\\') == std::string_view::npos) return spelled;
    scratch.clear();
    append_unescaped(scratch, spelled);
    return scratch;
}

[[nodiscard]] inline std::string text_of_string(std::string_view quoted) {
    std::string text;
    append_unescaped(text, quoted.substr(1, quoted.size() - 2));
    return text;
}

}  // namespace sark::detail
