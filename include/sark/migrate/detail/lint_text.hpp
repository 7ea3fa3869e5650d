// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sark::migrate::detail {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

[[nodiscard]] constexpr bool is_word_character(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// Tells whether a text begins with these lower-case characters, whatever its own case.
[[nodiscard]] constexpr bool begins_with(std::string_view text, std::string_view wanted) {
    if (text.size() < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (lower(text[i]) != wanted[i]) return false;
    return true;
}

/// Gives the place behind a literal, quoted name, dollar-quoted text or comment that begins at `at`; `at` for anything
/// else.
[[nodiscard]] constexpr std::size_t skip_quoted(std::string_view sql, std::size_t at) {
    auto const behind = [&](std::string_view end, std::size_t from) {
        std::size_t const found = sql.find(end, from);
        return found == std::string_view::npos ? sql.size() : found + end.size();
    };
    char const c = sql[at];
    if (c != '\'' && c != '"' && c != '-' && c != '/' && c != '$') return at;
    if (c == '\'' || c == '"') return behind(sql.substr(at, 1), at + 1);
    if (c == '-' && sql.substr(at, 2) == "--") return behind("\n", at);
    if (c == '/' && sql.substr(at, 2) == "/*") return behind("*/", at + 2);
    if (c != '$') return at;
    std::size_t end = at + 1;
    while (end < sql.size() && is_word_character(sql[end])) ++end;
    return end < sql.size() && sql[end] == '$' ? behind(sql.substr(at, end - at + 1), end + 1) : at;
}

/// Gives the place of a word or a phrase of words (lower case, single blanks) outside of quotes and comments, or npos.
[[nodiscard]] constexpr std::size_t find_words(std::string_view sql, std::string_view words) {
    for (std::size_t at = 0; at < sql.size();) {
        if (std::size_t const behind = skip_quoted(sql, at); behind != at) {
            at = behind;
            continue;
        }
        if (!is_word_character(sql[at])) {
            ++at;
            continue;
        }
        std::size_t i = at;
        std::size_t w = 0;
        while (w < words.size() && i < sql.size()) {
            if (words[w] == ' ') {
                if (sql[i] != ' ' && sql[i] != '\n' && sql[i] != '\t') break;
                while (i < sql.size() && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\t')) ++i;
                ++w;
            } else {
                if (lower(sql[i]) != words[w]) break;
                ++i;
                ++w;
            }
        }
        if (w == words.size() && (i == sql.size() || !is_word_character(sql[i]))) return at;
        while (at < sql.size() && is_word_character(sql[at])) ++at;
    }
    return std::string_view::npos;
}

[[nodiscard]] constexpr bool has_words(std::string_view sql, std::string_view words) {
    return find_words(sql, words) != std::string_view::npos;
}

/// Tells whether a text stands anywhere, in any case.
[[nodiscard]] constexpr bool has_text(std::string_view text, std::string_view wanted) {
    for (std::size_t at = 0; at + wanted.size() <= text.size(); ++at)
        if (begins_with(text.substr(at), wanted)) return true;
    return false;
}

/// Tells whether a text holds more than one statement: a semicolon with anything but blanks behind it.
[[nodiscard]] constexpr bool has_several_statements(std::string_view sql) {
    bool ended = false;
    for (std::size_t at = 0; at < sql.size();) {
        std::size_t const behind = skip_quoted(sql, at);
        bool const comment = behind != at && (sql[at] == '-' || sql[at] == '/');
        bool const blank = sql[at] == ' ' || sql[at] == '\n' || sql[at] == '\t';
        if (sql[at] == ';') ended = true;
        if (ended && !comment && !blank && sql[at] != ';') return true;
        at = behind == at ? at + 1 : behind;
    }
    return false;
}

/// Tells whether an expression calls a function that is not known to give the same value for every row of a statement.
///
/// A function of one's own is volatile unless it says otherwise, so what is not in the list counts as volatile.
[[nodiscard]] constexpr bool is_volatile(std::string_view expression) {
    constexpr std::string_view steady[] = {"now",
                                           "timezone",
                                           "date_trunc",
                                           "to_timestamp",
                                           "current_setting",
                                           "jsonb_build_object",
                                           "jsonb_build_array",
                                           "lower",
                                           "upper",
                                           "length",
                                           "make_interval",
                                           "transaction_timestamp",
                                           "statement_timestamp",
                                           "round",
                                           "md5",
                                           "coalesce",
                                           "varchar",
                                           "numeric",
                                           "decimal",
                                           "array_fill",
                                           "json_build_object",
                                           "cast",
                                           "char",
                                           "timestamp",
                                           "date_part",
                                           "to_char",
                                           "to_jsonb"};
    for (std::size_t at = 0; at < expression.size();) {
        if (std::size_t const behind = skip_quoted(expression, at); behind != at) {
            at = behind;
            continue;
        }
        std::size_t end = at;
        while (end < expression.size() && is_word_character(expression[end])) ++end;
        if (end == at) {
            ++at;
            continue;
        }
        std::string_view const word = expression.substr(at, end - at);
        at = end;
        if (end == expression.size() || expression[end] != '(') continue;
        bool known = false;
        for (std::string_view name : steady) known = known || (word.size() == name.size() && begins_with(word, name));
        if (!known) return true;
    }
    return false;
}

static_assert(has_words("DROP TABLE t  cascade", "t cascade") && !has_words("SELECT 'cascade'", "cascade"));
static_assert(has_several_statements("SELECT ';'; SELECT 2") && !has_several_statements("SELECT ';' ; -- done"));
static_assert(is_volatile("gen_random_uuid()") && !is_volatile("now()") && !is_volatile("'random()'"));

}  // namespace sark::migrate::detail
