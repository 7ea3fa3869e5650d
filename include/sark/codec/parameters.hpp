// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/codec/error.hpp>

namespace sark {

/// The longest text a parameter can be: what fits into one field of the server.
inline constexpr std::size_t max_text_bytes = 1'073'741'823;

namespace detail {

/// Gives the length of the well-formed UTF-8 prefix: the whole size for well-formed text.
///
/// Source: table 3-7 of the Unicode standard (no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] constexpr std::size_t utf8_prefix(std::string_view s) {
    std::size_t i = 0;
    while (i < s.size()) {
        if (!std::is_constant_evaluated()) {
            // Most texts are ASCII: eight bytes at a time while none has its highest bit.
            std::uint64_t eight = 0;
            while (i + sizeof eight <= s.size()) {
                std::memcpy(&eight, s.data() + i, sizeof eight);
                if ((eight & 0x8080'8080'8080'8080U) != 0) break;
                i += sizeof eight;
            }
            if (i == s.size()) break;
        }
        auto const byte = [&](std::size_t n) -> unsigned {
            return i + n < s.size() ? static_cast<unsigned char>(s[i + n]) : 0U;
        };
        auto const continues = [&](std::size_t n) { return (byte(n) & 0xC0U) == 0x80U; };
        unsigned const lead = byte(0);
        if (lead < 0x80U) {
            ++i;
        } else if (lead >= 0xC2U && lead <= 0xDFU && continues(1)) {
            i += 2;
        } else if (lead >= 0xE0U && lead <= 0xEFU && continues(1) && continues(2) &&
                   !(lead == 0xE0U && byte(1) < 0xA0U) && !(lead == 0xEDU && byte(1) > 0x9FU)) {
            i += 3;
        } else if (lead >= 0xF0U && lead <= 0xF4U && continues(1) && continues(2) && continues(3) &&
                   !(lead == 0xF0U && byte(1) < 0x90U) && !(lead == 0xF4U && byte(1) > 0x8FU)) {
            i += 4;
        } else {
            return i;
        }
    }
    return i;
}

static_assert(utf8_prefix("a\xC3\xA9z") == 4 && utf8_prefix("a\xC0\x80") == 1 && utf8_prefix("\xED\xA0\x80") == 0);

/// Tells whether a text is ASCII without a NUL, as most are; others have to be looked at.
[[nodiscard]] inline bool is_plain_ascii(std::string_view s) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t tops = 0x8080'8080'8080'8080U;
    std::uint64_t bad = 0;
    char const* at = s.data();
    std::size_t left = s.size();
    std::uint64_t eight = 0;
    // A byte that is 0 or above 0x7F has its highest bit, before or after 1 is taken away.
    for (; left >= sizeof eight && bad == 0; at += sizeof eight, left -= sizeof eight) {
        std::memcpy(&eight, at, sizeof eight);
        bad = ((eight - ones) | eight) & tops;
    }
    for (; left > 0; ++at, --left) bad |= static_cast<signed char>(*at) <= 0 ? 1U : 0U;
    return bad == 0;
}

/// Says what is wrong with a text: an empty string when nothing is.
[[nodiscard]] inline std::string complaint_about(std::string_view text) {
    // Before the bytes are read, for there may be many.
    if (text.size() > max_text_bytes)
        return " has " + std::to_string(text.size()) +
               " bytes, more than a field of PostgreSQL holds. Split it or store it as a large object.";
    if (is_plain_ascii(text)) return {};
    if (std::size_t const nul = text.find('\0'); nul != std::string_view::npos)
        return " has a NUL byte at offset " + std::to_string(nul) +
               ", which PostgreSQL text cannot hold. Remove it or store the value as bytea.";
    if (std::size_t const good = utf8_prefix(text); good != text.size())
        return " is not UTF-8 at byte " + std::to_string(good) + ". Convert it to UTF-8 or store it as bytea.";
    return {};
}

/// The gate every text passes: the protocol would cut it at a NUL, the server refuses broken UTF-8 only later.
inline void check_text(std::string_view text, std::string_view what = "a text value") {
    if (std::string const complaint = complaint_about(text); !complaint.empty())
        throw error{std::string{"sark: "}.append(what).append(complaint)};
}

/// Names the column whose value a parameter is; `index` counts from 0, and a name may be empty.
struct column_name {
    std::string_view table;
    std::string_view column;
};
using name_parameter = column_name (*)(std::size_t index);

}  // namespace detail

/// Collects the parameters of one statement in text form.
///
/// Short encoded values go into a buffer inside of the object; strings of the caller are borrowed, not copied. Neither
/// allocates.
class parameters {
public:
    parameters() = default;
    parameters(parameters const&) = delete;
    parameters& operator=(parameters const&) = delete;

    void add_null() { add(nullptr); }

    /// Adds a text that outlives the statement and is followed by a zero.
    void add_borrowed(std::string const& text) {
        check(text);
        bytes_ += text.size();
        add(text.c_str());
    }

    /// Adds a text that outlives the statement and was found to be plain UTF-8 without a NUL.
    void add_borrowed_trusted(std::string const& text) { add(text.c_str()); }

    /// Adds a copy of a text.
    void add_text(std::string_view text) {
        check(text);
        add_trusted(text);
    }

    /// Adds a copy of a text that an encoder made and that is plain by construction.
    void add_trusted(std::string_view text) {
        bytes_ += text.size();
        char* place = allocate(text.size() + 1);
        if (!text.empty()) std::memcpy(place, text.data(), text.size());
        place[text.size()] = '\0';
        add(place);
    }

    /// Refuses the next parameter, whose text has a complaint, by the name of its column where it has one.
    [[noreturn]] void refuse(std::string const& complaint) const {
        detail::column_name const named = name_ == nullptr ? detail::column_name{} : name_(size_);
        if (named.column.empty()) throw error{"sark: the text of parameter $" + std::to_string(size_ + 1) + complaint};
        std::string sentence{"sark: the text for column "};
        sentence.append(named.table).append(".").append(named.column).append(complaint);
        throw error{sentence, {.table = std::string{named.table}, .column = std::string{named.column}}};
    }

    /// Makes messages about a text name its column, for statements whose parameters are columns.
    void name_by(detail::name_parameter name) noexcept { name_ = name; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Counts the bytes of all values.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] char const* const* values() const noexcept {
        return overflow_.empty() ? inline_.data() : overflow_.data();
    }

private:
    void check(std::string_view text) const {
        if (text.size() <= max_text_bytes && detail::is_plain_ascii(text)) return;
        if (std::string const complaint = detail::complaint_about(text); !complaint.empty()) refuse(complaint);
    }

    void add(char const* value) {
        if (size_ < inline_.size()) {
            inline_[size_] = value;
        } else {
            if (overflow_.empty()) overflow_.assign(inline_.begin(), inline_.end());
            overflow_.push_back(value);
        }
        ++size_;
    }

    char* allocate(std::size_t bytes) {
        if (bytes <= buffer_.size() - used_) {
            char* place = buffer_.data() + used_;
            used_ += bytes;
            return place;
        }
        return blocks_.emplace_back(bytes).data();
    }

    std::array<char const*, 72> inline_;  // 64 columns and a few conditions; written before it is read
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
    std::array<char, 512> buffer_;
    std::size_t used_ = 0;
    std::vector<char const*> overflow_;
    std::vector<std::vector<char>> blocks_;  // whose own buffers stay where they are
    detail::name_parameter name_ = nullptr;
};

}  // namespace sark
