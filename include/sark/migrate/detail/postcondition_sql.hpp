// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/assertion_sink.hpp>
#include <sark/migrate/detail/assertion_sql.hpp>
#include <sark/migrate/detail/lint_rewrites.hpp>
#include <sark/migrate/detail/preflight_catalog.hpp>
#include <sark/schema/definition.hpp>

namespace sark::migrate::detail {

// What a catalog has to hold: one SELECT per table and kind of thing, which joins what is wanted to what is there and
// keeps what differs. It names each thing that is wrong and says how.

/// Begins a SELECT that joins wanted rows, `put_values`, to the catalog.
template <class PutValues>
constexpr void put_wanted(sql::writer& w, std::string_view wrong, std::string_view columns,
                          PutValues const& put_values) {
    w.put("SELECT count(*), string_agg(wanted.name || ' ' || ");
    w.put(wrong);
    w.put(", '; ' ORDER BY wanted.name) FROM (VALUES ");
    put_values(w);
    w.put(") AS wanted(");
    w.put(columns);
    w.put(") LEFT JOIN ");
}

constexpr void put_boolean(sql::writer& w, bool value) { w.put(value ? "true" : "false"); }

/// Splits the type of a column as CREATE TABLE takes it into what the catalog keeps.
struct stored_type {
    std::string_view name;       ///< what to_regtype takes
    std::string_view modifiers;  ///< what stands between its parentheses in format_type
    bool fills_itself = false;   ///< by a sequence of its own
    bool generated = false;      ///< as identity or from other columns, each of which has a default or has none
};

[[nodiscard]] constexpr stored_type stored_type_of(std::string_view type) {
    stored_type made{.name = type, .modifiers = {}};
    for (std::string_view word : {" generated", " collate"})
        for (std::size_t at = 0; at < made.name.size(); ++at)
            if (begins_with(made.name.substr(at), word)) {
                made.generated = made.generated || word == " generated";
                made.name = made.name.substr(0, at);
            }
    auto const is = [&](std::string_view word) {
        return word.size() == made.name.size() && begins_with(made.name, word);
    };
    constexpr std::string_view serials[][2] = {{"bigserial", "bigint"},     {"serial8", "bigint"},
                                               {"serial", "integer"},       {"serial4", "integer"},
                                               {"smallserial", "smallint"}, {"serial2", "smallint"}};
    for (auto const& serial : serials)
        if (is(serial[0])) return {.name = serial[1], .modifiers = {}, .fills_itself = true};
    if (is("char") || is("character") || is("bit")) made.modifiers = "1";
    std::size_t const open = made.name.find('(');
    std::size_t const close = made.name.find(')');
    if (made.name.starts_with('"') || open == std::string_view::npos || close == std::string_view::npos) return made;
    made.modifiers = made.name.substr(open + 1, close - open - 1);
    return made;
}

static_assert(stored_type_of("bigserial").name == "bigint" && stored_type_of("varchar(9)").modifiers == "9");
static_assert(stored_type_of("bigint GENERATED ALWAYS AS IDENTITY").name == "bigint");

/// Writes modifiers as format_type does: without blanks, and with the scale that numeric has by itself.
constexpr void put_modifiers(sql::writer& w, std::string_view type, stored_type const& stored) {
    w.put('\'');
    for (char c : stored.modifiers)
        if (c != ' ') w.put(c);
    bool const decimal = begins_with(type, "numeric") || begins_with(type, "decimal");
    if (decimal && !stored.modifiers.empty() && stored.modifiers.find(',') == std::string_view::npos) w.put(",0");
    w.put('\'');
}

template <class T>
using pointers = std::vector<T const*>;

constexpr bool is_in_primary_key(schema::table const& t, std::string_view column) {
    for (schema::constraint const& c : t.constraints)
        if (c.kind == schema::constraint_kind::primary_key &&
            std::find(c.columns.begin(), c.columns.end(), column) != c.columns.end())
            return true;
    return false;
}

/// Asserts columns of a table: type, NOT NULL, whether there is a default, and the comment where there is one.
constexpr void assert_columns(assertion_sink& s, schema::table const& t, pointers<schema::column> const& columns) {
    if (columns.empty()) return;
    s.add(
        severity::error, {t.name},
        [&](sql::writer& w) {
            put_wanted(
                w,
                "CASE WHEN attname IS NULL THEN 'is missing' "
                "WHEN atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> "
                "coalesce(substring(format_type(atttypid, atttypmod) from '\\((.*)\\)'), '') "
                "THEN 'is ' || format_type(atttypid, atttypmod) "
                "WHEN attnotnull <> not_null THEN CASE WHEN attnotnull THEN 'is' ELSE 'is not' END || ' NOT NULL' "
                "WHEN atthasdef <> has_default THEN CASE WHEN atthasdef THEN 'has a' ELSE 'has no' END || "
                "' default' ELSE 'has another comment' END",
                "name, type, modifiers, not_null, has_default, comment", [&](sql::writer& out) {
                    bool first = true;
                    for (schema::column const* c : columns) {
                        stored_type const type = stored_type_of(c->type);
                        out.put_separator(first, ", ");
                        out.put('(');
                        sql::put_literal(out, c->name);
                        out.put(", ");
                        sql::put_literal(out, type.name);
                        out.put(", ");
                        put_modifiers(out, c->type, type);
                        out.put(", ");
                        put_boolean(out, !c->nullable || is_in_primary_key(t, c->name));
                        out.put(", ");
                        if (type.generated)
                            out.put("NULL");
                        else
                            put_boolean(out, !c->fallback.empty() || type.fills_itself);
                        out.put(c == columns.front() ? "::boolean, " : ", ");
                        if (c->comment.empty())
                            out.put("NULL");
                        else
                            sql::put_literal(out, c->comment);
                        out.put(c == columns.front() ? "::text)" : ")");
                    }
                });
            w.put("pg_catalog.pg_attribute ON attrelid = ");
            put_regclass(w, t.name);
            w.put(
                " AND attname = wanted.name AND attnum > 0 AND NOT attisdropped WHERE attname IS NULL OR atttypid IS "
                "DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) "
                "from '\\((.*)\\)'), '') OR attnotnull <> not_null OR atthasdef <> has_default OR (comment IS NOT NULL "
                "AND comment IS DISTINCT FROM col_description(attrelid, attnum))");
        },
        {"columns of ", t.name, " are not what the migrations made. Compare them with its definition."});
}

/// Is a constraint and whether its rows have been read.
struct wanted_constraint {
    schema::constraint const* constraint;
    bool validated;
};

constexpr char letter_of(schema::constraint_kind kind) {
    switch (kind) {
        case schema::constraint_kind::primary_key: return 'p';
        case schema::constraint_kind::unique: return 'u';
        case schema::constraint_kind::foreign_key: return 'f';
        case schema::constraint_kind::check: break;
    }
    return 'c';
}

constexpr char letter_of(schema::referential_action action) {
    switch (action) {
        case schema::referential_action::restrict: return 'r';
        case schema::referential_action::cascade: return 'c';
        case schema::referential_action::set_null: return 'n';
        case schema::referential_action::set_default: return 'd';
        case schema::referential_action::no_action: break;
    }
    return 'a';
}

/// Writes names as one literal, joined by commas as the catalog's are.
template <class Names>
constexpr void put_joined(sql::writer& w, Names const& names) {
    w.put('\'');
    bool first = true;
    for (std::string_view name : names) {
        w.put_separator(first, ",");
        put_literal_part(w, name);
    }
    w.put('\'');
}

/// Asserts constraints of a table: kind, columns, where a foreign key points to and what deleting does there, and that
/// what was validated is.
constexpr void assert_constraints(assertion_sink& s, schema::table const& t,
                                  std::vector<wanted_constraint> const& constraints) {
    if (constraints.empty()) return;
    s.add(severity::error, {t.name},
          [&](sql::writer& w) {
              put_wanted(w,
                         "CASE WHEN conname IS NULL THEN 'is missing' WHEN valid AND NOT convalidated THEN 'is not "
                         "valid' ELSE 'is another: ' || pg_get_constraintdef(found.oid) END",
                         "name, kind, valid, columns, target, action", [&](sql::writer& out) {
                             bool first = true;
                             for (wanted_constraint const& c : constraints) {
                                 schema::constraint const& k = *c.constraint;
                                 bool const key = k.kind == schema::constraint_kind::foreign_key;
                                 out.put_separator(first, ", ");
                                 out.put('(');
                                 put_constraint_literal(out, t.name, k);
                                 out.put(", '");
                                 out.put(letter_of(k.kind));
                                 out.put("', ");
                                 put_boolean(out, c.validated);
                                 out.put(", ");
                                 put_joined(out, k.columns);
                                 out.put(", ");
                                 if (key)
                                     put_regclass(out, k.references);
                                 else
                                     out.put("NULL");
                                 out.put(", '");
                                 out.put(key ? letter_of(k.on_delete) : ' ');
                                 out.put("')");
                             }
                         });
              w.put("pg_catalog.pg_constraint AS found ON conrelid = ");
              put_regclass(w, t.name);
              w.put(" AND conname = wanted.name WHERE conname IS NULL OR contype::text <> kind OR (valid AND NOT "
                    "convalidated) OR (kind = 'f' AND (confrelid IS DISTINCT FROM target::oid OR confdeltype::text <> "
                    "action)) OR (kind <> 'c' AND columns <> (SELECT string_agg(attname, ',' ORDER BY place) FROM "
                    "unnest(conkey) WITH ORDINALITY AS key(number, place) JOIN pg_catalog.pg_attribute ON attrelid = "
                    "conrelid AND attnum = number))");
          },
          {"constraints of ", t.name, " are not what the migrations made. Compare them with its definition."});
}

/// Asserts indexes of a table or a materialized view: usable, their method, uniqueness, columns and whether partial.
constexpr void assert_indexes(assertion_sink& s, std::string_view relation, pointers<schema::index> const& indexes) {
    if (indexes.empty()) return;
    s.add(
        severity::error, {relation},
        [&](sql::writer& w) {
            put_wanted(w,
                       "CASE WHEN indexrelid IS NULL THEN 'is missing' WHEN NOT indisvalid OR NOT indisready THEN 'is "
                       "not valid' ELSE 'is another: ' || pg_get_indexdef(indexrelid) END",
                       "name, method, is_unique, partial, columns", [&](sql::writer& out) {
                           bool first = true;
                           for (schema::index const* i : indexes) {
                               std::vector<std::string_view> names;
                               for (schema::index_key const& key : i->keys)
                                   names.push_back(key.expression.empty() ? key.column : std::string_view{"()"});
                               for (std::string_view name : i->include) names.push_back(name);
                               out.put_separator(first, ", ");
                               out.put('(');
                               sql::put_literal(out, i->name);
                               out.put(", ");
                               sql::put_literal(out, i->method);
                               out.put(", ");
                               put_boolean(out, i->unique);
                               out.put(", ");
                               put_boolean(out, !i->where.empty());
                               out.put(", ");
                               put_joined(out, names);
                               out.put(')');
                           }
                       });
            w.put("(pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid JOIN pg_catalog.pg_am ON "
                  "pg_am.oid = relam) ON indrelid = ");
            put_regclass(w, relation);
            w.put(
                " AND relname = wanted.name WHERE indexrelid IS NULL OR NOT indisvalid OR NOT indisready OR amname <> "
                "method OR indisunique <> is_unique OR (indpred IS NOT NULL) <> partial OR columns <> (SELECT "
                "string_agg(coalesce(attname, '()'), ',' ORDER BY place) FROM unnest(indkey::smallint[]) WITH "
                "ORDINALITY AS key(number, place) LEFT JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum "
                "= number AND number > 0)");
        },
        {"indexes of ", relation, " are not what the migrations made. Create them anew."});
}

/// Asserts triggers of a table: their function, and that they are enabled.
constexpr void assert_triggers(assertion_sink& s, std::string_view table, pointers<schema::trigger> const& triggers) {
    if (triggers.empty()) return;
    s.add(severity::error, {table},
          [&](sql::writer& w) {
              put_wanted(
                  w,
                  "CASE WHEN tgname IS NULL THEN 'is missing' WHEN tgenabled = 'D' THEN 'is disabled' ELSE 'calls ' "
                  "|| tgfoid::regproc END",
                  "name, function", [&](sql::writer& out) {
                      bool first = true;
                      for (schema::trigger const* t : triggers) {
                          out.put_separator(first, ", ");
                          out.put('(');
                          sql::put_literal(out, t->name);
                          out.put(", ");
                          sql::put_literal(out, t->function);
                          out.put(')');
                      }
                  });
              w.put("(pg_catalog.pg_trigger JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid) ON tgrelid = ");
              put_regclass(w, table);
              w.put(" AND tgname = wanted.name WHERE tgname IS NULL OR tgenabled = 'D' OR proname <> function");
          },
          {"triggers of ", table, " are not what the migrations made. Create or enable them."});
}

/// Asserts that a table exists, for one without columns to ask for.
constexpr void assert_table(assertion_sink& s, std::string_view name) {
    s.add(severity::error, {name},
          [&](sql::writer& w) {
              w.put("SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = ");
              put_regclass(w, name);
              w.put(" AND relkind IN ('r', 'p')");
          },
          {"table ", name, " is missing. Restore it: the migrations have made it."});
}

constexpr void assert_enum(assertion_sink& s, schema::enum_type const& e) {
    s.add(
        severity::error, {e.name},
        [&](sql::writer& w) {
            w.put(
                "SELECT count(*), coalesce('has ' || string_agg(array_to_string(labels, ', '), ''), 'is missing') FROM "
                "(SELECT array_agg(enumlabel::text ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum WHERE "
                "enumtypid = ");
            put_regtype(w, e.name);
            w.put(") AS found WHERE labels IS DISTINCT FROM ARRAY[");
            put_literals(w, e.labels);
            w.put("]::text[]");
        },
        {"enum type ", e.name, " has not the labels that the migrations made, in their order. Add what is missing."});
}

constexpr void assert_view(assertion_sink& s, schema::view const& v) {
    s.add(severity::error, {v.name},
          [&](sql::writer& w) {
              w.put("SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = ");
              put_regclass(w, v.name);
              w.put(v.materialized ? " AND relkind = 'm' AND relispopulated" : " AND relkind = 'v'");
          },
          {v.materialized ? "materialized view " : "view ", v.name,
           v.materialized ? " is missing or not filled. Create or refresh it." : " is missing. Create it."});
}

constexpr void assert_function(assertion_sink& s, schema::function const& f) {
    s.add(severity::error, {f.name},
          [&](sql::writer& w) {
              w.put("SELECT (count(*) = 0)::integer, NULL FROM pg_catalog.pg_proc WHERE ");
              put_function_condition(w, f);
              w.put(" AND pg_function_is_visible(oid)");
          },
          {"function ", f.name, " is missing. Create it."});
}

/// Asserts that things are gone: `from` names the catalog and its condition, `name` its column.
constexpr void assert_gone(assertion_sink& s, std::string_view kind, std::string_view of, std::string_view name,
                           std::string_view from, std::string_view relation,
                           std::vector<std::string_view> const& names) {
    if (names.empty()) return;
    s.add(
        severity::error, {of},
        [&](sql::writer& w) {
            put_words(w, {"SELECT count(*), string_agg(", name, ", ', ' ORDER BY ", name, ") FROM pg_catalog.", from});
            if (relation.empty())
                w.put(current_namespace);
            else
                put_regclass(w, relation);
            put_words(w, {" AND ", name, " IN ("});
            put_literals(w, names);
            w.put(')');
        },
        {kind, of, " are still there, though the migrations dropped them. Drop them."});
}

constexpr void assert_constraints_gone(assertion_sink& s, std::string_view table,
                                       pointers<schema::constraint> const& constraints) {
    if (constraints.empty()) return;
    s.add(severity::error, {table},
          [&](sql::writer& w) {
              w.put("SELECT count(*), string_agg(conname, ', ' ORDER BY conname) FROM pg_catalog.pg_constraint WHERE "
                    "conrelid = ");
              put_regclass(w, table);
              w.put(" AND conname IN (");
              bool first = true;
              for (schema::constraint const* c : constraints) {
                  w.put_separator(first, ", ");
                  put_constraint_literal(w, table, *c);
              }
              w.put(')');
          },
          {"constraints of ", table, " are still there, though the migrations dropped them. Drop them."});
}

constexpr void assert_function_gone(assertion_sink& s, schema::function const& f) {
    s.add(severity::error, {f.name},
          [&](sql::writer& w) {
              w.put("SELECT count(*), NULL FROM pg_catalog.pg_proc WHERE ");
              put_function_condition(w, f);
              w.put(" AND pronamespace = ");
              w.put(current_namespace);
          },
          {"function ", f.name, " is still there, though the migrations dropped it. Drop it."});
}

}  // namespace sark::migrate::detail
