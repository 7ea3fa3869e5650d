// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/detail/lint_text.hpp>
#include <sark/schema/definition.hpp>

namespace sark::migrate::detail {

/// Splits `varchar(20)` or `numeric(10,4)` into its name and its numbers; absent numbers are -1.
struct type_words {
    std::string_view name;
    long first = -1;
    long second = -1;
};

[[nodiscard]] constexpr type_words words_of_type(std::string_view type) {
    std::size_t const open = type.find('(');
    if (open == std::string_view::npos) return {.name = type};
    type_words words{.name = type.substr(0, open)};
    long* number = &words.first;
    for (char c : type.substr(open + 1)) {
        if (c == ',') number = &words.second;
        if (c < '0' || c > '9') continue;
        *number = (*number < 0 ? 0 : *number * 10) + (c - '0');
    }
    if (words.first >= 0 && words.second < 0 && words.name == "numeric") words.second = 0;
    return words;
}

[[nodiscard]] constexpr bool is_text_type(std::string_view name) {
    return name == "text" || name == "varchar" || name == "character varying";
}

/// Tells whether changing a column from one type to the other makes the server write the table anew. Pairs that are not
/// known to be free count as rewriting, and so do times with and without zone, which are free under UTC only.
[[nodiscard]] constexpr bool type_change_rewrites(std::string_view from, std::string_view to) {
    type_words const a = words_of_type(from);
    type_words const b = words_of_type(to);
    if (from == to) return false;
    if (is_text_type(a.name) && is_text_type(b.name)) return b.first >= 0 && (a.first < 0 || b.first < a.first);
    if (a.name == "numeric" && b.name == "numeric")
        return b.first >= 0 && (a.first < 0 || b.first < a.first || b.second != a.second);
    return !(a.name == "cidr" && b.name == "inet");
}

/// Tells whether values may not fit the new type.
[[nodiscard]] constexpr bool type_change_narrows(std::string_view from, std::string_view to) {
    type_words const a = words_of_type(from);
    type_words const b = words_of_type(to);
    if (is_text_type(a.name) && is_text_type(b.name)) return type_change_rewrites(from, to);
    if (a.name == "numeric" && b.name == "numeric")
        return b.first >= 0 && (a.first < 0 || b.first - b.second < a.first - a.second || b.second < a.second);
    constexpr std::string_view widths[] = {"smallint", "integer", "bigint"};
    std::size_t before = 3;
    std::size_t after = 3;
    for (std::size_t i = 0; i < 3; ++i) {
        if (a.name == widths[i]) before = i;
        if (b.name == widths[i]) after = i;
    }
    return before < 3 && after < before;
}

/// Tells whether a column gets its values from a sequence or from other columns: adding it writes every row.
[[nodiscard]] constexpr bool is_generated(schema::column const& c) {
    return has_text(c.type, "serial") || has_text(c.type, "generated");
}

/// Tells whether adding the column writes the table anew; before version 11 every default did.
[[nodiscard]] constexpr bool new_column_rewrites(schema::column const& c, int server = 150000) {
    return is_generated(c) || (!c.fallback.empty() && (server < 110000 || is_volatile(c.fallback)));
}

static_assert(!type_change_rewrites("varchar(20)", "varchar(30)") && type_change_rewrites("varchar(20)", "varchar(9)"));
static_assert(!type_change_rewrites("numeric(10,2)", "numeric(12,2)") &&
              type_change_narrows("numeric(9,2)", "numeric(9,4)"));
static_assert(!type_change_rewrites("varchar(20)", "text") && type_change_rewrites("text", "varchar(20)"));
static_assert(type_change_rewrites("integer", "bigint") && type_change_narrows("bigint", "integer"));

}  // namespace sark::migrate::detail
