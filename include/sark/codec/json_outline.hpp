// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace sark::detail {

/// Remembers where the values of a document stand, noted by the guard while it reads, so nobody has to read it again.
///
/// Documents of a hundred values take no memory but the object's own.
class json_outline {
public:
    static constexpr std::size_t most_bytes = 0xFFFF'FFFFU;

    /// Is where a value, or the name before one, begins and ends in the text, and which mark stands behind it.
    struct mark {
        std::uint32_t begin;
        std::uint32_t end;
        std::uint32_t behind;
        bool has_escapes;
    };

    json_outline() = default;
    json_outline(json_outline const&) = delete;
    json_outline& operator=(json_outline const&) = delete;

    /// Notes a value without parts, or a name.
    void add(std::size_t begin, std::size_t end, bool has_escapes = false) {
        if (size_ == capacity_) grow();
        marks_[size_] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), size_ + 1, has_escapes};
        ++size_;
    }
    /// Notes the beginning of an array or object; returns its number for `close`.
    [[nodiscard]] std::uint32_t open(std::size_t begin) {
        add(begin, begin);
        return size_ - 1;
    }
    void close(std::uint32_t opened, std::size_t end) {
        marks_[opened].end = static_cast<std::uint32_t>(end);
        marks_[opened].behind = size_;
    }

    [[nodiscard]] mark const& operator[](std::uint32_t at) const { return marks_[at]; }

private:
    void grow() {
        std::vector<mark> bigger(std::size_t{2} * capacity_);
        std::memcpy(bigger.data(), marks_, size_ * sizeof(mark));
        more_ = std::move(bigger);
        marks_ = more_.data();
        capacity_ *= 2;
    }

    std::array<mark, 128> own_;  // written before it is read
    std::vector<mark> more_;
    mark* marks_ = own_.data();
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 128;
};

}  // namespace sark::detail
