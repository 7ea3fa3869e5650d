// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text.hpp"

namespace openapi {

// A file is read once and never copied: each value is a slice of its text. That keeps every digit of every number,
// tells the line of every mistake, and takes 24 bytes per value where a tree of strings takes 120.
// (`sark::parse_json` gives such a tree, and is the better choice for the documents in rows.)

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

namespace detail {

/// Is one value; its first child follows it directly.
struct record {
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t next = 0;  ///< the sibling after it, 0 for none
    kind what = kind::null;
    bool has_children = false;
};

[[nodiscard]] std::string decode_string(std::string_view inside);

}  // namespace detail

class json_text;

/// Refers to one value of a text, which must live longer.
class value {
public:
    value(json_text const& of, std::uint32_t index) : of_{&of}, index_{index} {}

    [[nodiscard]] kind what() const { return self().what; }
    [[nodiscard]] bool is(kind k) const { return what() == k; }
    [[nodiscard]] bool is_true() const { return raw() == "true"; }

    /// Gives the value as it stands in the file.
    [[nodiscard]] std::string_view raw() const { return slice(self().begin, self().end); }
    [[nodiscard]] std::size_t position() const { return self().begin; }
    /// Gives what a string says, without its quotes and escapes.
    [[nodiscard]] std::string text() const { return detail::decode_string(raw().substr(1, raw().size() - 2)); }
    /// Gives the key of a member of an object.
    [[nodiscard]] std::string key() const { return detail::decode_string(raw_key()); }
    [[nodiscard]] std::string_view raw_key() const { return slice(self().key_begin, self().key_end); }
    [[nodiscard]] bool has_key(std::string_view name) const {
        return raw_key().find('\\') == std::string_view::npos ? raw_key() == name : key() == name;
    }

    class iterator {
    public:
        iterator(json_text const* of, std::uint32_t at) : of_{of}, at_{at} {}
        value operator*() const { return {*of_, at_}; }
        iterator& operator++() {
            at_ = value{*of_, at_}.self().next;
            return *this;
        }
        bool operator!=(iterator const& other) const { return at_ != other.at_; }

    private:
        json_text const* of_;
        std::uint32_t at_;
    };
    /// Iterates over items of an array or members of an object; other values have none.
    [[nodiscard]] iterator begin() const { return {of_, self().has_children ? index_ + 1 : 0}; }
    [[nodiscard]] iterator end() const { return {of_, 0}; }
    [[nodiscard]] bool is_empty() const { return !self().has_children; }

    [[nodiscard]] std::optional<value> find(std::string_view name) const {
        if (is(kind::object))
            for (value const member : *this)
                if (member.has_key(name)) return member;
        return std::nullopt;
    }

    /// Gives the JSON pointer that leads here.
    [[nodiscard]] std::string pointer() const;

    /// Throws `file, line 3, column 5 (/paths): ` and the sentence.
    [[noreturn]] void fail(std::string const& sentence) const;

    [[nodiscard]] json_text const& document() const { return *of_; }
    friend bool operator==(value const& a, value const& b) { return a.of_ == b.of_ && a.index_ == b.index_; }
    friend bool operator<(value const& a, value const& b) { return a.index_ < b.index_; }

private:
    [[nodiscard]] detail::record const& self() const;
    [[nodiscard]] std::string_view slice(std::uint32_t begin, std::uint32_t end) const;

    json_text const* of_;
    std::uint32_t index_;
};

/// Holds a parsed text. Neither copied nor moved: its values point to it.
class json_text {
public:
    static constexpr std::size_t max_depth = 128;
    static constexpr std::size_t max_bytes = 256'000'000;  ///< jsonb holds a little more

    /// Parses a text; `name` is the file's, for the sentences.
    /// @throws bad_input for what is not JSON, for repeated keys, and for what jsonb could not hold
    json_text(std::string name, std::string text);
    json_text(json_text const&) = delete;
    json_text& operator=(json_text const&) = delete;

    [[nodiscard]] value root() const { return {*this, 0}; }
    [[nodiscard]] std::string const& name() const { return name_; }
    [[nodiscard]] std::string_view text() const { return text_; }

    /// Says `file, line 3, column 5`.
    [[nodiscard]] std::string place(std::size_t position) const {
        std::string_view const before = text().substr(0, position);
        auto const line = 1 + std::count(before.begin(), before.end(), '\n');
        std::size_t const start = before.rfind('\n');
        std::size_t const column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
        return printable(name_) + ", line " + std::to_string(line) + ", column " + std::to_string(column);
    }

private:
    friend class value;
    friend class json_parser;

    std::string name_;
    std::string text_;
    std::deque<detail::record> records_;
};

inline detail::record const& value::self() const { return of_->records_[index_]; }
inline std::string_view value::slice(std::uint32_t begin, std::uint32_t end) const {
    return of_->text().substr(begin, end - begin);
}

inline std::string value::pointer() const {
    std::string path;
    value at = of_->root();
    while (!(at == *this)) {
        std::size_t place = 0;
        for (value const child : at) {
            if (child.position() <= position() && position() < child.self().end) {
                path += '/';
                path += at.is(kind::array) ? std::to_string(place) : escaped_token(child.key());
                at = child;
                break;
            }
            ++place;
        }
    }
    return path;
}

inline void value::fail(std::string const& sentence) const {
    std::string const at = pointer();
    throw bad_input{of_->place(position()) + (at.empty() ? "" : " (" + printable(at, 300) + ")") + ": " + sentence};
}

inline std::string detail::decode_string(std::string_view inside) {
    std::string out;
    if (inside.find('\\') == std::string_view::npos) return out.append(inside), out;
    auto const hex = [&](std::size_t at) {
        std::uint32_t code = 0;
        for (char c : inside.substr(at, 4))
            code = code * 16U + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        return code;
    };
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] != '\\') {
            out += inside[i];
            continue;
        }
        char const escape = inside[++i];
        constexpr std::string_view letters = "bfnrt";
        if (escape != 'u') {
            std::size_t const letter = letters.find(escape);
            out += letter == std::string_view::npos ? escape : "\b\f\n\r\t"[letter];
            continue;
        }
        std::uint32_t code = hex(i + 1);
        i += 4;
        if (code >= 0xD800U && code < 0xDC00U) {
            code = 0x10000U + ((code - 0xD800U) << 10U) + (hex(i + 3) - 0xDC00U);
            i += 6;
        }
        auto const put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
        if (code < 0x80U) {
            put(code);
        } else if (code < 0x800U) {
            put(0xC0U | (code >> 6U));
            put(0x80U | (code & 0x3FU));
        } else if (code < 0x10000U) {
            put(0xE0U | (code >> 12U));
            put(0x80U | ((code >> 6U) & 0x3FU));
            put(0x80U | (code & 0x3FU));
        } else {
            put(0xF0U | (code >> 18U));
            put(0x80U | ((code >> 12U) & 0x3FU));
            put(0x80U | ((code >> 6U) & 0x3FU));
            put(0x80U | (code & 0x3FU));
        }
    }
    return out;
}

}  // namespace openapi

#include "json_parser.hpp"
