// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/lint_types.hpp>
#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

using key_list = std::vector<schema::index_key>;

/// Tells whether the keys of one index are the beginning of, or the same as, those of another.
[[nodiscard]] constexpr bool begins_keys(key_list const& shorter, key_list const& longer) {
    return shorter.size() <= longer.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
}

[[nodiscard]] constexpr key_list keys_of(std::vector<std::string_view> const& columns) {
    key_list keys;
    for (std::string_view name : columns) keys.push_back({.column = name});
    return keys;
}

[[nodiscard]] constexpr bool is_key(schema::constraint const& c) {
    return c.kind == schema::constraint_kind::primary_key || c.kind == schema::constraint_kind::unique;
}

/// Reports an index that another one, or a key, makes superfluous. Of two equal ones the later speaks.
constexpr void lint_repetition(scene const& s, schema::table const& t, std::size_t place) {
    schema::index const& i = t.indexes[place];
    for (schema::constraint const& c : t.constraints) {
        if (!is_key(c) || i.method != "btree" || !i.where.empty() || !i.include.empty()) continue;
        key_list const keys = keys_of(c.columns);
        if (keys == i.keys) return s.advise("duplicate-index", t.name, i.name);
        if (!i.unique && begins_keys(i.keys, keys)) return s.advise("redundant-index", t.name, i.name);
    }
    for (std::size_t n = 0; n < t.indexes.size(); ++n) {
        schema::index const& other = t.indexes[n];
        if (n == place || other.method != i.method || other.where != i.where) continue;
        bool const covers = i.include.empty() || i.include == other.include;
        if (i.keys == other.keys && covers && (i.unique == other.unique ? n < place : !i.unique))
            return s.advise("duplicate-index", t.name, i.name);
        bool const shorter = i.keys.size() < other.keys.size() && begins_keys(i.keys, other.keys);
        if (i.method == "btree" && shorter && !i.unique && i.include.empty())
            return s.advise("redundant-index", t.name, i.name);
    }
}

/// Tells whether a predicate fixes the column to one value: `enabled`, `enabled = true`, `state IS NULL`.
[[nodiscard]] constexpr bool fixes(std::string_view predicate, std::string_view column) {
    if (predicate.empty() || column.empty() || has_words(predicate, "or")) return false;
    std::size_t const at = find_words(predicate, column);
    if (at == std::string_view::npos) return false;
    std::string_view rest = predicate.substr(at + column.size());
    rest = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest.empty() || rest.starts_with('=') || begins_with(rest, "is null") || begins_with(rest, "and ") ||
           begins_with(rest, "is true") || begins_with(rest, "is false");
}

/// Tells whether a day is cut out of a time whose zone is not said.
[[nodiscard]] constexpr bool cuts_day(std::string_view text) {
    return (has_text(text, "::date") || has_words(text, "date(") || has_text(text, "date_trunc('day'")) &&
           !has_words(text, "at time zone");
}

constexpr void lint_index(scene const& s, schema::table const& t, schema::index const& i) {
    for (schema::index_key const& key : i.keys) {
        if (!key.column.empty() && !has_name(t.columns, key.column)) s.report("unknown-column", t.name, key.column);
        if (!s.errors_only && cuts_day(key.expression)) s.advise("zone-dependent-day", t.name, i.name);
    }
    if (i.keys.empty() || s.errors_only) return;
    schema::column const* const first = find_named(t.columns, i.keys.front().column);
    if (fixes(i.where, i.keys.front().column)) return s.advise("constant-index-key", t.name, i.name);
    if (first != nullptr && i.keys.size() == 1 && i.where.empty() &&
        (first->type == "boolean" || first->type == "bool"))
        s.advise("boolean-index", t.name, i.name);
    if (!i.unique && i.keys.size() > 3) s.advise("wide-index", t.name, i.name);
}

/// Tells whether a look-up by these columns finds an index, in any order of the columns.
[[nodiscard]] constexpr bool has_index_on(schema::table const& t, std::vector<std::string_view> const& columns) {
    auto const serves = [&](auto const& names, auto const& name_of) {
        if (names.size() < columns.size()) return false;
        for (std::size_t n = 0; n < columns.size(); ++n)
            if (std::find(columns.begin(), columns.end(), name_of(names[n])) == columns.end()) return false;
        return true;
    };
    for (schema::constraint const& c : t.constraints)
        if (is_key(c) && serves(c.columns, [](std::string_view name) { return name; })) return true;
    for (schema::index const& i : t.indexes)
        if (i.method == "btree" && (i.where.empty() || has_words(i.where, "is not null")) &&
            serves(i.keys, [](schema::index_key const& k) { return k.column; }))
            return true;
    return false;
}

constexpr void lint_view(scene const& s, schema::view const& v) {
    schema::view const* const old = find_named(s.before.views, v.name);
    bool unique = !v.materialized;
    for (schema::index const& i : v.indexes) unique = unique || (i.unique && i.where.empty());
    if (!unique && (old == nullptr || old->indexes != v.indexes)) s.advise("view-without-unique-index", v.name);
    if ((old == nullptr || old->query != v.query) && cuts_day(v.query)) s.advise("zone-dependent-day", v.name);
}

/// Reports indexes that cost more than they give, and those that are missing, where the migration changes them.
constexpr void lint_indexes(scene const& s) {
    for (touched_table const& touched : s.tables) {
        if (!touched.indexes) continue;
        schema::table const& t = *touched.now;
        schema::table const* const old = touched.old;
        if (old != nullptr && old->indexes == t.indexes && old->constraints == t.constraints) continue;
        for (std::size_t n = 0; n < t.indexes.size(); ++n) {
            schema::index const* const was = old == nullptr ? nullptr : find_named(old->indexes, t.indexes[n].name);
            if (!s.errors_only) lint_repetition(s, t, n);
            if (was == nullptr || !(*was == t.indexes[n])) lint_index(s, t, t.indexes[n]);
        }
        for (schema::constraint const& c : t.constraints)
            if (!s.errors_only && c.kind == schema::constraint_kind::foreign_key && !has_index_on(t, c.columns))
                s.advise("missing-foreign-key-index", t.name, c.name.empty() ? c.columns.front() : c.name);
    }
    if (s.errors_only) return;
    for (schema::view const& v : s.after.views)
        if (names_relation(s.changes, v.name)) lint_view(s, v);
}

}  // namespace sark::migrate::detail
