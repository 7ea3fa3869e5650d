// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/lint_data.hpp>
#include <sark/migrate/detail/lint_types.hpp>
#include <sark/migrate/lint_finding.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate::detail {

using name_list = std::vector<std::string_view>;

[[nodiscard]] constexpr bool is_reserved(std::string_view name) {
    constexpr std::string_view words[] = {
        "all",       "analyse",      "analyze",      "and",          "any",          "array",     "as",
        "asc",       "both",         "case",         "cast",         "check",        "collate",   "column",
        "create",    "current_date", "current_time", "current_user", "default",      "desc",      "distinct",
        "do",        "else",         "end",          "except",       "false",        "fetch",     "for",
        "foreign",   "from",         "grant",        "group",        "having",       "in",        "initially",
        "intersect", "into",         "lateral",      "leading",      "limit",        "localtime", "not",
        "null",      "offset",       "on",           "only",         "or",           "order",     "placing",
        "primary",   "references",   "returning",    "select",       "session_user", "some",      "symmetric",
        "table",     "then",         "to",           "trailing",     "true",         "union",     "unique",
        "user",      "using",        "variadic",     "when",         "where",        "window",    "with"};
    return is_one_of(name, words, words + std::size(words));
}

[[nodiscard]] constexpr bool is_plain_name(std::string_view name) {
    for (char c : name)
        if (!is_word_character(c) || lower(c) != c) return false;
    return true;
}

constexpr void lint_name(scene const& s, std::string_view table, std::string_view name, std::string_view object) {
    if (is_reserved(name)) s.advise("reserved-name", table, object);
    if (!is_plain_name(name)) s.advise("mixed-case-name", table, object);
}

/// Tells whether a key or a plain unique index of the table holds exactly these columns, in any order.
[[nodiscard]] constexpr bool is_unique_over(schema::table const& t, name_list const& columns) {
    auto const same = [&](auto const& names, auto const& name_of) {
        if (names.size() != columns.size()) return false;
        for (auto const& item : names)
            if (std::find(columns.begin(), columns.end(), name_of(item)) == columns.end()) return false;
        return true;
    };
    for (schema::constraint const& c : t.constraints) {
        bool const key = c.kind == schema::constraint_kind::unique || c.kind == schema::constraint_kind::primary_key;
        if (key && same(c.columns, [](std::string_view name) { return name; })) return true;
    }
    for (schema::index const& i : t.indexes)
        if (i.unique && i.where.empty() && same(i.keys, [](schema::index_key const& k) { return k.column; }))
            return true;
    return false;
}

[[nodiscard]] constexpr std::string_view base_type(std::string_view type) {
    if (type == "bigserial") return "bigint";
    if (type == "serial") return "integer";
    return type.substr(0, type.find_first_of("( "));
}

constexpr void lint_foreign_key(scene const& s, schema::table const& t, schema::constraint const& c) {
    schema::table const* const target = find_named(s.after.tables, c.references);
    std::string_view const object = c.name.empty() ? c.columns.front() : c.name;
    if (target != nullptr && !c.referenced.empty() && !is_unique_over(*target, c.referenced))
        s.report("foreign-key-target-not-unique", t.name, object);
    for (std::size_t i = 0; i < c.columns.size(); ++i) {
        schema::column const* const own = find_named(t.columns, c.columns[i]);
        if (own == nullptr) continue;
        if (c.on_delete == schema::referential_action::set_null && !own->nullable)
            s.report("set-null-on-required", t.name, own->name);
        if (target == nullptr || i >= c.referenced.size()) continue;
        schema::column const* const other = find_named(target->columns, c.referenced[i]);
        if (other != nullptr && base_type(own->type) != base_type(other->type))
            s.advise("foreign-key-type-differs", t.name, own->name);
    }
}

constexpr void lint_constraint(scene const& s, schema::table const& t, schema::constraint const& c) {
    if (c.name.empty()) {
        sql::writer counter;
        schema::put_constraint_name(counter, t.name, c);
        if (counter.size() > sql::max_identifier_bytes + 2)  // and two quotes
            s.report("name-too-long", t.name, c.columns.empty() ? std::string_view{} : c.columns.front());
    }
    for (std::string_view name : c.columns)
        if (!has_name(t.columns, name)) s.report("unknown-column", t.name, name);
    if (c.kind == schema::constraint_kind::foreign_key) lint_foreign_key(s, t, c);
}

/// Reports a hypertable whose keys lack its time column.
constexpr void lint_hypertable(scene const& s, change const& c) {
    if (c.statement == nullptr || !begins_with(c.text, "select") || !has_words(c.text, "create_hypertable")) return;
    for (schema::table const& t : s.after.tables) {
        if (!has_literal(c.text, t.name)) continue;
        auto const lacks_time = [&](auto const& names, auto const& name_of) {
            for (auto const& item : names)
                if (has_literal(c.text, name_of(item))) return false;
            return true;
        };
        for (schema::constraint const& k : t.constraints) {
            bool const key = k.kind == schema::constraint_kind::unique ||
                             k.kind == schema::constraint_kind::primary_key;
            if (key && lacks_time(k.columns, [](std::string_view name) { return name; }))
                s.report("hypertable-key", t.name, k.columns.front());
        }
        for (schema::index const& i : t.indexes)
            if (i.unique && lacks_time(i.keys, [](schema::index_key const& k) { return k.column; }))
                s.report("hypertable-key", t.name, i.name);
    }
}

/// Reports keys that the server, or an engine, would refuse, and names that are hard to use.
constexpr void lint_keys(scene const& s) {
    for (touched_table const& touched : s.tables) {
        schema::table const& t = *touched.now;
        schema::table const* const old = touched.old;
        if (old == nullptr && !s.errors_only) {
            lint_name(s, t.name, t.name, {});
            bool keyed = false;
            for (schema::constraint const& c : t.constraints)
                keyed = keyed || c.kind == schema::constraint_kind::primary_key;
            if (!keyed) s.advise("missing-primary-key", t.name);
        }
        if (touched.constraints)
            for (schema::constraint const& c : t.constraints)
                if (old == nullptr ||
                    std::find(old->constraints.begin(), old->constraints.end(), c) == old->constraints.end())
                    lint_constraint(s, t, c);
    }
    for (change const& c : s.changes) lint_hypertable(s, c);
    if (s.errors_only) return;
    each_new_column(s, [&](schema::table const& t, schema::column const& c) {
        if (find_column(s.before, t.name, c.name) == nullptr) lint_name(s, t.name, c.name, c.name);
    });
}

}  // namespace sark::migrate::detail
