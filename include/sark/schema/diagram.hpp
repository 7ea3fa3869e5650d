// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sark/schema/definition.hpp>

namespace sark::schema::detail {

// Loops instead of <algorithm>, which would double what this header costs.

template <class Names>
[[nodiscard]] bool has_word(Names const& names, std::string_view wanted) {
    for (std::string_view name : names)
        if (name == wanted) return true;
    return false;
}

/// Tells whether a column belongs to a constraint of this kind.
[[nodiscard]] inline bool is_in(table const& t, constraint_kind kind, std::string_view column) {
    for (constraint const& c : t.constraints)
        if (c.kind == kind && has_word(c.columns, column)) return true;
    return false;
}

/// Tells whether at most one row of a table has the same values in the columns of a foreign key.
[[nodiscard]] inline bool is_one_to_one(table const& t, constraint const& key) {
    for (constraint const& c : t.constraints) {
        if (c.kind != constraint_kind::primary_key && c.kind != constraint_kind::unique) continue;
        bool covered = true;
        for (std::string_view name : c.columns) covered = covered && has_word(key.columns, name);
        if (covered) return true;
    }
    return false;
}

/// Tells whether a row may leave a foreign key empty.
[[nodiscard]] inline bool is_optional(table const& t, constraint const& key) {
    for (column const& c : t.columns)
        if (c.nullable && has_word(key.columns, c.name)) return true;
    return false;
}

/// Gives `PK, FK, UK`, as far as they are true.
[[nodiscard]] inline std::string marks_of(table const& t, column const& c) {
    std::string marks;
    auto const add = [&](constraint_kind kind, std::string_view mark) {
        if (is_in(t, kind, c.name)) marks.append(marks.empty() ? "" : ", ").append(mark);
    };
    add(constraint_kind::primary_key, "PK");
    add(constraint_kind::foreign_key, "FK");
    add(constraint_kind::unique, "UK");
    return marks;
}

template <class Names>
[[nodiscard]] std::string joined(Names const& names) {
    std::string text;
    for (std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

/// Gives a word as Mermaid takes it for types and attributes: letters, digits and underscores, `[]` kept at the end;
/// `varchar(255)` becomes `varchar_255`. What would be read as a mark gets an underscore.
[[nodiscard]] inline std::string mermaid_word(std::string_view text) {
    bool const list = text.ends_with("[]");
    if (list) text.remove_suffix(2);
    std::string word;
    for (char c : text) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9'))
            word += c;
        else if (c == '_' || word.empty() || word.back() != '_')
            word += '_';
    }
    while (word.size() > 1 && word.back() == '_' && !text.ends_with('_')) word.pop_back();
    if (word.empty() || (word.front() >= '0' && word.front() <= '9')) word.insert(0, 1, '_');
    std::string lower = word;
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (lower == "pk" || lower == "fk" || lower == "uk") word += '_';
    return list ? word + "[]" : word;
}

/// Gives a text between double quotes; Mermaid has no escapes, so what ends it is replaced.
[[nodiscard]] inline std::string mermaid_quoted(std::string_view text) {
    std::string quoted = "\"";
    for (char c : text) quoted += c == '"' ? '\'' : c == '\\' ? '/' : c == '%' ? '_' : c >= 0 && c < ' ' ? ' ' : c;
    return quoted + '"';
}

/// Gives a text for a label in HTML's manner.
[[nodiscard]] inline std::string html(std::string_view text) {
    std::string escaped;
    for (char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            default: escaped += c >= 0 && c < ' ' ? ' ' : c;
        }
    }
    return escaped;
}

/// Gives a name as Graphviz takes it.
[[nodiscard]] inline std::string dot_quoted(std::string_view name) {
    std::string quoted = "\"";
    for (char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// Writes where an arrow ends: the box, and the row of the column in it when both are known.
[[nodiscard]] inline std::string dot_port(definition const& d, std::string_view relation, std::string_view column) {
    for (table const& t : d.tables)
        if (t.name == relation)
            for (std::size_t i = 0; i < t.columns.size(); ++i)
                if (t.columns[i].name == column) return dot_quoted(relation) + ":c" + std::to_string(i);
    return dot_quoted(relation);
}

}  // namespace sark::schema::detail

namespace sark::schema {

/// Draws a schema as a Mermaid `erDiagram`: columns with their types and marks, foreign keys as relations.
///
/// Mermaid takes no type with parentheses or blanks: they are spelled with underscores. A nullable column says so in its
/// comment. Views are boxes without columns: a definition knows their query only.
[[nodiscard]] inline std::string mermaid(definition const& d) {
    std::string text = "erDiagram\n";
    for (table const& t : d.tables) {
        text += "    " + detail::mermaid_quoted(t.name) + " {\n";
        for (column const& c : t.columns) {
            std::string const word = detail::mermaid_word(c.name);
            text += "        " + detail::mermaid_word(c.type) + ' ' + word;
            std::string const marks = detail::marks_of(t, c);
            if (!marks.empty()) text += ' ' + marks;
            std::string said = c.nullable ? "null" : "";
            for (std::string_view more : {word == c.name ? std::string_view{} : c.name, c.comment})
                if (!more.empty()) said.append(said.empty() ? "" : "; ").append(more);
            if (!said.empty()) text += ' ' + detail::mermaid_quoted(said);
            text += '\n';
        }
        text += "    }\n";
    }
    for (view const& v : d.views) text += "    " + detail::mermaid_quoted(v.name) + '\n';
    for (table const& t : d.tables)
        for (constraint const& c : t.constraints)
            if (c.kind == constraint_kind::foreign_key)
                text += "    " + detail::mermaid_quoted(c.references) +
                        (detail::is_optional(t, c) ? " |o--" : " ||--") +
                        (detail::is_one_to_one(t, c) ? "o| " : "o{ ") + detail::mermaid_quoted(t.name) + " : " +
                        detail::mermaid_quoted(detail::joined(c.columns)) + '\n';
    return text;
}

/// Draws a schema for Graphviz (`dot -Tsvg`): a box per table, view and enum, an arrow per foreign key from its first
/// column to the referenced one.
[[nodiscard]] inline std::string graphviz(definition const& d) {
    auto const begin_box = [](std::string_view name, std::string_view kind, std::string_view colour) {
        return "    " + detail::dot_quoted(name) +
               " [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\">\n" +
               "        <tr><td colspan=\"3\" bgcolor=\"" + std::string{colour} + "\"><b>" + detail::html(name) +
               "</b>" + (kind.empty() ? std::string{} : " (" + std::string{kind} + ")") + "</td></tr>\n";
    };
    std::string text = "digraph schema {\n"
                       "    rankdir=LR;\n"
                       "    node [shape=plain, fontname=\"Helvetica\", fontsize=10];\n"
                       "    edge [dir=both, arrowhead=tee, arrowtail=crow, fontname=\"Helvetica\", fontsize=8];\n";
    for (table const& t : d.tables) {
        text += begin_box(t.name, {}, "lightblue");
        for (std::size_t i = 0; i < t.columns.size(); ++i) {
            column const& c = t.columns[i];
            std::string const cell = "<td align=\"left\">";
            text += "        <tr><td align=\"left\" port=\"c" + std::to_string(i) + "\">" + detail::html(c.name) +
                    "</td>" + cell + detail::html(c.type) + (c.nullable ? " null" : "") + "</td>" + cell +
                    detail::marks_of(t, c) + "</td></tr>\n";
        }
        text += "    </table>>];\n";
    }
    for (view const& v : d.views)
        text += begin_box(v.name, v.materialized ? "materialized view" : "view", "lightyellow") + "    </table>>];\n";
    for (enum_type const& e : d.enums) {
        text += begin_box(e.name, "enum", "lightgrey");
        for (std::string_view label : e.labels)
            text += "        <tr><td colspan=\"3\" align=\"left\">" + detail::html(label) + "</td></tr>\n";
        text += "    </table>>];\n";
    }
    for (table const& t : d.tables)
        for (constraint const& c : t.constraints) {
            if (c.kind != constraint_kind::foreign_key || c.columns.empty()) continue;
            text += "    " + detail::dot_port(d, t.name, c.columns.front()) + " -> " +
                    detail::dot_port(d, c.references, c.referenced.empty() ? "" : c.referenced.front());
            std::string options;
            auto const add = [&](std::string const& option) { options.append(options.empty() ? "" : ", ") += option; };
            if (detail::is_one_to_one(t, c)) add("arrowtail=tee");
            if (detail::is_optional(t, c)) add("style=dashed");
            if (c.columns.size() > 1) add("label=" + detail::dot_quoted(detail::joined(c.columns)));
            text += (options.empty() ? "" : " [" + options + "]") + ";\n";
        }
    return text + "}\n";
}

}  // namespace sark::schema
