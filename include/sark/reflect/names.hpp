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
template <class P>
struct address {
    P pointer;
};
template <class P>
address(P) -> address<P>;

template <auto A>
[[nodiscard]] consteval std::string_view address_text() {
    return __PRETTY_FUNCTION__;
}

[[nodiscard]] consteval std::string_view name_in_address(std::string_view signature) {
    signature = signature.substr(0, signature.rfind('}'));
    return last_identifier(signature);
}

/// Stands for a field as a template argument; compilers print it with the field's name, so rules carry it.
///
/// A function, because GCC puts a variable into the object file where T has no linkage, and the linker then asks for
/// the object.
template <class T, std::size_t I>
[[nodiscard]] consteval auto field_address() {
    return address{&boost::pfr::get<I>(fake_object<T>.value)};
}

// Only the name's characters go into the binary, not the whole signature.
template <class T, std::size_t I>
inline constexpr auto stored_name = [] {
    constexpr std::string_view name = name_in_address(address_text<field_address<T, I>()>());
    std::array<char, name.size() + 1> chars{};
    for (std::size_t i = 0; i < name.size(); ++i) chars[i] = name[i];
    return chars;
}();

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
inline constexpr auto field_names = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<std::string_view, sizeof...(I)>{
        std::string_view{detail::stored_name<T, I>.data(), detail::stored_name<T, I>.size() - 1}...};
}(std::make_index_sequence<field_count<T>>{});

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
