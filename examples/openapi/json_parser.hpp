// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <system_error>

#include "json_text.hpp"

namespace openapi {

/// Reads JSON strictly: RFC 8259, no repeated keys, nothing that jsonb refuses or would change.
class json_parser {
public:
    explicit json_parser(json_text& out) : out_{out}, text_{out.text()} {}

    void run() {
        if (text_.size() > json_text::max_bytes)
            throw bad_input{printable(out_.name()) + ": the file has " + std::to_string(text_.size()) +
                            " bytes, more than the 256000000 that are read. Split it."};
        check_encoding();
        skip_space();
        if (at_ == text_.size()) fail(at_, "the file is empty. Give an OpenAPI document as JSON.");
        if (text_[at_] != '{' && is_yaml()) fail(at_, "this is YAML. Convert the document to JSON.");
        read_value(0, 0);
        skip_space();
        if (at_ != text_.size()) fail(at_, "something follows the end of the document.");
    }

private:
    [[noreturn]] void fail(std::size_t position, std::string const& sentence) const {
        throw bad_input{out_.place(position) + ": " + sentence};
    }

    void check_encoding() const {
        if (text_.starts_with("\xEF\xBB\xBF"))
            fail(0, "the file starts with a byte order mark, which JSON does not have. Save it as UTF-8 without one.");
        if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF"))
            fail(0, "the file is UTF-16. Save it as UTF-8.");
        for (std::size_t i = 0; i < text_.size();) {
            std::size_t const length = character_length(i);
            if (length == 0) fail(i, "the bytes here are not UTF-8.");
            i += length;
        }
    }

    /// Measures the character at `i`; 0 when it is none (RFC 3629: shortest form, no surrogates).
    [[nodiscard]] std::size_t character_length(std::size_t i) const {
        auto const byte = [&](std::size_t n) { return static_cast<unsigned char>(text_[i + n]); };
        unsigned char const first = byte(0);
        if (first < 0x80U) return 1;
        std::size_t const length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
        if (first < 0xC2U || first > 0xF4U || text_.size() - i < length) return 0;
        for (std::size_t n = 1; n < length; ++n)
            if ((byte(n) & 0xC0U) != 0x80U) return 0;
        if ((first == 0xE0U && byte(1) < 0xA0U) || (first == 0xEDU && byte(1) > 0x9FU)) return 0;
        if ((first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU)) return 0;
        return length;
    }

    /// Recognises a YAML document by a first line that is no JSON and a member in YAML's way.
    [[nodiscard]] bool is_yaml() const {
        for (std::string_view key : {"openapi:", "swagger:"})
            for (std::size_t i = text_.find(key); i != std::string_view::npos; i = text_.find(key, i + 1))
                if (i == 0 || text_[i - 1] == '\n') return true;
        return text_.substr(at_).starts_with("---") || text_.substr(at_).starts_with("%YAML");
    }

    [[nodiscard]] bool ended() const { return at_ == text_.size(); }
    [[nodiscard]] char here() const { return ended() ? '\0' : text_[at_]; }

    void skip_space() {
        while (!ended() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
    }

    [[noreturn]] void fail_here(std::string_view expected) const {
        if (ended()) fail(at_, "the file ends too early: " + std::string{expected} + " is missing.");
        fail(at_, "this is not JSON: " + std::string{expected} + " is expected.");
    }

    std::uint32_t read_value(std::size_t depth, std::uint32_t key_begin, std::uint32_t key_end = 0) {
        auto const self = static_cast<std::uint32_t>(out_.records_.size());
        out_.records_.push_back({.key_begin = key_begin, .key_end = key_end, .begin = position()});
        auto const finish = [&](kind what) {
            out_.records_[self].what = what;
            out_.records_[self].end = position();
            return self;
        };
        switch (here()) {
            case '{': return read_object(self, depth), finish(kind::object);
            case '[': return read_array(self, depth), finish(kind::array);
            case '"': return read_string(), finish(kind::string);
            case 't': return read_word("true"), finish(kind::boolean);
            case 'f': return read_word("false"), finish(kind::boolean);
            case 'n': return read_word("null"), finish(kind::null);
            default: break;
        }
        if (here() != '-' && !is_digit(here())) fail_here("a value");
        return read_number(), finish(kind::number);
    }

    void enter(std::size_t depth) {
        if (depth == json_text::max_depth)
            fail(at_, "the document is nested more than " + std::to_string(json_text::max_depth) + " levels deep.");
        ++at_;
        skip_space();
    }

    void read_array(std::uint32_t self, std::size_t depth) {
        enter(depth);
        if (here() == ']') return void(++at_);
        for (std::uint32_t last = 0;;) {
            last = link(self, last, read_value(depth + 1, 0));
            if (!goes_on(']')) return;
        }
    }

    void read_object(std::uint32_t self, std::size_t depth) {
        enter(depth);
        if (here() == '}') return void(++at_);
        for (std::uint32_t last = 0;;) {
            if (here() != '"') fail_here("a key in quotes");
            std::uint32_t const key = position() + 1;
            read_string();
            std::uint32_t const key_end = position() - 1;
            skip_space();
            if (here() != ':') fail_here("a colon");
            ++at_;
            skip_space();
            last = link(self, last, read_value(depth + 1, key, key_end));
            if (!goes_on('}')) break;
        }
        refuse_repeated_keys({out_, self});
    }

    std::uint32_t link(std::uint32_t parent, std::uint32_t last, std::uint32_t child) {
        if (last == 0)
            out_.records_[parent].has_children = true;
        else
            out_.records_[last].next = child;
        return child;
    }

    /// Reads what follows an item: a comma, or the end, for which it returns false.
    bool goes_on(char end) {
        skip_space();
        if (here() == end) return ++at_, false;
        if (here() != ',') fail_here(end == '}' ? "a comma or a closing brace" : "a comma or a closing bracket");
        ++at_;
        skip_space();
        return true;
    }

    void refuse_repeated_keys(value object) {
        keys_.clear();
        for (value const member : object) keys_.emplace_back(member.key(), member.raw_key().data() - text_.data());
        std::sort(keys_.begin(), keys_.end());
        for (std::size_t i = 1; i < keys_.size(); ++i)
            if (keys_[i - 1].first == keys_[i].first)
                fail(static_cast<std::size_t>(keys_[i].second),
                     "the key \"" + printable(keys_[i].first) + "\" stands twice in one object. Remove one of them.");
    }

    void read_word(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) fail_here("a value");
        at_ += word.size();
    }

    void read_string() {
        std::size_t const start = at_++;
        for (;;) {
            if (ended()) fail(start, "the file ends inside of the string that begins here.");
            char const c = text_[at_];
            if (c == '"') return void(++at_);
            if (static_cast<unsigned char>(c) < 0x20U)
                fail(at_, "a string has a control character. Write it as an escape.");
            at_ += c == '\\' ? escape_length() : 1;
        }
    }

    /// Measures the escape here; both halves of a surrogate pair are one.
    [[nodiscard]] std::size_t escape_length() const {
        char const letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (letter != 'u') {
            if (letter == '\0' || std::string_view{"\"\\/bfnrt"}.find(letter) == std::string_view::npos)
                fail(at_, "this is not an escape of JSON.");
            return 2;
        }
        std::uint32_t const code = code_unit(at_);
        if (code == 0) fail(at_, "a string has the escape \\u0000, which PostgreSQL cannot hold.");
        if (code < 0xD800U || code > 0xDFFFU) return 6;
        std::uint32_t const second = code < 0xDC00U && text_.substr(at_ + 6, 2) == "\\u" ? code_unit(at_ + 6) : 0;
        if (second < 0xDC00U || second > 0xDFFFU) fail(at_, "a string has one half of a surrogate pair.");
        return 12;
    }

    [[nodiscard]] std::uint32_t code_unit(std::size_t escape) const {
        std::uint32_t code = 0;
        for (std::size_t i = escape + 2; i < escape + 6; ++i) {
            char const c = i < text_.size() ? text_[i] : '\0';
            bool const letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!letter && !is_digit(c)) fail(escape, "this is not an escape of JSON.");
            code = code * 16U + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return code;
    }

    [[nodiscard]] static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    std::size_t read_digits() {
        std::size_t const start = at_;
        while (is_digit(here())) ++at_;
        if (at_ == start) fail_here("a digit");
        return at_ - start;
    }

    /// Reads a number, and refuses one that PostgreSQL could not hold to the last digit, or that is too large for the
    /// readers of JSON that use a double: nobody could read the row.
    void read_number() {
        std::size_t const start = at_;
        if (here() == '-') ++at_;
        std::size_t const first = at_;
        auto before = static_cast<long long>(read_digits());
        if (text_[first] == '0' && before > 1) fail(start, "a number begins with 0.");
        long long after = 0;
        if (here() == '.') {
            ++at_;
            after = static_cast<long long>(read_digits());
        }
        if (here() == 'e' || here() == 'E') {
            ++at_;
            bool const negative = here() == '-';
            if (negative || here() == '+') ++at_;
            long long exponent = 0;
            std::size_t const digits = at_;
            read_digits();
            for (char c : text_.substr(digits, at_ - digits))
                if (exponent < 1'000'000) exponent = exponent * 10 + (c - '0');
            before += negative ? -exponent : exponent;
            after -= negative ? -exponent : exponent;
        }
        double as_double = 0;
        auto const read = std::from_chars(text_.data() + start, text_.data() + at_, as_double);
        if (after > 16'383 || (read.ec == std::errc::result_out_of_range && before > 0))
            fail(start, "a number is too large or has too many digits to be stored. Write it as a string.");
    }

    [[nodiscard]] std::uint32_t position() const { return static_cast<std::uint32_t>(at_); }

    json_text& out_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::pair<std::string, std::ptrdiff_t>> keys_;
};

inline json_text::json_text(std::string name, std::string text) : name_{std::move(name)}, text_{std::move(text)} {
    json_parser{*this}.run();
}

}  // namespace openapi
