// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/constraint_parts.hpp>
#include <sark/migrate/detail/preflight_scene.hpp>
#include <sark/migrate/detail/preflight_types.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/index_parts.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate::detail {

// What an operation finds in the rows.

/// Asks for rows of a table that fulfil a condition.
template <class PutCondition>
constexpr void ask_rows(preflight_scene& s, severity level, std::string_view table, PutCondition const& put,
                        phrase const& says) {
    s.sink.add(
        level, {table}, [&](sql::writer& w) { put_rows_where(w, table, s.key_of(table), put); }, says);
}

constexpr void ask_nulls(preflight_scene& s, std::string_view table, std::string_view column) {
    if (!s.can_ask(table, column)) return;
    ask_rows(s, severity::error, table,
             [&](sql::writer& w) {
                 sql::put_identifier(w, column);
                 w.put(" IS NULL");
             },
             {"rows of ", table, " have NULL in ", column, ", which becomes NOT NULL. Fill them first."});
}

/// A check fails only where it is false: NULL passes.
constexpr void ask_check(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    if (!s.can_ask_text(table, c.expression)) return;
    ask_rows(s, severity::error, table,
             [&](sql::writer& w) {
                 w.put("NOT (");
                 w.put(c.expression);
                 w.put(')');
             },
             {"rows of ", table, " violate ", c.name, ". Correct them first."});
}

/// MATCH SIMPLE: a key with a NULL in it points nowhere and passes.
constexpr void ask_orphans(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    if (!s.can_ask_all(table, c.columns) || !s.can_ask_all(c.references, c.referenced)) return;
    s.sink.add(severity::error, {table, c.references},
               [&](sql::writer& w) {
                   put_row_count(w, s.key_of(table), [&](sql::writer& out) {
                       sql::put_identifier(out, table);
                       out.put(" AS child WHERE ");
                       for (std::string_view name : c.columns) {
                           out.put("child.");
                           sql::put_identifier(out, name);
                           out.put(" IS NOT NULL AND ");
                       }
                       out.put("NOT EXISTS (SELECT FROM ");
                       sql::put_identifier(out, c.references);
                       out.put(" AS parent WHERE ");
                       bool first = true;
                       for (std::size_t i = 0; i < c.columns.size() && i < c.referenced.size(); ++i) {
                           out.put_separator(first, " AND ");
                           out.put("parent.");
                           sql::put_identifier(out, c.referenced[i]);
                           out.put(" = child.");
                           sql::put_identifier(out, c.columns[i]);
                       }
                       out.put(')');
                   });
               },
               {"rows of ", table, " point to rows of ", c.references,
                " that do not exist. Delete them, or correct where they point to."});
}

/// Asks for rows whose key another row before them has. NULLs are distinct, so a row with one in its key is no
/// duplicate; `put_predicate` limits the rows of a partial index and may write nothing.
template <class PutKey, class PutPredicate>
constexpr void ask_duplicates(preflight_scene& s, std::string_view relation, std::size_t keys, PutKey const& put_key,
                              PutPredicate const& put_predicate, phrase const& says) {
    s.sink.add(
        severity::error, {relation},
        [&](sql::writer& w) {
            row_key const key = s.key_of(relation);
            put_row_count(w, key, [&](sql::writer& out) {
                out.put("(SELECT ");
                key.put_order(out);
                out.put(", row_number() OVER (PARTITION BY ");
                for (std::size_t i = 0; i < keys; ++i) {
                    if (i > 0) out.put(", ");
                    put_key(out, i);
                }
                out.put(" ORDER BY ");
                key.put_order(out);
                out.put(") AS sark_copy FROM ");
                sql::put_identifier(out, relation);
                for (std::size_t i = 0; i < keys; ++i) {
                    out.put(i == 0 ? " WHERE " : " AND ");
                    put_key(out, i);
                    out.put(" IS NOT NULL");
                }
                put_predicate(out);
                out.put(") AS numbered WHERE sark_copy > 1");
            });
        },
        says);
}

constexpr void ask_key(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    if (c.kind == schema::constraint_kind::primary_key)
        for (std::string_view name : c.columns) {
            schema::column const* const column = s.column_at_start(table, name);
            if (column != nullptr && column->nullable) ask_nulls(s, table, name);
        }
    if (!s.can_ask_all(table, c.columns)) return;
    ask_duplicates(
        s, table, c.columns.size(), [&](sql::writer& w, std::size_t i) { sql::put_identifier(w, c.columns[i]); },
        [](sql::writer&) {},
        {"rows of ", table, " repeat the ",
         c.kind == schema::constraint_kind::primary_key ? "primary key" : "unique key",
         " of another row. Remove or change them first."});
}

constexpr void ask_unique_index(preflight_scene& s, std::string_view relation, schema::index const& i) {
    if (!s.can_ask_rows(relation) || !s.can_ask_text(relation, i.where)) return;
    for (schema::index_key const& key : i.keys)
        if (key.expression.empty() ? !s.can_ask(relation, key.column) : !s.can_ask_text(relation, key.expression))
            return;
    ask_duplicates(
        s, relation, i.keys.size(),
        [&](sql::writer& w, std::size_t k) {
            schema::index_key const& key = i.keys[k];
            if (key.expression.empty()) return sql::put_identifier(w, key.column);
            w.put('(');
            w.put(key.expression);
            w.put(')');
        },
        [&](sql::writer& w) {
            if (i.where.empty()) return;
            w.put(" AND (");
            w.put(i.where);
            w.put(')');
        },
        {"rows of ", relation, " repeat the key of another row in unique index ", i.name,
         ". Remove or change them first."});
}

constexpr void ask_constraint_rows(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    switch (c.kind) {
        case schema::constraint_kind::check: return ask_check(s, table, c);
        case schema::constraint_kind::foreign_key: return ask_orphans(s, table, c);
        case schema::constraint_kind::unique:
        case schema::constraint_kind::primary_key: return ask_key(s, table, c);
    }
}

/// Warns of what goes with a table.
constexpr void ask_lost_rows(preflight_scene& s, std::string_view table) {
    if (!s.can_ask_rows(table)) return;
    s.sink.add(severity::warning, {table},
               [&](sql::writer& w) {
                   w.put("SELECT count(*), NULL FROM ");
                   sql::put_identifier(w, table);
               },
               {"rows of ", table, " are lost with it. Save what is still needed."});
}

constexpr void ask_lost_values(preflight_scene& s, std::string_view table, std::string_view column) {
    if (!s.can_ask(table, column)) return;
    s.sink.add(severity::warning, {table},
               [&](sql::writer& w) {
                   w.put("SELECT count(");
                   sql::put_identifier(w, column);
                   w.put("), NULL FROM ");
                   sql::put_identifier(w, table);
               },
               {"values of ", table, ".", column, " are lost with it. Save what is still needed."});
}

constexpr void ask_no_rows_for(preflight_scene& s, std::string_view table, schema::column const& added) {
    if (added.nullable || !added.fallback.empty() || is_generated(added) || !s.can_ask_rows(table)) return;
    ask_rows(s, severity::error, table, [](sql::writer& w) { w.put("true"); },
             {"rows of ", table, " have no value for new column ", added.name,
              ", which is NOT NULL and has no default. Add it with a default, or nullable first."});
}

constexpr void put_other_label(sql::writer& w, std::string_view column, label_span labels) {
    sql::put_identifier(w, column);
    w.put("::text NOT IN (");
    put_literals(w, labels);
    w.put(')');
}

constexpr void ask_labels(preflight_scene& s, std::string_view type, migrate::enum_use const& use, label_span labels) {
    if (!s.can_ask(use.table, use.column)) return;
    s.sink.add(severity::error, {use.table, type},
               [&](sql::writer& w) {
                   put_rows_where(w, use.table, row_key{use.key},
                                  [&](sql::writer& out) { put_other_label(out, use.column, labels); });
               },
               {"rows of ", use.table, " use a label in ", use.column, " that enum type ", type,
                " will not have. Give them another one first."});
}

/// Tells whether a conversion does nothing but cast the column to the type: `mood::text::mood`, with or without quotes.
[[nodiscard]] constexpr bool only_casts(std::string_view conversion, std::string_view column, std::string_view type) {
    auto const take = [&](std::string_view word) {
        bool const quoted = conversion.starts_with('"');
        if (quoted) conversion.remove_prefix(1);
        if (!conversion.starts_with(word)) return false;
        conversion.remove_prefix(word.size());
        if (quoted && !conversion.starts_with('"')) return false;
        if (quoted) conversion.remove_prefix(1);
        return true;
    };
    if (!take(column)) return false;
    if (conversion.starts_with("::text::")) conversion.remove_prefix(6);
    if (!conversion.starts_with("::")) return false;
    conversion.remove_prefix(2);
    return take(type) && conversion.empty();
}
static_assert(only_casts("\"mood\"::text::mood", "mood", "mood") && !only_casts("lower(mood)::mood", "mood", "mood"));

/// Asks about one column whose type changes.
constexpr void ask_type(preflight_scene& s, std::string_view table, std::string_view column, std::string_view from,
                        std::string_view to, std::string_view conversion) {
    if (keeps_values(from, to) && conversion.empty()) return;
    bool const can_ask = conversion.empty() ? s.can_ask(table, column) : s.can_ask_text(table, conversion);
    if (!can_ask) return;
    known_type const before = known_type_of(from);
    known_type const after = known_type_of(to);
    auto const put_value = [&](sql::writer& w) {
        if (conversion.empty()) return sql::put_identifier(w, column);
        w.put('(');
        w.put(conversion);
        w.put(')');
    };
    schema::enum_type const* const labels = look_up(s.now.enums, to);
    if (labels != nullptr && only_casts(conversion, column, to))
        return ask_rows(s, severity::error, table, [&](sql::writer& w) { put_other_label(w, column, labels->labels); },
                        {"rows of ", table, " have a text in ", column, " that is no label of enum type ", to,
                         ". Correct them first."});
    auto const ask = [&](severity level, auto const& put, phrase const& says) {
        sql::writer counter;
        put(counter);
        if (counter.size() > 0) ask_rows(s, level, table, put, says);
    };
    // What a conversion gives has a type that only the server knows, but every type has a text.
    if (conversion.empty() || after.family == type_family::text)
        ask(severity::error, [&](sql::writer& w) { put_too_big(w, before, after, put_value); },
            {"rows of ", table, " have a value in ", column, " that does not fit ", to, ". Correct them first."});
    if (conversion.empty())
        return ask(severity::warning, [&](sql::writer& w) { put_rounded(w, before, after, put_value); },
                   {"rows of ", table, " have a value in ", column, " that is rounded to fit ", to,
                    ". Save it if the digits count."});
    schema::column const* const now = s.column_at_start(table, column);
    if (now != nullptr && !now->nullable)
        ask_rows(s, severity::error, table,
                 [&](sql::writer& w) {
                     put_value(w);
                     w.put(" IS NULL");
                 },
                 {"rows of ", table, " get NULL in ", column, " by its change to ", to,
                  ", and it is NOT NULL. Correct them first."});
}

}  // namespace sark::migrate::detail
