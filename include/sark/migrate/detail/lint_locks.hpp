// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

[[nodiscard]] constexpr bool same_part(migrate::constraint_part const& a, migrate::constraint_part const& b) {
    return same_but_for_validity(a.to_schema(), b.to_schema());
}

/// Judges a constraint that is added to a table with rows.
constexpr void lint_new_constraint(scene const& s, change const& c) {
    if (c.constraint->unchecked) {
        for (change const& other : s.changes)
            if (other.kind == change_kind::validate && other.table == c.table &&
                same_part(*other.constraint, *c.constraint))
                s.report("validated-in-same-migration", c.table, c.name);
        return;
    }
    switch (c.constraint->kind) {
        case schema::constraint_kind::check: return s.report("check-scans", c.table, c.name);
        case schema::constraint_kind::foreign_key: return s.report("foreign-key-scans", c.table, c.name);
        case schema::constraint_kind::primary_key:
        case schema::constraint_kind::unique: return s.report("key-scans", c.table, c.name);
    }
}

/// Judges what one change does to a table that was there before.
constexpr void lint_lock_of(scene const& s, change const& c) {
    switch (c.kind) {
        case change_kind::create_index:
            if (c.index->concurrent) return;
            return c.reversed ? s.advise("index-drop-blocks", c.table, c.name)
                              : s.report("index-blocks-writes", c.table, c.name);
        case change_kind::add_column:
            if (c.reversed) return;
            if (!c.column->nullable && c.column->fallback.empty() && !is_generated(*c.column))
                s.report("required-column-without-default", c.table, c.name);
            if (new_column_rewrites(*c.column, s.options.server)) s.report("column-default-rewrites", c.table, c.name);
            return;
        case change_kind::change_type:
            for (migrate::type_change const& t : c.types)
                if (!t.using_up.empty() || type_change_rewrites(c.reversed ? t.to : t.from, c.reversed ? t.from : t.to))
                    s.report("type-change-rewrites", c.table, t.column);
            return;
        case change_kind::add_constraint:
            if (!c.reversed) lint_new_constraint(s, c);
            return;
        case change_kind::set_not_null:
            if (!c.reversed && (c.text.empty() || s.options.server < 120000))
                s.report("not-null-scans", c.table, c.name);
            return;
        case change_kind::move_rows: return s.report("rows-move", c.table, c.reversed ? std::string_view{} : c.name);
        case change_kind::create_trigger: return s.advise("trigger-blocks-writes", c.table, c.name);
        default: return;
    }
}

/// Judges what the statements of a migration do to each other: locks last until the commit.
constexpr void lint_locks_together(scene const& s) {
    std::string_view stopped;  // the first table whose readers wait
    bool timeout = false;
    for (change const& c : s.changes) {
        if (c.statement != nullptr && begins_with(c.text, "set") && has_words(c.text, "lock_timeout")) timeout = true;
        if (!c.up.needs_transaction && s.changes.size() > 1) {
            // Waivers stand beside it without a statement.
            for (change const& other : s.changes)
                if (&other != &c && other.kind != change_kind::waiver) {
                    s.report("concurrent-not-alone", c.table, c.name);
                    break;
                }
        }
        if (s.errors_only) continue;
        bool const works = c.up.scans || c.up.rewrites || c.up.lock == migrate::lock_level::row_exclusive;
        if (!stopped.empty() && works) s.advise("work-behind-lock", stopped);
        if (!s.exists(c)) continue;
        if (c.up.lock >= migrate::lock_level::share && !timeout) s.advise("missing-lock-timeout", {});
        if (c.up.lock != migrate::lock_level::access_exclusive || !has_name(s.before.tables, c.table)) continue;
        if (!stopped.empty() && stopped != c.table) s.advise("tables-locked-together", {});
        if (stopped.empty()) stopped = c.table;
    }
}

/// Reports what stops readers and writers of tables that may have rows; a new table cannot stop anybody.
constexpr void lint_locks(scene const& s) {
    for (change const& c : s.changes) {
        if (s.exists(c)) lint_lock_of(s, c);
        if (c.kind == change_kind::rebuild_enum)
            for (migrate::enum_use const& use : c.uses)
                if (s.exists(use.table)) s.report("enum-rebuild-rewrites", use.table, use.column);
    }
    lint_locks_together(s);
}

}  // namespace sark::migrate::detail
