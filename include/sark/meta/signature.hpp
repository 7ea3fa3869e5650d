// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sark::detail {

/// The one place that knows how compilers print template arguments in a function's signature.

[[nodiscard]] constexpr bool is_identifier_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Takes the last identifier of a text: `&library::Book::title` gives `title`.
[[nodiscard]] constexpr std::string_view last_identifier(std::string_view s) {
    while (!s.empty() && !is_identifier_char(s.back())) s.remove_suffix(1);
    std::size_t i = s.size();
    while (i > 0 && is_identifier_char(s[i - 1])) --i;
    return s.substr(i);
}

/// Cuts `[with auto V = X; …]` (GCC) or `[V = X]` (Clang) down to `X`.
[[nodiscard]] constexpr std::string_view argument_of(std::string_view signature) {
    std::size_t const begin = signature.find("= ", signature.rfind("[")) + 2;
    // GCC appends the aliases of the signature after a semicolon.
    std::size_t end = signature.find(';', begin);
    if (end == std::string_view::npos) end = signature.rfind(']');
    return signature.substr(begin, end - begin);
}

template <auto V>
[[nodiscard]] consteval std::string_view value_text() {
    return __PRETTY_FUNCTION__;
}

template <class T>
[[nodiscard]] consteval std::string_view type_text() {
    return __PRETTY_FUNCTION__;
}

/// Names a type without its namespaces and template arguments.
template <class T>
[[nodiscard]] consteval std::string_view type_name() {
    std::string_view s = type_text<T>();
    // The first "T = " is ours. GCC appends the alias of the return type.
    s = s.substr(s.find("T = ") + 4);
    std::size_t const alias = s.rfind("; std::string_view = ");
    s = s.substr(0, alias == std::string_view::npos ? s.rfind(']') : alias);
    if (!s.ends_with('>')) return last_identifier(s);
    // Template arguments of the type itself; those of what surrounds it come before its name.
    std::size_t end = s.size();
    int depth = 0;
    do {
        --end;
        depth += s[end] == '>' ? 1 : s[end] == '<' ? -1 : 0;
    } while (depth != 0 && end > 0);
    return last_identifier(s.substr(0, end));
}

}  // namespace sark::detail
