// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/definition.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark::schema {

/// Writes the name the server would choose for an unnamed constraint: `t_pkey`, `t_a_b_key`, `t_a_fkey`, `t_check`.
///
/// Source: ChooseIndexName and ChooseConstraintName of the server; it adds a number when the name is taken, which a
/// definition avoids by naming the second one.
constexpr void put_constraint_name(sql::writer& w, std::string_view table, constraint const& c) {
    w.put('"');
    if (!c.name.empty()) {
        sql::put_identifier_part(w, c.name);
    } else {
        sql::put_identifier_part(w, table);
        if (c.kind != constraint_kind::primary_key)
            for (std::string_view column : c.columns) {
                w.put('_');
                sql::put_identifier_part(w, column);
            }
        switch (c.kind) {
            case constraint_kind::primary_key: w.put("_pkey"); break;
            case constraint_kind::unique: w.put("_key"); break;
            case constraint_kind::foreign_key: w.put("_fkey"); break;
            case constraint_kind::check: w.put("_check"); break;
        }
    }
    w.put('"');
}

[[nodiscard]] constexpr std::string_view text_of(referential_action action) {
    switch (action) {
        case referential_action::restrict: return "RESTRICT";
        case referential_action::cascade: return "CASCADE";
        case referential_action::set_null: return "SET NULL";
        case referential_action::set_default: return "SET DEFAULT";
        case referential_action::no_action: break;
    }
    return "NO ACTION";
}

/// Writes `"name" type NOT NULL DEFAULT …`.
constexpr void put_column(sql::writer& w, column const& c) {
    sql::put_identifier(w, c.name);
    w.put(' ');
    w.put(c.type);
    if (!c.nullable) w.put(" NOT NULL");
    if (!c.fallback.empty()) {
        w.put(" DEFAULT ");
        w.put(c.fallback);
    }
}

/// Writes `CONSTRAINT "name" …`, for CREATE TABLE and for ALTER TABLE … ADD.
constexpr void put_constraint(sql::writer& w, std::string_view table, constraint const& c) {
    w.put("CONSTRAINT ");
    put_constraint_name(w, table, c);
    switch (c.kind) {
        case constraint_kind::primary_key: w.put(" PRIMARY KEY ("); break;
        case constraint_kind::unique: w.put(" UNIQUE ("); break;
        case constraint_kind::foreign_key: w.put(" FOREIGN KEY ("); break;
        case constraint_kind::check:
            w.put(" CHECK (");
            w.put(c.expression);
            w.put(')');
            return;
    }
    sql::put_identifiers(w, c.columns);
    w.put(')');
    if (c.kind != constraint_kind::foreign_key) return;
    w.put(" REFERENCES ");
    sql::put_identifier(w, c.references);
    w.put(" (");
    sql::put_identifiers(w, c.referenced);
    w.put(')');
    if (c.on_delete != referential_action::no_action) {
        w.put(" ON DELETE ");
        w.put(text_of(c.on_delete));
    }
}

/// Writes CREATE TABLE with its columns and constraints; indexes and comments are statements of their own.
constexpr void put_create_table(sql::writer& w, table const& t, std::string_view if_not_exists = "") {
    w.put("CREATE TABLE ");
    w.put(if_not_exists);
    sql::put_identifier(w, t.name);
    w.put(" (\n    ");
    bool first = true;
    for (column const& c : t.columns) {
        w.put_separator(first, ",\n    ");
        put_column(w, c);
    }
    for (constraint const& c : t.constraints) {
        w.put_separator(first, ",\n    ");
        put_constraint(w, t.name, c);
    }
    w.put("\n)");
}

constexpr void put_index_key(sql::writer& w, index_key const& key) {
    if (key.expression.empty()) {
        sql::put_identifier(w, key.column);
    } else {
        w.put('(');
        w.put(key.expression);
        w.put(')');
    }
    if (!key.operator_class.empty()) {
        w.put(' ');
        w.put(key.operator_class);
    }
    if (key.descending) w.put(" DESC");
    if (key.nulls == nulls_order::first) w.put(" NULLS FIRST");
    if (key.nulls == nulls_order::last) w.put(" NULLS LAST");
}

/// Writes CREATE INDEX; `concurrently` must run outside a transaction.
constexpr void put_create_index(sql::writer& w, std::string_view table, index const& i, bool concurrently = false) {
    w.put(i.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    if (concurrently) w.put("CONCURRENTLY ");
    sql::put_identifier(w, i.name);
    w.put(" ON ");
    sql::put_identifier(w, table);
    w.put(" USING ");
    w.put(i.method);
    w.put(" (");
    bool first = true;
    for (index_key const& key : i.keys) {
        w.put_separator(first, ", ");
        put_index_key(w, key);
    }
    w.put(')');
    if (!i.include.empty()) {
        w.put(" INCLUDE (");
        sql::put_identifiers(w, i.include);
        w.put(')');
    }
    if (!i.where.empty()) {
        w.put(" WHERE ");
        w.put(i.where);
    }
}

constexpr void put_create_enum(sql::writer& w, enum_type const& e) {
    w.put("CREATE TYPE ");
    sql::put_identifier(w, e.name);
    w.put(" AS ENUM (");
    bool first = true;
    for (std::string_view label : e.labels) {
        w.put_separator(first, ", ");
        sql::put_literal(w, label);
    }
    w.put(')');
}

constexpr void put_create_view(sql::writer& w, view const& v) {
    w.put(v.materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ");
    sql::put_identifier(w, v.name);
    w.put(" AS\n");
    w.put(v.query);
}

/// Writes CREATE FUNCTION; the body stands between `$sark$` marks, so it needs no quoting.
constexpr void put_create_function(sql::writer& w, function const& f) {
    w.put("CREATE FUNCTION ");
    sql::put_identifier(w, f.name);
    w.put('(');
    w.put(f.arguments);
    w.put(") RETURNS ");
    w.put(f.returns);
    w.put(" LANGUAGE ");
    w.put(f.language);
    w.put(" AS $sark$\n");
    w.put(f.body);
    w.put("\n$sark$");
}

constexpr void put_create_trigger(sql::writer& w, std::string_view table, trigger const& t) {
    w.put("CREATE TRIGGER ");
    sql::put_identifier(w, t.name);
    w.put(' ');
    w.put(t.event);
    w.put(" ON ");
    sql::put_identifier(w, table);
    w.put(" FOR EACH ROW");
    if (!t.when.empty()) {
        w.put(" WHEN (");
        w.put(t.when);
        w.put(')');
    }
    w.put(" EXECUTE FUNCTION ");
    sql::put_identifier(w, t.function);
    w.put("()");
}

constexpr void put_comment_on_table(sql::writer& w, std::string_view table, std::string_view comment) {
    w.put("COMMENT ON TABLE ");
    sql::put_identifier(w, table);
    w.put(" IS ");
    if (comment.empty())
        w.put("NULL");
    else
        sql::put_literal(w, comment);
}

constexpr void put_comment_on_column(sql::writer& w, std::string_view table, std::string_view column,
                                     std::string_view comment) {
    w.put("COMMENT ON COLUMN ");
    sql::put_qualified(w, table, column);
    w.put(" IS ");
    if (comment.empty())
        w.put("NULL");
    else
        sql::put_literal(w, comment);
}

}  // namespace sark::schema
