// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/text.hpp>

namespace sark::schema::detail {

/// Gives a text for running words: what Markdown or HTML would read as a sign is escaped.
[[nodiscard]] inline std::string markdown_words(std::string_view text) {
    static constexpr std::string_view signs = "\\`*_{}[]<>#|~&!";
    auto const in_word = [&](std::size_t i) {
        char const c = i < text.size() ? text[i] : ' ';
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    std::string words;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        // Between letters an underscore is only an underscore.
        bool const plain = c == '_' && i > 0 && in_word(i - 1) && in_word(i + 1);
        if (signs.find(c) != std::string_view::npos && !plain) words += '\\';
        words += c >= 0 && c < ' ' ? ' ' : c;
    }
    return words;
}

/// Gives the longest run of backticks in a text.
[[nodiscard]] inline std::size_t longest_ticks(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/// Gives a text as code within a line; bars are escaped where the line is a row of a table.
[[nodiscard]] inline std::string markdown_code(std::string_view text, bool in_table = false) {
    if (text.empty()) return {};
    std::string const ticks(longest_ticks(text) + 1, '`');
    std::string const room = ticks.size() > 1 ? " " : "";
    std::string code = ticks + room;
    for (char c : text) {
        if (c == '|' && in_table) code += '\\';
        code += c >= 0 && c < ' ' ? ' ' : c;
    }
    return code + room + ticks;
}

/// Gives a text as a block of code whose fence is longer than any run of backticks in it.
[[nodiscard]] inline std::string markdown_block(std::string_view text) {
    std::size_t const ticks = longest_ticks(text);
    std::string const fence(ticks < 3 ? 3 : ticks + 1, '`');
    return fence + "sql\n" + std::string{text} + '\n' + fence + "\n";
}

template <class Put, class T>
[[nodiscard]] std::string markdown_item(Put const& put, T const& item) {
    return "- " + markdown_code(sql::render([&](sql::writer& w) { put(w, item); })) + '\n';
}

/// Adds a list under a title of its own; nothing when it is empty.
template <class T, class Put>
void add_markdown_list(std::string& text, std::string_view title, std::vector<T> const& items, Put const& put) {
    if (items.empty()) return;
    text.append("\n").append(title).append(":\n\n");
    for (T const& item : items) text += markdown_item(put, item);
}

inline void add_markdown_table(std::string& text, table const& t) {
    text += "\n## " + markdown_words(t.name) + "\n\n";
    if (!t.comment.empty()) text += markdown_words(t.comment) + "\n\n";
    text += "| column | type | null | default | comment |\n|---|---|---|---|---|\n";
    for (column const& c : t.columns)
        text += "| " + markdown_code(c.name, true) + " | " + markdown_code(c.type, true) + " | " +
                (c.nullable ? "yes" : "no") + " | " + markdown_code(c.fallback, true) + " | " +
                markdown_words(c.comment) + " |\n";
    add_markdown_list(text, "Keys and checks", t.constraints,
                      [&](sql::writer& w, constraint const& c) { put_constraint(w, t.name, c); });
    add_markdown_list(text, "Indexes", t.indexes,
                      [&](sql::writer& w, index const& i) { put_create_index(w, t.name, i); });
    add_markdown_list(text, "Triggers", t.triggers,
                      [&](sql::writer& w, trigger const& g) { put_create_trigger(w, t.name, g); });
}

}  // namespace sark::schema::detail

namespace sark::schema {

/// Describes a schema in Markdown, a section per table: its columns, keys, checks, indexes and triggers; then enums,
/// views and functions.
[[nodiscard]] inline std::string markdown(definition const& d) {
    std::string text = "# Schema\n\nTables: " + std::to_string(d.tables.size()) +
                       ". Enums: " + std::to_string(d.enums.size()) + ". Views: " + std::to_string(d.views.size()) +
                       ". Functions: " + std::to_string(d.functions.size()) + ".\n";
    for (table const& t : d.tables) detail::add_markdown_table(text, t);
    if (!d.enums.empty()) text += "\n## Enums\n\n| enum | labels, in order |\n|---|---|\n";
    for (enum_type const& e : d.enums) {
        std::string labels;
        for (std::string_view label : e.labels)
            labels += (labels.empty() ? "" : ", ") + detail::markdown_code(label, true);
        text += "| " + detail::markdown_code(e.name, true) + " | " + labels + " |\n";
    }
    if (!d.views.empty()) text += "\n## Views\n";
    for (view const& v : d.views) {
        text += "\n### " + detail::markdown_words(v.name) + "\n\n" +
                (v.materialized ? "Materialized.\n\n" : std::string{}) + detail::markdown_block(v.query);
        detail::add_markdown_list(text, "Indexes", v.indexes,
                                  [&](sql::writer& w, index const& i) { put_create_index(w, v.name, i); });
    }
    if (!d.functions.empty()) text += "\n## Functions\n";
    for (function const& f : d.functions)
        text += "\n### " + detail::markdown_words(f.name) + "\n\n" +
                detail::markdown_block(sql::render([&](sql::writer& w) { put_create_function(w, f); }));
    return text;
}

}  // namespace sark::schema
