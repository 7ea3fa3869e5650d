// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sark/codec/error.hpp>
#include <sark/codec/json_guard.hpp>
#include <sark/codec/json_outline.hpp>
#include <sark/codec/json_text.hpp>
#include <sark/jsonb/tree.hpp>

namespace sark::detail {

/// Gives what a spelled name or string means; `scratch` holds it where it has escapes.
[[nodiscard]] inline std::string_view unescaped(std::string_view spelled, bool has_escapes, std::string& scratch) {
    if (!has_escapes) return spelled;
    scratch.clear();
    append_unescaped(scratch, spelled);
    return scratch;
}

/// Is a text that passed the guard, with the places of its values.
class json_source {
public:
    /// @throws error of the guard
    json_source(std::string_view text, json_limits const& limits) : text_{text} {
        if (json_complaint const c = json_scanner{text, limits, &outline_}.run(); c.what != nullptr)
            throw error{"sark: the document" + words_of(c, text)};
    }

    [[nodiscard]] json_outline::mark const& operator[](std::uint32_t at) const { return outline_[at]; }
    [[nodiscard]] char const* data() const { return text_.data(); }

private:
    std::string_view text_;
    json_outline outline_;
};

/// Is one value of a source, or the name before one: a slice of the text, so nothing is read twice.
class json_part {
public:
    json_part() = default;  ///< no value
    json_part(json_source const& of, std::uint32_t at) : of_{&of}, at_{at} {}

    [[nodiscard]] bool is_absent() const { return of_ == nullptr; }
    [[nodiscard]] char front() const { return of_->data()[mark().begin]; }
    [[nodiscard]] json_kind kind() const {
        switch (front()) {
            case '{': return json_kind::object;
            case '[': return json_kind::array;
            case '"': return json_kind::string;
            case 't':
            case 'f': return json_kind::boolean;
            case 'n': return json_kind::null;
            default: return json_kind::number;
        }
    }

    /// Gives the value as it is spelled.
    [[nodiscard]] std::string_view text() const { return {of_->data() + mark().begin, mark().end - mark().begin}; }

    /// Gives the text of a string or name; `scratch` holds it where it has escapes.
    [[nodiscard]] std::string_view content(std::string& scratch) const {
        std::string_view const quoted = text();
        return unescaped(quoted.substr(1, quoted.size() - 2), mark().has_escapes, scratch);
    }
    [[nodiscard]] std::string content() const {
        std::string_view const quoted = text();
        std::string_view const spelled = quoted.substr(1, quoted.size() - 2);
        if (!mark().has_escapes) return std::string{spelled};
        std::string text;
        append_unescaped(text, spelled);
        return text;
    }

    /// Gives what an array or object begins with; `behind()` of the array or object when it is empty.
    [[nodiscard]] json_part inside() const { return {*of_, at_ + 1}; }
    /// Gives what stands behind: the next element, the next name, the value behind a name.
    [[nodiscard]] json_part behind() const { return {*of_, mark().behind}; }

    [[nodiscard]] bool operator==(json_part const& other) const { return at_ == other.at_; }

    /// Counts the elements of an array.
    [[nodiscard]] std::size_t elements() const {
        std::size_t count = 0;
        for (json_part i = inside(); i != behind(); i = i.behind()) ++count;
        return count;
    }

private:
    [[nodiscard]] json_outline::mark const& mark() const { return (*of_)[at_]; }

    json_source const* of_ = nullptr;
    std::uint32_t at_ = 0;
};

}  // namespace sark::detail
