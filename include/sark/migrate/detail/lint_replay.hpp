// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

// A second way to build tables, for proofs: from changes, so that one function serves all migrations, and leniently, so
// that a few tables can be built without the rest of the schema. Whether a chain fits is for the fold to say.

template <class T>
constexpr void erase_named(std::vector<T>& items, std::string_view name) {
    for (auto item = items.begin(); item != items.end(); ++item)
        if (item->name == name) return static_cast<void>(items.erase(item));
}

[[nodiscard]] constexpr schema::table new_table(change const& c) {
    schema::table t{.name = c.table};
    t.columns.assign(c.columns.begin(), c.columns.end());
    t.constraints.reserve(c.constraints.size());
    for (migrate::constraint_part const& part : c.constraints) t.constraints.push_back(part.to_schema());
    return t;
}

constexpr void replay_rename_table(schema::definition& d, std::string_view from, std::string_view to) {
    for (schema::table& t : d.tables) {
        if (t.name == from) t.name = to;
        for (schema::constraint& k : t.constraints)
            if (k.references == from) k.references = to;
    }
}

constexpr void replace_name(std::vector<std::string_view>& names, std::string_view from, std::string_view to) {
    std::replace(names.begin(), names.end(), from, to);
}

constexpr void replay_rename_column(schema::definition& d, std::string_view table, std::string_view from,
                                    std::string_view to) {
    for (schema::table& t : d.tables) {
        for (schema::constraint& k : t.constraints)
            if (k.references == table) replace_name(k.referenced, from, to);
        if (t.name != table) continue;
        for (schema::column& c : t.columns)
            if (c.name == from) c.name = to;
        for (schema::constraint& k : t.constraints) replace_name(k.columns, from, to);
        for (schema::index& i : t.indexes) {
            for (schema::index_key& key : i.keys)
                if (key.column == from) key.column = to;
            replace_name(i.include, from, to);
        }
    }
}

constexpr void replay_index(std::vector<schema::index>& indexes, change const& c) {
    if (c.reversed)
        erase_named(indexes, c.index->name);
    else
        indexes.push_back(c.index->to_schema());
}

constexpr void replay_constraint(schema::table& t, change const& c, bool comes) {
    if (comes) return t.constraints.push_back(c.constraint->to_schema());
    for (auto k = t.constraints.begin(); k != t.constraints.end(); ++k)
        if (same_but_for_validity(*k, c.constraint->to_schema())) return static_cast<void>(t.constraints.erase(k));
}

constexpr void replay_new_name(schema::table& t, change const& c) {
    migrate::constraint_part before = *c.constraint;
    migrate::constraint_part after = before;
    after.name = c.other;
    if (c.reversed) std::swap(before, after);
    for (schema::constraint& k : t.constraints)
        if (same_but_for_validity(k, before.to_schema())) k.name = after.name;
}

constexpr void replay_key_from_index(schema::table& t, change const& c) {
    if (!c.reversed) return replay_constraint(t, c, true), erase_named(t.indexes, c.name);
    replay_constraint(t, c, false);
    schema::index used{.name = c.name, .unique = true};
    for (std::string_view name : c.constraint->columns) used.keys.push_back({.column = name});
    t.indexes.push_back(used);
}

constexpr void replay_in_table(schema::table& t, change const& c) {
    auto const column = [&](std::string_view name) {
        return std::find_if(t.columns.begin(), t.columns.end(), [&](auto const& item) { return item.name == name; });
    };
    switch (c.kind) {
        case change_kind::add_column:
            return c.reversed ? erase_named(t.columns, c.name) : t.columns.push_back(*c.column);
        case change_kind::change_type:
            for (migrate::type_change const& change : c.types)
                if (auto const found = column(change.column); found != t.columns.end())
                    found->type = c.reversed ? change.from : change.to;
            return;
        case change_kind::set_not_null:
            if (auto const found = column(c.name); found != t.columns.end()) found->nullable = c.reversed;
            return;
        case change_kind::set_default:
            if (auto const found = column(c.name); found != t.columns.end())
                found->fallback = c.reversed ? c.other : c.text;
            return;
        case change_kind::add_constraint: return replay_constraint(t, c, !c.reversed);
        case change_kind::rename_constraint: return replay_new_name(t, c);
        case change_kind::key_from_index: return replay_key_from_index(t, c);
        case change_kind::create_index: return replay_index(t.indexes, c);
        default: return;
    }
}

/// Does to a schema, or to a part of one, what a change does; what the part lacks is left out.
constexpr void replay(schema::definition& d, change const& c) {
    if (c.elsewhere) return;
    switch (c.kind) {
        case change_kind::create_table:
            return c.reversed ? erase_named(d.tables, c.table) : d.tables.push_back(new_table(c));
        case change_kind::create_view:
            return c.reversed ? erase_named(d.views, c.table)
                              : d.views.push_back({.name = c.table, .query = c.text, .materialized = c.materialized});
        case change_kind::rename_table: return replay_rename_table(d, c.table, c.name);
        case change_kind::rename_column:
            return c.reversed ? replay_rename_column(d, c.table, c.other, c.name)
                              : replay_rename_column(d, c.table, c.name, c.other);
        default: break;
    }
    for (schema::table& t : d.tables)
        if (t.name == c.table) return replay_in_table(t, c);
    if (c.kind != change_kind::create_index) return;
    for (schema::view& v : d.views)
        if (v.name == c.table) return replay_index(v.indexes, c);
}

}  // namespace sark::migrate::detail
