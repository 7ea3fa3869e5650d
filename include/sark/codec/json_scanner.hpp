// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/codec/json_outline.hpp>
#include <sark/codec/json_text.hpp>

namespace sark {

/// Bounds what a document may ask of the program, of the server, and of whoever reads it next.
struct json_limits {
    std::size_t depth = 128;  ///< never more than 1,000: the server's stack ends at some thousands
    std::size_t bytes = 16 * 1024 * 1024;
    std::size_t values = 1'000'000;     ///< scalars, arrays and objects together
    std::size_t key_bytes = 65'536;     ///< of one name
    std::size_t digits = 147'455;       ///< of one number written without an exponent; numeric holds no more
    bool refuse_repeated_keys = false;  ///< instead of keeping the last one, as jsonb does

    bool operator==(json_limits const&) const = default;
};

/// Bounds what is sent: `1e131071` is eight characters here and 131,072 digits in the server, and a repeated key loses
/// one of its values there.
inline constexpr json_limits sending_limits{.digits = 1'000, .refuse_repeated_keys = true};

namespace detail {

/// Says what is wrong with a document and where; `what` is null when nothing is.
struct json_complaint {
    char const* what = nullptr;
    std::size_t position = 0;
    bool is_syntax = false;     ///< nothing after the position has a meaning, and before it there may be no path
    std::size_t limit = 0;      ///< takes the place of # in `what`
    std::string_view key = {};  ///< a key that stood twice, as it is spelled
};

/// Reads a document once from front to back, without recursion and without memory for small ones.
///
/// With an outline it notes where the values stand, for whoever reads a good document next.
class json_scanner {
public:
    static constexpr std::size_t hard_depth = 1'000;

    json_scanner(std::string_view text, json_limits const& limits, json_outline* outline = nullptr)
        : begin_{text.data()}, at_{text.data()}, end_{text.data() + text.size()}, limits_{limits}, outline_{outline} {
        if (outline_ != nullptr && limits_.bytes > json_outline::most_bytes) limits_.bytes = json_outline::most_bytes;
    }

    [[nodiscard]] json_complaint run() {
        if (static_cast<std::size_t>(end_ - begin_) > limits_.bytes)
            return {"has more bytes than the # that are allowed", 0, false, limits_.bytes};
        if (std::string_view{begin_, end_}.starts_with("\xEF\xBB\xBF"))
            return {"begins with a byte order mark", 0, true};
        if (document()) {
            skip_space();
            if (at_ != end_) refuse_syntax("something follows the end of the document");
        }
        return complaint_;
    }

private:
    struct frame {
        std::uint32_t first_key;
        std::uint32_t mark;
        bool is_object;
    };
    /// Is a view that is not set to zero before it is written.
    struct slice {
        char const* data;
        std::size_t size;

        [[nodiscard]] std::string_view view() const { return {data, size}; }
    };
    struct seen_key {
        slice name;  // without escapes
        slice spelled;

        [[nodiscard]] bool operator==(seen_key const& other) const { return name.view() == other.name.view(); }
        [[nodiscard]] bool operator<(seen_key const& other) const { return name.view() < other.name.view(); }
    };

    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }

    bool refuse_syntax(char const* what) {
        // At the end every expectation is the same one: that there is more.
        complaint_ = {at_ == end_ ? "the text ends early" : what, position(), true};
        return false;
    }
    bool refuse(char const* what, std::size_t limit = 0) {
        complaint_ = {what, position(), false, limit};
        return false;
    }

    [[gnu::always_inline]] void skip_space() {  // nearly always one space or none
        while (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ' &&
               (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r'))
            ++at_;
    }

    /// Tells the outline of what began there and ends here.
    [[gnu::always_inline]] void note(char const* start) {
        if (outline_ != nullptr) outline_->add(static_cast<std::size_t>(start - begin_), position(), has_escapes_);
    }

    bool document() {
        skip_space();
        for (;;) {
            // A value begins here.
            if (++values_ > limits_.values)
                return refuse("has more values than the # that are allowed", limits_.values);
            if (at_ == end_) return refuse_syntax("");
            char const c = *at_;
            if (c == '{' || c == '[') {
                if (depth_ >= limits_.depth || depth_ >= hard_depth)
                    return refuse("is nested more than # levels deep",
                                  limits_.depth < hard_depth ? limits_.depth : hard_depth);
                std::uint32_t const mark = outline_ == nullptr ? 0 : outline_->open(position());
                ++at_;
                frames_[depth_++] = {static_cast<std::uint32_t>(count_), mark, c == '{'};
                skip_space();
                if (at_ != end_ && *at_ == (c == '{' ? '}' : ']')) {
                    ++at_;
                    if (!close()) return false;
                } else {
                    if (c == '{' && !name()) return false;
                    continue;
                }
            } else {
                char const* const start = at_;
                has_escapes_ = false;
                if (c == '"') {
                    if (!string()) return false;
                } else if (c == '-' || (c >= '0' && c <= '9')) {
                    if (!number()) return false;
                } else if (!word()) {
                    return false;
                }
                note(start);
            }
            // A value has ended: what follows depends on what it stands in.
            for (;;) {
                if (depth_ == 0) return true;
                skip_space();
                if (at_ == end_) return refuse_syntax("");
                bool const in_object = frames_[depth_ - 1].is_object;
                if (*at_ == ',') {
                    ++at_;
                    skip_space();
                    if (in_object && !name()) return false;
                    break;
                }
                if (*at_ != (in_object ? '}' : ']'))
                    return refuse_syntax(in_object ? "a comma or a closing brace is missing"
                                                   : "a comma or a closing bracket is missing");
                ++at_;
                if (!close()) return false;
            }
        }
    }

    bool close() {
        frame const closed = frames_[--depth_];
        if (outline_ != nullptr) outline_->close(closed.mark, position());
        if (!closed.is_object || !limits_.refuse_repeated_keys) return true;
        seen_key* const first = keys_begin() + closed.first_key;
        std::size_t const n = count_ - closed.first_key;
        count_ = closed.first_key;
        seen_key const* repeated = nullptr;
        if (n <= 12) {
            for (std::size_t i = 1; i < n && repeated == nullptr; ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (first[i] == first[j]) repeated = &first[i];
        } else {
            sort(first, n);
            for (std::size_t i = 1; i < n && repeated == nullptr; ++i)
                if (first[i] == first[i - 1]) repeated = &first[i];
        }
        if (overflowed_) more_keys_.resize(count_);
        if (repeated == nullptr) return true;
        complaint_ = {"has a key twice", position() - 1, false, 0, repeated->spelled.view()};
        return false;
    }

    /// Sorts a heap: never quadratic, whatever the names, and without <algorithm>, which every query would include.
    static void sort(seen_key* keys, std::size_t n) {
        auto const sink = [&](std::size_t root, std::size_t end) {
            for (std::size_t child = 2 * root + 1; child < end; child = 2 * root + 1) {
                if (child + 1 < end && keys[child] < keys[child + 1]) ++child;
                if (!(keys[root] < keys[child])) return;
                std::swap(keys[root], keys[child]);
                root = child;
            }
        };
        for (std::size_t root = n / 2; root-- > 0;) sink(root, n);
        for (std::size_t end = n; end-- > 1;) {
            std::swap(keys[0], keys[end]);
            sink(0, end);
        }
    }

    seen_key* keys_begin() { return overflowed_ ? more_keys_.data() : keys_.data(); }

    bool name() {
        if (at_ == end_ || *at_ != '"') return refuse_syntax("a name in double quotes is missing");
        char const* const start = at_;
        has_escapes_ = false;
        if (!string()) return false;
        slice const spelled{start + 1, static_cast<std::size_t>(at_ - start - 2)};
        if (spelled.size > limits_.key_bytes) {
            at_ = start;
            return refuse("has a key of more bytes than the # that are allowed", limits_.key_bytes);
        }
        if (limits_.refuse_repeated_keys) remember(spelled);
        note(start);
        skip_space();
        if (at_ == end_ || *at_ != ':') return refuse_syntax("a colon is missing");
        ++at_;
        skip_space();
        return true;
    }

    void remember(slice spelled) {
        seen_key key{spelled, spelled};
        if (has_escapes_) {
            std::string name;
            append_unescaped(name, spelled.view());
            unescaped_.emplace_back(name.begin(), name.end());  // whose buffer stays where it is
            key.name = {unescaped_.back().data(), unescaped_.back().size()};
        }
        if (!overflowed_ && count_ == keys_.size()) {
            more_keys_.assign(keys_.begin(), keys_.end());
            overflowed_ = true;
        }
        if (overflowed_)
            more_keys_.push_back(key);
        else
            keys_[count_] = key;
        ++count_;
    }

    bool word() {
        std::string_view const w = *at_ == 't' ? "true" : *at_ == 'f' ? "false" : "null";
        if (!std::string_view{at_, end_}.starts_with(w)) return refuse_syntax("a value is missing");
        at_ += w.size();
        return true;
    }

    /// Reads a string from its opening quote to behind its closing one.
    bool string() {
        ++at_;
        for (;;) {
            at_ = skip_plain(at_, end_);
            if (at_ == end_) return refuse_syntax("");
            auto const byte = static_cast<unsigned char>(*at_);
            if (byte == '"') {
                ++at_;
                return true;
            }
            if (byte == '\\') {
                if (!escape()) return false;
            } else if (byte < 0x20U) {
                return refuse_syntax("a control character stands in a string without an escape");
            } else {
                std::size_t const size = utf8_sequence(at_, end_);
                if (size == 0) {
                    complaint_ = {"bytes that are not UTF-8", position(), true};
                    return false;
                }
                at_ += size;
            }
        }
    }

    bool escape() {
        if (end_ - at_ < 2) return at_ = end_, refuse_syntax("");
        has_escapes_ = true;
        char const kind = at_[1];
        if (kind != 'u') {
            if (std::string_view{"\"\\/bfnrt"}.find(kind) == std::string_view::npos)
                return refuse_syntax("an escape that JSON does not have");
            at_ += 2;
            return true;
        }
        int const unit = hex_unit(at_ + 2, end_);
        if (unit < 0) return refuse_syntax("an escape of a character without its four digits");
        if (unit == 0) return refuse("has the escape \\u0000, which jsonb cannot hold");
        if (unit >= 0xDC00 && unit <= 0xDFFF) return refuse_syntax("half of a character, a single low surrogate");
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            int const low = end_ - at_ >= 12 && at_[6] == '\\' && at_[7] == 'u' ? hex_unit(at_ + 8, end_) : -1;
            if (low < 0xDC00 || low > 0xDFFF) return refuse_syntax("half of a character, a single high surrogate");
            at_ += 6;
        }
        at_ += 6;
        return true;
    }

    std::size_t count_digits() {
        char const* const start = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
        return static_cast<std::size_t>(at_ - start);
    }

    bool number() {
        char const* const start = at_;
        if (*at_ == '-') ++at_;
        char const* const whole = at_;
        std::size_t const whole_digits = count_digits();
        if (whole_digits == 0) return refuse_syntax("a digit is missing");
        if (whole_digits > 1 && *whole == '0')
            return at_ = whole, refuse_syntax("a number begins with a zero too many");
        std::size_t decimals = 0;
        if (at_ != end_ && *at_ == '.') {
            ++at_;
            decimals = count_digits();
            if (decimals == 0) return refuse_syntax("a digit is missing");
        }
        long long exponent = 0;
        char const* const digits_end = at_;
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            ++at_;
            bool const negative = at_ != end_ && *at_ == '-';
            if (at_ != end_ && (*at_ == '-' || *at_ == '+')) ++at_;
            char const* const first = at_;
            if (count_digits() == 0) return refuse_syntax("a digit is missing");
            for (char const* d = first; d != at_ && exponent < 1'000'000'000'000LL; ++d)
                exponent = exponent * 10 + (*d - '0');
            if (negative) exponent = -exponent;
        } else if (whole_digits + decimals <= 16) {
            return true;  // nearly every number
        }
        // What the server keeps: digits before the point from the first that is not zero, and all after it.
        long long before = static_cast<long long>(whole_digits) + exponent;
        char const* d = whole;
        for (; d != digits_end && (*d == '0' || *d == '.'); ++d)
            if (*d == '0') --before;
        bool const is_zero = d == digits_end;
        if (is_zero || before < 0) before = 0;
        long long const after = static_cast<long long>(decimals) > exponent
                                    ? static_cast<long long>(decimals) - exponent
                                    : 0;
        at_ = before > max_whole_digits || after > max_decimals ||
                      before + after > static_cast<long long>(limits_.digits)
                  ? start
                  : at_;
        if (after > max_decimals)
            return refuse("has a number with more decimals than the # that jsonb holds", max_decimals);
        if (before > max_whole_digits)
            return refuse("has a number with more digits than the # that jsonb holds", max_whole_digits);
        if (at_ == start) return refuse("has a number with more digits than the # that are allowed", limits_.digits);
        return true;
    }

    // Of PostgreSQL's numeric: NUMERIC_WEIGHT_MAX and NUMERIC_DSCALE_MAX in numeric.c.
    static constexpr long long max_whole_digits = 131'072;
    static constexpr long long max_decimals = 16'383;

    char const* begin_;
    char const* at_;
    char const* end_;
    json_limits limits_;
    json_outline* outline_;
    bool has_escapes_ = false;  // the string that was read last
    json_complaint complaint_;
    std::size_t values_ = 0;
    std::size_t depth_ = 0;
    std::size_t count_ = 0;
    bool overflowed_ = false;
    std::array<frame, hard_depth> frames_;  // written before they are read
    std::array<seen_key, 48> keys_;
    std::vector<seen_key> more_keys_;
    std::vector<std::vector<char>> unescaped_;
};

}  // namespace detail
}  // namespace sark
