// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

/// Judges what goes, or gets another name, while programs of the last release still run.
constexpr void lint_loss(scene const& s, change const& c) {
    if (!s.exists(c)) return;
    switch (c.kind) {
        case change_kind::create_table:
            if (c.reversed) s.report("drop-table", c.table);
            return;
        case change_kind::add_column:
            if (c.reversed) s.report("drop-column", c.table, c.name);
            return;
        case change_kind::drop_chunks:
            if (!c.reversed) s.report("chunks-are-dropped", c.table);
            return;
        case change_kind::rename_table: return s.report("rename-table", c.table);
        case change_kind::rename_column: return s.report("rename-column", c.table, c.name);
        case change_kind::set_not_null:
            if (c.reversed) s.advise("drop-not-null", c.table, c.name);
            return;
        case change_kind::add_constraint:
            if (c.reversed && (c.constraint->kind == schema::constraint_kind::unique ||
                               c.constraint->kind == schema::constraint_kind::primary_key))
                s.advise("drop-key", c.table, c.name);
            return;
        case change_kind::change_type:
            for (migrate::type_change const& t : c.types)
                if (!s.errors_only && type_change_narrows(c.reversed ? t.to : t.from, c.reversed ? t.from : t.to))
                    s.advise("narrowing-type", c.table, t.column);
            return;
        default: return;
    }
}

/// Tells whether a text has the label as a literal.
[[nodiscard]] constexpr bool has_literal(std::string_view text, std::string_view label) {
    for (std::size_t at = text.find(label); at != std::string_view::npos; at = text.find(label, at + 1))
        if (at > 0 && text[at - 1] == '\'' && text.substr(at + label.size()).starts_with('\'')) return true;
    return false;
}

constexpr void lint_labels(scene const& s, change const& added) {
    if (s.options.server < 120000) s.report("enum-label-in-transaction", {}, added.name);
    bool later = false;
    for (change const& c : s.changes) {
        if (&c == &added) later = true;
        if (!later || &c == &added) continue;
        for (std::string_view label : added.labels) {
            bool const by_text = has_literal(c.text, label);
            bool const by_default = c.column != nullptr && has_literal(c.column->fallback, label);
            bool const by_check = c.constraint != nullptr && has_literal(c.constraint->expression, label);
            bool const by_index = c.index != nullptr && has_literal(c.index->predicate, label);
            if (by_text || by_default || by_check || by_index) s.report("enum-label-used-at-once", {}, added.name);
        }
    }
}

[[nodiscard]] constexpr bool changes_rows(change const& c) {
    return c.statement != nullptr && c.up.lock == migrate::lock_level::row_exclusive &&
           (begins_with(c.text, "update") || begins_with(c.text, "delete") || begins_with(c.text, "insert") ||
            begins_with(c.text, "with"));
}

/// Judges statements that change rows, and ways back.
constexpr void lint_rows(scene const& s) {
    if (s.errors_only) return;
    bool ddl = false;
    for (change const& c : s.changes)
        ddl = ddl || (s.exists(c) && c.up.lock >= migrate::lock_level::share_row_exclusive);
    for (change const& c : s.changes) {
        if (c.statement == nullptr) continue;
        if (ddl && changes_rows(c)) s.advise("data-beside-ddl", {});
        bool const whole = begins_with(c.text, "update ") || begins_with(c.text, "delete ");
        if (whole && !has_words(c.text, "where")) s.advise("unbatched-change", {});
        if (!c.statement->irreversible.empty()) s.advise("no-way-back", {});
        bool const makes = begins_with(c.text, "create ") || begins_with(c.text, "alter ");
        if (makes && c.statement->undo.empty() && c.statement->irreversible.empty()) s.advise("down-missing", {});
    }
}

/// Reports what loses data, stops old readers or cannot be taken back.
constexpr void lint_data(scene const& s) {
    for (change const& c : s.changes) {
        lint_loss(s, c);
        if (c.kind == change_kind::add_labels) lint_labels(s, c);
    }
    lint_rows(s);
}

}  // namespace sark::migrate::detail
