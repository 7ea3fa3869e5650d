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

#include <sark/codec/field.hpp>
#include <sark/codec/json_guard.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/types/json.hpp>
#include <sark/types/uuid.hpp>
#include <sark/types/varchar.hpp>

namespace sark {

template <>
struct codec<std::string> {
    static void encode(parameters& out, std::string const& value) { out.add_borrowed(value); }
    static constexpr bool reads_binary(std::uint32_t type) { return detail::is_plain_text(type); }
    static std::string decode(field const& f, field_place const&) { return {f.data, f.size}; }
};

/// A view can be sent but not received: the result it would view is gone when the rows are returned.
template <>
struct codec<std::string_view> {
    static void encode(parameters& out, std::string_view value) { out.add_text(value); }
};

template <std::size_t N>
struct codec<varchar<N>> {
    static void encode(parameters& out, varchar<N> const& value) { out.add_borrowed(value.text()); }

    static constexpr bool reads_binary(std::uint32_t type) { return detail::is_plain_text(type); }

    static varchar<N> decode(field const& f, field_place const& place) {
        if (detail::code_points(f.text()) > N)
            detail::refuse_field(place, "holds a longer text than its member", "Widen the member's varchar<N>.");
        return varchar<N>{f.text()};
    }
};

template <>
struct codec<json> {
    /// A text of the program passes the guard here; what the server sent goes back as it is.
    static void encode(parameters& out, json const& value) {
        if (std::string const complaint = detail::complaint_about(value); !complaint.empty()) out.refuse(complaint);
        out.add_borrowed_trusted(value.text());
    }
    static constexpr bool reads_binary(std::uint32_t type) {
        return type == detail::oid::jsonb || type == detail::oid::json;
    }
    static json decode(field const& f, field_place const&) {
        return detail::json_access::checked(detail::document_text(f));
    }
};

template <>
struct codec<uuid> {
    static void encode(parameters& out, uuid const& value) {
        constexpr char digits[] = "0123456789abcdef";
        std::array<char, 36> text;
        std::size_t n = 0;
        for (auto byte : value) {
            if (n == 8 || n == 13 || n == 18 || n == 23) text[n++] = '-';
            text[n++] = digits[byte >> 4U];
            text[n++] = digits[byte & 15U];
        }
        out.add_trusted({text.data(), n});
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::uuid; }

    static uuid decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            uuid value{};
            if (f.size != value.size()) detail::refuse_binary(place);
            std::memcpy(value.begin(), f.data, f.size);
            return value;
        }
        auto const value = parse_uuid(f.text());
        if (!value) detail::refuse_field(place, "holds no uuid", "Check the column's type.");
        return *value;
    }
};

/// Enums travel by label, whether the column is text or an enum of the server.
template <class E>
    requires std::is_enum_v<E>
struct codec<E> {
    static void encode(parameters& out, E value) {
        std::string_view const label = label_of(value);
        if (label.empty())
            throw error{"sark: a value of an enum has no label. Add the enumerator, or store a declared one."};
        out.add_text(label);
    }

    /// An enum of the server is sent as its label; whatever else a user's type sends is no label and is refused.
    static constexpr bool reads_binary(std::uint32_t type) {
        return detail::is_plain_text(type) || type >= detail::oid::first_of_users;
    }

    static E decode(field const& f, field_place const& place) {
        auto const value = from_label<E>(f.text());
        if (!value)
            detail::refuse_field(place, "holds a label that its enum does not have",
                                 "Add the enumerator, or repair the row.");
        return *value;
    }
};

/// Bytes travel in the hexadecimal form.
template <>
struct codec<std::vector<std::byte>> {
    static void encode(parameters& out, std::vector<std::byte> const& value) {
        constexpr char digits[] = "0123456789abcdef";
        std::string text{"\\x"};
        text.reserve(2 + 2 * value.size());
        for (std::byte b : value) {
            text += digits[std::to_integer<unsigned>(b) >> 4U];
            text += digits[std::to_integer<unsigned>(b) & 15U];
        }
        out.add_trusted(text);
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::bytea; }

    static std::vector<std::byte> decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            auto const* const first = reinterpret_cast<std::byte const*>(f.data);
            return {first, first + f.size};
        }
        std::string_view text = f.text();
        bool good = text.starts_with("\\x") && text.size() % 2 == 0;
        std::vector<std::byte> value;
        if (good) {
            text.remove_prefix(2);
            value.reserve(text.size() / 2);
            for (std::size_t i = 0; good && i < text.size(); i += 2) {
                int const high = detail::hex_digit(text[i]);
                int const low = detail::hex_digit(text[i + 1]);
                good = high >= 0 && low >= 0;
                if (good) value.push_back(static_cast<std::byte>(high * 16 + low));
            }
        }
        if (!good)
            detail::refuse_field(place, "holds no bytes in hexadecimal form",
                                 "Leave bytea_output at hex in the session.");
        return value;
    }
};

}  // namespace sark
