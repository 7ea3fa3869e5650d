// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sark::sql {

/// Writes SQL text: without a buffer it only counts, with one it stores.
///
/// One write function runs twice, once to learn the size and once to fill an array of exactly that size. A
/// `constexpr std::string` would be shorter but is no constant expression on Clang with libstdc++ 12
/// (docs/decisions/0002-text-in-two-passes.md).
class writer {
public:
    constexpr writer() = default;
    constexpr explicit writer(char* out) : out_{out} {}

    constexpr void put(std::string_view text) {
        if (out_ != nullptr)
            for (std::size_t i = 0; i < text.size(); ++i) out_[size_ + i] = text[i];
        size_ += text.size();
    }

    constexpr void put(char c) {
        if (out_ != nullptr) out_[size_] = c;
        ++size_;
    }

    constexpr void put_number(unsigned long long value) {
        char digits[20]{};
        std::size_t n = 0;
        do {
            digits[n++] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        while (n > 0) put(digits[--n]);
    }

    /// Writes the next placeholder: `$1`, `$2`, …
    constexpr void put_placeholder() {
        put('$');
        put_number(++placeholders_);
    }

    /// Writes `separator` before every call but the first that uses the same `first`.
    constexpr void put_separator(bool& first, std::string_view separator) {
        if (!first) put(separator);
        first = false;
    }

    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    [[nodiscard]] constexpr std::size_t placeholders() const { return placeholders_; }

private:
    char* out_ = nullptr;
    std::size_t size_ = 0;
    std::size_t placeholders_ = 0;
};

}  // namespace sark::sql
