// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/preflight_scene.hpp>

namespace sark::migrate::detail {

// What an operation finds in the catalog. Only what was there, or was not, when the migration began is asked about: the
// rest the migration itself prepares, and the fold proves that it fits.

inline constexpr std::string_view current_namespace =
    "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())";

/// Asks that what the condition describes is there, or is not. What is missing from `beside` is only missing where that
/// relation exists: whoever drops a table reads one sentence and not one per column.
template <class PutSource>
constexpr void ask_catalog(preflight_scene& s, bool wanted, about what, std::string_view beside,
                           PutSource const& put_source, phrase const& says) {
    s.sink.add(
        severity::error, what,
        [&](sql::writer& w) {
            if (!wanted) {
                w.put("SELECT count(*), NULL FROM pg_catalog.");
            } else if (beside.empty()) {
                w.put("SELECT 1 - count(*), NULL FROM pg_catalog.");
            } else {
                w.put("SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = ");
                put_regclass(w, beside);
                w.put(" AND NOT EXISTS (SELECT FROM pg_catalog.");
            }
            put_source(w);
            if (wanted && !beside.empty()) w.put(')');
        },
        says);
}

constexpr void needs_relation(preflight_scene& s, std::string_view name) {
    if (!s.relation_at_start(name) || !s.asks_first(name)) return;
    bool const view = s.view_at_start(name);
    bool const stored = view && look_up(s.start.views, name)->materialized;
    ask_catalog(s, true, {name}, {},
                [&](sql::writer& w) {
                    w.put("pg_class WHERE oid = ");
                    put_regclass(w, name);
                    w.put(!view ? " AND relkind IN ('r', 'p')" : stored ? " AND relkind = 'm'" : " AND relkind = 'v'");
                },
                {view ? "view " : "table ", name, " is missing. Restore it: the chain has made it before."});
}

/// Asks that no relation of the name exists where `beside` is, or where new relations come.
constexpr void needs_free_relation(preflight_scene& s, std::string_view kind, std::string_view name,
                                   std::string_view beside) {
    bool const known = !beside.empty() && s.relation_at_start(beside);
    ask_catalog(s, false, {beside.empty() ? name : beside}, {},
                [&](sql::writer& w) {
                    w.put("pg_class WHERE relname = ");
                    sql::put_literal(w, name);
                    w.put(" AND relnamespace = ");
                    if (!known) return w.put(current_namespace);
                    w.put("(SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = ");
                    put_regclass(w, beside);
                    w.put(')');
                },
                {"the name of ", kind, " ", name, " is taken. Rename or drop what has it."});
}

constexpr void needs_free_relation(preflight_scene& s, std::string_view kind, std::string_view name) {
    if (!s.relation_at_start(name)) needs_free_relation(s, kind, name, {});
}

constexpr void ask_column(preflight_scene& s, bool wanted, std::string_view table, std::string_view name) {
    if (s.table_at_start(table) == nullptr || (s.column_at_start(table, name) != nullptr) != wanted) return;
    if (wanted) needs_relation(s, table);
    ask_catalog(s, wanted, {table}, table,
                [&](sql::writer& w) {
                    w.put("pg_attribute WHERE attrelid = ");
                    put_regclass(w, table);
                    w.put(" AND attname = ");
                    sql::put_literal(w, name);
                    w.put(" AND NOT attisdropped");
                },
                {"column ", table, ".", name,
                 wanted ? " is missing. Restore it: the chain has made it before."
                        : " exists already. Rename or drop it, after a look at its values."});
}
constexpr void needs_column(preflight_scene& s, std::string_view table, std::string_view name) {
    ask_column(s, true, table, name);
}
constexpr void needs_free_column(preflight_scene& s, std::string_view table, std::string_view name) {
    ask_column(s, false, table, name);
}

constexpr void ask_constraint(preflight_scene& s, bool wanted, std::string_view table, schema::constraint const& c) {
    schema::table const* const t = s.table_at_start(table);
    if (t == nullptr || s.constraint_at_start(table, c) != wanted) return;
    bool only_key = !wanted && c.kind == schema::constraint_kind::primary_key;  // a table has one of these
    for (schema::constraint const& other : t->constraints)
        if (other.kind == schema::constraint_kind::primary_key) only_key = false;
    if (wanted) needs_relation(s, table);
    ask_catalog(s, wanted, {table}, table,
                [&](sql::writer& w) {
                    w.put("pg_constraint WHERE conrelid = ");
                    put_regclass(w, table);
                    w.put(only_key ? " AND (contype = 'p' OR conname = " : " AND conname = ");
                    put_constraint_literal(w, table, c);
                    if (only_key) w.put(')');
                },
                {"constraint ", c.name.empty() ? std::string_view{"(named by the server)"} : c.name, " of ", table,
                 wanted     ? " is missing. Restore it: the chain has made it before."
                 : only_key ? " exists already, or the table has another primary key. Drop or rename it."
                            : " exists already. Drop or rename it."});
}
constexpr void needs_constraint(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    ask_constraint(s, true, table, c);
}
constexpr void needs_free_constraint(preflight_scene& s, std::string_view table, schema::constraint const& c) {
    ask_constraint(s, false, table, c);
    bool const has_index = c.kind == schema::constraint_kind::unique || c.kind == schema::constraint_kind::primary_key;
    if (has_index && !c.name.empty() && !s.constraint_at_start(table, c) && s.index_at_start(table, c.name) == nullptr)
        needs_free_relation(s, "constraint", c.name, table);
}

/// Asks for an index; `usable` ones must be unique and valid, as keys need them.
constexpr void needs_index(preflight_scene& s, std::string_view relation, std::string_view name, bool usable = false) {
    if (s.index_at_start(relation, name) == nullptr) return;
    needs_relation(s, relation);
    ask_catalog(s, true, {relation}, relation,
                [&](sql::writer& w) {
                    w.put("pg_index WHERE indexrelid = ");
                    put_regclass(w, name);
                    w.put(" AND indrelid = ");
                    put_regclass(w, relation);
                    if (usable) w.put(" AND indisunique AND indisvalid");
                },
                {"index ", name, " of ", relation,
                 usable ? " is missing, not unique or not valid. Build it anew." : " is missing. Create it again."});
}
constexpr void needs_free_index(preflight_scene& s, std::string_view relation, std::string_view name) {
    if (s.index_at_start(relation, name) == nullptr) needs_free_relation(s, "index", name, relation);
}

constexpr void needs_enum(preflight_scene& s, std::string_view name) {
    if (look_up(s.start.enums, name) == nullptr) return;
    ask_catalog(s, true, {name}, {},
                [&](sql::writer& w) {
                    w.put("pg_type WHERE oid = ");
                    put_regtype(w, name);
                    w.put(" AND typtype = 'e'");
                },
                {"enum type ", name, " is missing. Restore it: the chain has made it before."});
}

/// Asks that a type's name is free; `suffix` is for the name that the old type of a rebuild takes.
constexpr void needs_free_type(preflight_scene& s, std::string_view name, std::string_view suffix = {}) {
    if (suffix.empty() && look_up(s.start.enums, name) != nullptr) return;
    ask_catalog(s, false, {name}, {},
                [&](sql::writer& w) {
                    w.put("pg_type WHERE typname = '");
                    put_literal_part(w, name);
                    put_literal_part(w, suffix);
                    w.put("' AND typnamespace = ");
                    w.put(current_namespace);
                },
                {"the name of type ", name, suffix, " is taken. Rename or drop what has it."});
}

constexpr void ask_trigger(preflight_scene& s, bool wanted, std::string_view table, schema::trigger const& t) {
    schema::table const* const found = s.table_at_start(table);
    if (found == nullptr || (look_up(found->triggers, t.name) != nullptr) != wanted) return;
    if (wanted) needs_relation(s, table);
    ask_catalog(s, wanted, {table, t.function}, table,
                [&](sql::writer& w) {
                    w.put("pg_trigger WHERE tgrelid = ");
                    put_regclass(w, table);
                    w.put(" AND tgname = ");
                    sql::put_literal(w, t.name);
                },
                {"trigger ", t.name, " of ", table,
                 wanted ? " is missing. Create it again." : " exists already. Rename or drop it."});
}

/// Writes the condition for a function's row of the catalog: its name, and how many arguments it takes where the text
/// tells it.
constexpr void put_function_condition(sql::writer& w, schema::function const& f) {
    w.put("proname = ");
    sql::put_literal(w, f.name);
    bool const counted = !has_words(f.arguments, "out") && !has_words(f.arguments, "table");
    if (counted) {
        std::size_t n = f.arguments.find_first_not_of(" \n\t") == std::string_view::npos ? 0 : 1;
        long depth = 0;
        for (std::size_t at = 0; at < f.arguments.size();) {
            if (std::size_t const behind = skip_quoted(f.arguments, at); behind != at) {
                at = behind;
                continue;
            }
            char const c = f.arguments[at++];
            if (c == '(' || c == '[') ++depth;
            if (c == ')' || c == ']') --depth;
            if (c == ',' && depth == 0) ++n;
        }
        w.put(" AND pronargs = ");
        w.put_number(n);
    }
}

constexpr void needs_function(preflight_scene& s, schema::function const& f) {
    if (look_up(s.start.functions, f.name) == nullptr) return;
    s.sink.add(severity::error, {f.name},
               [&](sql::writer& w) {
                   w.put("SELECT (count(*) = 0)::integer, NULL FROM pg_catalog.pg_proc WHERE ");
                   put_function_condition(w, f);
                   w.put(" AND pg_function_is_visible(oid)");
               },
               {"function ", f.name, " is missing. Create it again."});
}

/// Only a function without arguments is told apart from others of its name without asking the parser.
constexpr void needs_free_function(preflight_scene& s, schema::function const& f) {
    if (look_up(s.start.functions, f.name) != nullptr || !f.arguments.empty()) return;
    ask_catalog(s, false, {f.name}, {},
                [&](sql::writer& w) {
                    w.put("pg_proc WHERE ");
                    put_function_condition(w, f);
                    w.put(" AND pronamespace = ");
                    w.put(current_namespace);
                },
                {"function ", f.name, " exists already. Rename or drop it."});
}

}  // namespace sark::migrate::detail
