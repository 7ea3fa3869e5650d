// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/detail/preflight_catalog.hpp>
#include <sark/migrate/detail/preflight_rows.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/lint_waiver.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace sark::migrate::detail {

// One function per operation: what has to hold before it runs in one direction, and what it prepares.

/// An operation of one's own may do anything: nothing behind it in its migration can be asked.
template <class Op>
constexpr void expect(preflight_scene& s, Op const&, bool) {
    s.anything_changes();
}

template <std::size_t Columns, std::size_t Constraints>
constexpr void expect(preflight_scene& s, migrate::create_table_t<Columns, Constraints> const& op, bool up) {
    s.touch(op.name);
    if (up) {
        needs_free_relation(s, "table", op.name);
    } else {
        needs_relation(s, op.name);
        ask_lost_rows(s, op.name);
    }
    s.rows_change(op.name);
}

constexpr void expect(preflight_scene& s, migrate::rename_table const& op, bool up) {
    s.touch(op.from);
    s.touch(op.to);
    needs_relation(s, up ? op.from : op.to);
    needs_free_relation(s, "table", up ? op.to : op.from);
    s.rows_change(op.from);
    s.rows_change(op.to);
}

constexpr void expect(preflight_scene& s, migrate::add_column const& op, bool up) {
    s.touch(op.table);
    needs_relation(s, op.table);
    if (up) {
        needs_free_column(s, op.table, op.added.name);
        ask_no_rows_for(s, op.table, op.added);
    } else {
        needs_column(s, op.table, op.added.name);
        ask_lost_values(s, op.table, op.added.name);
    }
    s.values_change(op.table, op.added.name);
}

constexpr void expect(preflight_scene& s, migrate::rename_column const& op, bool up) {
    s.touch(op.table);
    needs_column(s, op.table, up ? op.from : op.to);
    needs_free_column(s, op.table, up ? op.to : op.from);
    s.values_change(op.table, op.from);
    s.values_change(op.table, op.to);
}

template <std::size_t N>
constexpr void expect(preflight_scene& s, migrate::alter_column_type_t<N> const& op, bool up) {
    s.touch(op.table);
    for (migrate::type_change const& c : op.changes) {
        std::string_view const from = up ? c.from : c.to;
        std::string_view const to = up ? c.to : c.from;
        std::string_view const conversion = up ? c.using_up : c.using_down;
        needs_column(s, op.table, c.column);
        ask_type(s, op.table, c.column, from, to, conversion);
        if (!conversion.empty() || !keeps_values(from, to)) s.values_change(op.table, c.column);
    }
}

constexpr void expect(preflight_scene& s, migrate::set_not_null const& op, bool up) {
    s.touch(op.table);
    needs_column(s, op.table, op.column);
    if (up) ask_nulls(s, op.table, op.column);
}

constexpr void expect(preflight_scene& s, migrate::set_default const& op, bool) {
    s.touch(op.table);
    needs_column(s, op.table, op.column);
}

constexpr void expect(preflight_scene& s, migrate::add_constraint const& op, bool up) {
    schema::constraint const c = op.added.to_schema();
    s.touch(op.table);
    needs_relation(s, op.table);
    if (!up) return needs_constraint(s, op.table, c);
    needs_free_constraint(s, op.table, c);
    if (!c.references.empty()) needs_relation(s, c.references);
    if (!op.added.unchecked) ask_constraint_rows(s, op.table, c);
}

constexpr void expect(preflight_scene& s, migrate::validate_constraint const& op, bool up) {
    if (!up) return;
    schema::constraint const c = op.validated.to_schema();
    s.touch(op.table);
    needs_constraint(s, op.table, c);
    ask_constraint_rows(s, op.table, c);
}

constexpr void expect(preflight_scene& s, migrate::add_constraint_using_index const& op, bool up) {
    schema::constraint const c = op.added.to_schema();
    s.touch(op.table);
    if (up) {
        ask_constraint(s, false, op.table, c);
        needs_index(s, op.table, op.index, true);
    } else {
        needs_constraint(s, op.table, c);
        if (op.index != op.added.name) needs_free_index(s, op.table, op.index);
    }
}

constexpr void expect(preflight_scene& s, migrate::rename_constraint const& op, bool up) {
    migrate::constraint_part after = op.renamed;
    after.name = op.to;
    s.touch(op.table);
    needs_constraint(s, op.table, (up ? op.renamed : after).to_schema());
    needs_free_constraint(s, op.table, (up ? after : op.renamed).to_schema());
}

constexpr void expect(preflight_scene& s, migrate::create_index_t const& op, bool up) {
    s.touch(op.relation);
    needs_relation(s, op.relation);
    if (!up) return needs_index(s, op.relation, op.created.name);
    needs_free_index(s, op.relation, op.created.name);
    if (op.created.unique) ask_unique_index(s, op.relation, op.created.to_schema());
}

template <std::size_t N>
constexpr void expect(preflight_scene& s, migrate::create_enum_t<N> const& op, bool up) {
    s.touch(op.name);
    up ? needs_free_type(s, op.name) : needs_enum(s, op.name);
}

/// The old type is dropped, so every column that has it must be listed, but those that the migration drops before.
constexpr void expect_rebuild(preflight_scene& s, std::string_view type, label_span to, use_span uses) {
    s.touch(type);
    needs_enum(s, type);
    needs_free_type(s, type, "__old");
    s.sink.add(
        severity::error, {type},
        [&](sql::writer& w) {
            w.put("SELECT count(*), string_agg(attrelid::regclass::text || '.' || attname, ', ' ORDER BY attrelid, "
                  "attnum) FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class ON pg_class.oid = attrelid WHERE "
                  "atttypid = ");
            put_regtype(w, type);
            w.put(" AND NOT attisdropped AND relkind IN ('r', 'p')");
            auto const but = [&](std::string_view table, std::string_view column) {
                w.put(" AND NOT (attrelid = coalesce(");
                put_regclass(w, table);
                w.put(", 0) AND attname = ");
                sql::put_literal(w, column);
                w.put(')');
            };
            for (migrate::enum_use const& use : uses) but(use.table, use.column);
            for (schema::table const& t : s.start.tables)
                for (schema::column const& c : t.columns)
                    if (c.type == type && (look_up(s.now.tables, t.name) == nullptr ||
                                           look_up(look_up(s.now.tables, t.name)->columns, c.name) == nullptr))
                        but(t.name, c.name);
        },
        {"columns have enum type ", type, " and are not listed in used_by(...). List them."});
    for (migrate::enum_use const& use : uses) {
        s.touch(use.table);
        needs_column(s, use.table, use.column);
        ask_labels(s, type, use, to);
        s.values_change(use.table, use.column);
    }
}

template <std::size_t From, std::size_t To, std::size_t Uses>
constexpr void expect(preflight_scene& s, migrate::rebuild_enum_t<From, To, Uses> const& op, bool up) {
    up ? expect_rebuild(s, op.type, op.to, op.uses) : expect_rebuild(s, op.type, op.from, op.uses);
}

template <std::size_t Before, std::size_t Added, std::size_t Uses>
constexpr void expect(preflight_scene& s, migrate::add_enum_labels_t<Before, Added, Uses> const& op, bool up) {
    if (!up) return expect_rebuild(s, op.type, op.before, op.uses);
    s.touch(op.type);
    needs_enum(s, op.type);
    s.sink.add(
        severity::error, {op.type},
        [&](sql::writer& w) {
            w.put("SELECT count(*), string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE "
                  "enumtypid = ");
            put_regtype(w, op.type);
            w.put(" AND enumlabel IN (");
            put_literals(w, op.added);
            w.put(')');
        },
        {"labels that come are labels of enum type ", op.type, " already. Remove them there, or do not add them."});
}

constexpr void expect(preflight_scene& s, migrate::create_view_t const& op, bool up) {
    s.touch(op.name);
    up ? needs_free_relation(s, "view", op.name) : needs_relation(s, op.name);
    s.rows_change(op.name);
}

constexpr void expect(preflight_scene& s, migrate::create_function const& op, bool up) {
    s.touch(op.created.name);
    up ? needs_free_function(s, op.created) : needs_function(s, op.created);
}

constexpr void expect(preflight_scene& s, migrate::create_trigger const& op, bool up) {
    s.touch(op.table);
    needs_relation(s, op.table);
    ask_trigger(s, !up, op.table, op.created);
    if (up)
        if (schema::function const* const f = look_up(s.start.functions, op.created.function)) needs_function(s, *f);
}

constexpr void expect(preflight_scene& s, migrate::comment_on_column const& op, bool) {
    s.touch(op.table);
    needs_column(s, op.table, op.column);
}

constexpr void expect(preflight_scene& s, migrate::comment_on_table const& op, bool) {
    s.touch(op.table);
    needs_relation(s, op.table);
}

constexpr void expect(preflight_scene& s, migrate::require_no_rows const& op, bool up) {
    std::string_view const rows = up ? op.up_rows : op.down_rows;
    if (rows.empty()) return;
    needs_relation(s, op.table);
    if (!s.can_ask_text(op.table, rows)) return;
    s.sink.add(
        severity::error, {op.table},
        [&](sql::writer& w) { put_rows_where(w, op.table, row_key{op.key}, [&](sql::writer& out) { out.put(rows); }); },
        {"rows of ", op.table, " ", op.complaint, ". Correct them first."});
}

/// Gives the beginning of an INSERT or UPDATE, which names the table it writes to; nothing for any other statement.
[[nodiscard]] constexpr std::string_view target_of(std::string_view sql) {
    std::size_t const begin = sql.find_first_not_of(" \n\t");
    std::string_view const text = begin == std::string_view::npos ? std::string_view{} : sql.substr(begin);
    if (begins_with(text, "update")) return text.substr(0, find_words(text, "set"));
    if (!begins_with(text, "insert")) return {};
    std::size_t end = text.find('(');
    for (std::string_view word : {"select", "values", "default", "with", "table"})
        if (std::size_t const at = find_words(text.substr(0, end), word); at < end) end = at;
    return text.substr(0, end);
}
static_assert(target_of("UPDATE t SET x = 1 FROM u") == "UPDATE t " && target_of("DELETE FROM t").empty());
static_assert(target_of("INSERT INTO t SELECT 1 FROM u") == "INSERT INTO t " && target_of("WITH x AS ()").empty());

/// An INSERT or UPDATE prepares the table it writes to. A DELETE reaches further, by its cascades, and what else a
/// statement may be can do anything.
constexpr void expect(preflight_scene& s, migrate::statement const& op, bool up) {
    std::string_view const text = up ? op.sql : op.undo;
    if (text.empty()) return;
    std::string_view const target = target_of(text);
    if (target.empty() || op.apply_effect != nullptr || has_several_statements(text)) return s.anything_changes();
    each_mentioned(target, s.now.tables, [&](schema::table const& t) {
        s.rows_change(t.name);
        s.touch(t.name);
    });
}

constexpr void expect(preflight_scene&, migrate::waiver const&, bool) {}

template <class Op>
constexpr void expect(preflight_scene& s, migrate::reversed<Op> const& op, bool up) {
    expect(s, op.of, !up);
}

}  // namespace sark::migrate::detail
