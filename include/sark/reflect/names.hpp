// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <sark/meta/signature.hpp>
#include <sark/reflect/fields.hpp>

namespace sark {

namespace detail {

// Boost before 1.84 has no field names, so the name is read from a signature that has the field's address as a
// template argument. The object is declared and never defined: its type need be neither literal nor constructible.
// Why one technique for every Boost: docs/decisions/0003-field-names.md.
template <class T>
struct fake_holder {
    T const value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

template <class T>
extern const fake_holder<T> fake_object;

// Clang 16 refuses a bare pointer to a subobject as a template argument, but takes it inside of a struct.
struct address {
    void const* pointer;
};

/// Stands for a field as a template argument; compilers print it with the field's name, so rules carry it.
///
/// A function, because GCC puts a variable into the object file where T has no linkage, and the linker then asks for
/// the object.
template <class T, std::size_t I>
[[nodiscard]] consteval address field_address() {
    return {&detail::field_of<I, field_count<T>>(fake_object<T>.value)};
}

template <class T>
[[nodiscard]] consteval std::size_t position_of_address(void const* member) {
    auto const addresses = addresses_of(tie_fields<field_count<T>>(fake_object<T>.value));
    std::size_t i = 0;
    while (i < addresses.size() && addresses[i] != member) ++i;
    return i;
}

/// Finds a member among the fields; compared by place, since a name costs a signature.
template <class T, class Member>
[[nodiscard]] consteval std::size_t position_of(Member T::*member) {
    return position_of_address<T>(&(fake_object<T>.value.*member));
}

template <auto... Addresses>
[[nodiscard]] consteval char const* addresses_text() {
    return __PRETTY_FUNCTION__;
}

// One signature with all fields: a signature for each is three times the work.
template <class T, std::size_t... I>
[[nodiscard]] consteval char const* all_addresses_text(std::index_sequence<I...>) {
    constexpr auto addresses = addresses_of(tie_fields<field_count<T>>(fake_object<T>.value));
    return addresses_text<address{addresses[I]}...>();
}

struct name_place {
    std::size_t begin = 0;
    std::size_t size = 0;
};

template <std::size_t N>
struct name_places {
    std::array<name_place, N> at{};
    std::size_t chars = 0;
};

// `… A = {address{((const void*)(& … .Book::id))}, …}` says GCC, `… A = <address{&fake_object.value.id}, …>` says
// Clang: all addresses are the same text but for the member's name.
#if defined(__clang__)
inline constexpr int address_depth = 1;
#else
inline constexpr int address_depth = 2;
#endif

/// Finds the brace that opens the first address.
constexpr std::size_t first_address(char const* signature) {
    std::size_t at = 0;
    while (signature[at] != '[') ++at;
    for (int depth = 0;; ++at)
        if (signature[at] == '{' && ++depth == address_depth) return at;
}

/// Finds the brace that closes an address; template arguments of the struct may bring braces and texts of their own.
constexpr std::size_t end_of_address(char const* signature, std::size_t at) {
    for (int depth = 0;; ++at) {
        if (signature[at] == '"') {
            for (++at; signature[at] != '"'; ++at)
                if (signature[at] == '\\') ++at;
        } else if (signature[at] == '{') {
            ++depth;
        } else if (signature[at] == '}' && --depth == 0) {
            return at;
        }
    }
}

/// Finds the names in a signature and gives the sum of their lengths.
///
/// Only the first address is read from end to end, and what surrounds its name skipped in the others: a step costs GCC
/// microseconds. Compiled once, since it is no template.
constexpr std::size_t find_names(char const* signature, std::size_t count, name_place* places) {
    std::size_t const first = first_address(signature);
    std::size_t const close = end_of_address(signature, first);
    std::size_t end = close;
    while (!is_identifier_char(signature[end - 1])) --end;
    std::size_t begin = end;
    while (is_identifier_char(signature[begin - 1])) --begin;
    std::size_t next = close;
    while (count > 1 && signature[next] != '{') ++next;
    std::size_t const before = begin - first;
    std::size_t const between = next - end;

    std::size_t chars = 0;
    for (name_place* place = places; place != places + count; ++place) {
        for (end = begin; is_identifier_char(signature[end]); ++end) {}
        *place = {begin, end - begin};
        chars += end - begin;
        begin = end + between + before;
    }
    return chars;
}

constexpr void copy_names(char const* signature, name_place const* places, std::size_t count, char* out) {
    for (name_place const* p = places; p != places + count; ++p)
        for (std::size_t i = 0; i < p->size; ++i) *out++ = signature[p->begin + i];
}

// Only the characters of the names go into the binary, not the signature.
template <class T>
struct stored_names {
    static constexpr std::size_t count = field_count<T>;
    static constexpr auto places = [] {
        name_places<count> found;
        found.chars = find_names(all_addresses_text<T>(std::make_index_sequence<count>{}), count, found.at.data());
        return found;
    }();
    static constexpr auto chars = [] {
        std::array<char, places.chars + 1> text{};
        copy_names(all_addresses_text<T>(std::make_index_sequence<count>{}), places.at.data(), count, text.data());
        return text;
    }();
};

template <class T>
consteval std::array<std::string_view, field_count<T>> make_field_names() {
    std::array<std::string_view, field_count<T>> names{};
    if constexpr (field_count<T> > 0) {
        char const* begin = stored_names<T>::chars.data();
        for (std::size_t i = 0; i < names.size(); ++i) {
            names[i] = {begin, stored_names<T>::places.at[i].size};
            begin += names[i].size();
        }
    }
    return names;
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

struct known_struct {
    int first;
    char const* second_;
};

}  // namespace detail

/// Names the fields of an aggregate in order, as its members are spelled.
template <class T>
inline constexpr std::array<std::string_view, field_count<T>> field_names = detail::make_field_names<T>();

/// Names a field by position.
template <class T, std::size_t I>
inline constexpr std::string_view field_name = field_names<T>[I];

static_assert(field_name<detail::known_struct, 0> == "first" && field_name<detail::known_struct, 1> == "second_",
              "sark: this compiler prints member names in a way that sark does not know. Report its version and the "
              "text of __PRETTY_FUNCTION__. [sark-R06]");

/// Drops the one trailing underscore that a member needs when its plain name is taken: `metadata_` is `metadata`.
[[nodiscard]] constexpr std::string_view without_trailing_underscore(std::string_view name) {
    if (name.size() > 1 && name.ends_with('_')) name.remove_suffix(1);
    return name;
}

static_assert(without_trailing_underscore("metadata_") == "metadata");

}  // namespace sark
