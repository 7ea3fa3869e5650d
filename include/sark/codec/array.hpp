// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>

namespace sark {

namespace detail {

/// Appends one element to the text of an array; every element is quoted, so none can end the array early.
inline void append_array_element(std::string& text, char const* value) {
    if (text.back() != '{') text += ',';
    if (value == nullptr) {
        text += "NULL";
        return;
    }
    text += '"';
    for (char const* c = value; *c != '\0'; ++c) {
        if (*c == '"' || *c == '\\') text += '\\';
        text += *c;
    }
    text += '"';
}

/// Walks the elements of a one-dimensional array's text.
class array_reader {
public:
    array_reader(std::string_view text, field_place const& place) : text_{text}, place_{place} {
        // A lower bound other than 1 is written before the elements: [0:1]={…}.
        if (text_.starts_with('[')) {
            std::size_t const equals = text_.find('=');
            text_.remove_prefix(equals == std::string_view::npos ? text_.size() : equals + 1);
        }
        if (!text_.starts_with('{') || !text_.ends_with('}')) refuse();
        text_ = text_.substr(1, text_.size() - 2);
        at_end_ = text_.empty();
    }

    [[nodiscard]] bool at_end() const { return at_end_; }

    /// Gives the next element, unquoted; nothing for NULL.
    std::optional<std::string> next() {
        std::string element;
        bool const quoted = text_.starts_with('"');
        std::size_t i = quoted ? 1 : 0;
        for (; i < text_.size(); ++i) {
            char const c = text_[i];
            if (quoted ? c == '"' : c == ',') break;
            if (!quoted && c == '{') refuse();
            if (c == '\\' && ++i == text_.size()) refuse();
            element += text_[i];
        }
        if (quoted) {
            if (i == text_.size()) refuse();
            ++i;
        }
        // The server quotes an empty text, so nothing between commas is no element.
        if ((!quoted && i == 0) || (i < text_.size() && text_[i] != ',')) refuse();
        at_end_ = i >= text_.size();
        text_.remove_prefix(at_end_ ? text_.size() : i + 1);
        if (!quoted && element == "NULL") return std::nullopt;
        return element;
    }

    [[noreturn]] static void refuse(field_place const& place) {
        refuse_field(place, "holds no array of one dimension", "Map it to std::string to keep its text.");
    }

private:
    [[noreturn]] void refuse() { refuse(place_); }

    std::string_view text_;
    field_place const& place_;
    bool at_end_ = false;
};

template <class T>
struct array_element {
    using type = T;
    static constexpr bool nullable = false;
};
template <class T>
struct array_element<std::optional<T>> {
    using type = T;
    static constexpr bool nullable = true;
};

/// Encodes any range of values as one array parameter.
template <class T, class Range>
void encode_array(parameters& out, Range const& values) {
    std::string text{"{"};
    for (auto const& value : values) {
        parameters one;
        codec<T>::encode(one, value);
        append_array_element(text, one.values()[0]);
    }
    text += '}';
    out.add_trusted(text);
}

}  // namespace detail

template <class T>
struct codec<std::vector<T>> {
    using element = detail::array_element<T>;

    static void encode(parameters& out, std::vector<T> const& values) {
        if constexpr (element::nullable) {
            std::string text{"{"};
            for (auto const& value : values) {
                parameters one;
                if (value)
                    codec<typename element::type>::encode(one, *value);
                else
                    one.add_null();
                detail::append_array_element(text, one.values()[0]);
            }
            text += '}';
            out.add_trusted(text);
        } else {
            detail::encode_array<T>(out, values);
        }
    }

    static constexpr bool reads_binary(std::uint32_t type) {
        std::uint32_t const of = detail::element_oid(type);
        return of != 0 && detail::reads_binary<typename element::type>(of);
    }

    static std::vector<T> decode(field const& f, field_place const& place) {
        if (f.is_binary) return from_binary(f, place);
        std::vector<T> values;
        detail::array_reader elements{f.text(), place};
        while (!elements.at_end()) {
            std::optional<std::string> const text = elements.next();
            if (!text) {
                add_null(values, place);
            } else {
                values.push_back(codec<typename element::type>::decode({text->c_str(), text->size(), false}, place));
            }
        }
        return values;
    }

private:
    static void add_null(std::vector<T>& values, field_place const& place) {
        if constexpr (element::nullable)
            values.push_back(std::nullopt);
        else
            detail::refuse_field(place, "holds an array with a NULL element", "Use std::vector<std::optional<T>>.");
    }

    /// Reads dimensions, a flag for NULLs, the type, then length and lower bound of each dimension, then the elements.
    static std::vector<T> from_binary(field const& f, field_place const& place) {
        std::string_view rest = f.text();
        auto const number = [&] {
            if (rest.size() < 4) detail::refuse_binary(place);
            auto const value = detail::read_network<std::int32_t>(rest.data());
            rest.remove_prefix(4);
            return value;
        };
        std::int32_t const dimensions = number();
        number();
        auto const type = static_cast<std::uint32_t>(number());
        std::vector<T> values;
        if (dimensions == 0 && rest.empty()) return values;
        if (dimensions != 1) detail::array_reader::refuse(place);
        std::int32_t const count = number();
        number();  // the lower bound: positions are no part of the value
        // Each element has at least its length, so no lie about the count reserves more than the message is long.
        if (count < 0 || static_cast<std::size_t>(count) > rest.size() / 4 ||
            !detail::reads_binary<typename element::type>(type))
            detail::refuse_binary(place);
        values.reserve(static_cast<std::size_t>(count));
        for (std::int32_t i = 0; i < count; ++i) {
            std::int32_t const size = number();
            if (size == -1) {
                add_null(values, place);
                continue;
            }
            if (size < 0 || static_cast<std::size_t>(size) > rest.size()) detail::refuse_binary(place);
            auto const bytes = static_cast<std::size_t>(size);
            values.push_back(codec<typename element::type>::decode(
                {.data = rest.data(), .size = bytes, .is_null = false, .is_binary = true}, place));
            rest.remove_prefix(bytes);
        }
        if (!rest.empty()) detail::refuse_binary(place);
        return values;
    }
};

}  // namespace sark
