// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>

namespace sark::schema {

/// Names what an engine refuses, one rule each; measured on TimescaleDB 2.17 and Citus 12.1.
enum class engine_rule {
    none,
    hypertable_key,          ///< TS103: a unique key of a hypertable lacks the time or the space column
    distributed_key,         ///< 0A000: a unique key of a distributed table lacks the distribution column
    foreign_key_across,      ///< 0A000: between tables of different colocation groups
    foreign_key_off_column,  ///< 0A000: between distributed tables, but not by the columns they are distributed by
    foreign_key_to_local,    ///< 42P16, 0A000: between a distributed or reference table and one that is local, or not
    trigger,                 ///< XX000: a distributed or reference table has a trigger
    nullable_column,         ///< the column that places rows allows NULL, or there is none of the name
    hypertables_joined,      ///< 0A000: a foreign key from a hypertable to a hypertable
    beside_nothing           ///< the table that another is placed beside is not distributed, or by another type
};

/// Says what an engine would refuse.
struct engine_fault {
    engine_rule rule = engine_rule::none;
    std::string_view table = {};
    std::string_view column = {};  ///< that places rows
    std::string_view other = {};   ///< the table on the other side
    std::string_view name = {};    ///< of a trigger or an index
    constraint key = {};           ///< the constraint, when there is one

    [[nodiscard]] constexpr bool is_none() const { return rule == engine_rule::none; }
};

}  // namespace sark::schema

namespace sark::schema::detail {

[[nodiscard]] constexpr bool has_text(std::vector<std::string_view> const& list, std::string_view wanted) {
    for (std::string_view item : list)
        if (same_text(item, wanted)) return true;
    return false;
}

/// Finds a unique key that lacks a column.
[[nodiscard]] constexpr engine_fault key_without(table const& t, std::string_view column, engine_rule rule) {
    for (constraint const& c : t.constraints) {
        bool const key = c.kind == constraint_kind::primary_key || c.kind == constraint_kind::unique;
        if (key && !has_text(c.columns, column)) return {.rule = rule, .table = t.name, .column = column, .key = c};
    }
    for (index const& i : t.indexes) {
        bool found = !i.unique;
        for (index_key const& key : i.keys) found = found || same_text(key.column, column);
        if (!found) return {.rule = rule, .table = t.name, .column = column, .name = i.name};
    }
    return {};
}

/// Finds a column that places rows but may be missing or NULL.
[[nodiscard]] constexpr engine_fault placed_by_null(table const& t, std::string_view column) {
    for (sark::schema::column const& c : t.columns)
        if (same_text(c.name, column) && !c.nullable) return {};
    return {.rule = engine_rule::nullable_column, .table = t.name, .column = column};
}

[[nodiscard]] constexpr engine_fault hypertable_fault(definition const& d, table const& t) {
    if (engine_fault f = placed_by_null(t, t.chunks.time); !f.is_none()) return f;
    if (engine_fault f = key_without(t, t.chunks.time, engine_rule::hypertable_key); !f.is_none()) return f;
    if (!t.chunks.space.empty()) {
        if (engine_fault f = key_without(t, t.chunks.space, engine_rule::hypertable_key); !f.is_none()) return f;
    }
    for (constraint const& c : t.constraints) {
        if (c.kind != constraint_kind::foreign_key) continue;
        table const* const target = find_named(d.tables, c.references);
        if (target != nullptr && target->chunks.is_one())
            return {.rule = engine_rule::hypertables_joined, .table = t.name, .other = c.references, .key = c};
    }
    return {};
}

/// Gives the table that began the group beside whose shards a table's are.
[[nodiscard]] constexpr std::string_view group_of(definition const& d, table const& t) {
    table const* at = &t;
    for (std::size_t n = 0; n < d.tables.size() && !at->shards.with.empty(); ++n) {
        table const* const next = find_named(d.tables, at->shards.with);
        if (next == nullptr) break;
        at = next;
    }
    return at->name;
}

[[nodiscard]] constexpr std::string_view type_of_column(table const& t, std::string_view name) {
    sark::schema::column const* const c = find_named(t.columns, name);
    return c == nullptr ? std::string_view{} : c->type;
}

/// Tells whether a foreign key joins the columns by which both tables are distributed.
[[nodiscard]] constexpr bool joins_shards(table const& from, table const& to, constraint const& c) {
    for (std::size_t i = 0; i < c.columns.size() && i < c.referenced.size(); ++i)
        if (same_text(c.columns[i], from.shards.column) && same_text(c.referenced[i], to.shards.column)) return true;
    return false;
}

[[nodiscard]] constexpr engine_rule foreign_key_rule(definition const& d, table const& from, table const& to,
                                                     constraint const& c) {
    placement const here = from.shards.kind;
    placement const there = to.shards.kind;
    if (here == placement::distributed && there == placement::distributed) {
        if (!same_text(group_of(d, from), group_of(d, to))) return engine_rule::foreign_key_across;
        return joins_shards(from, to, c) ? engine_rule::none : engine_rule::foreign_key_off_column;
    }
    bool const legal = there == placement::reference || here == there;
    return legal ? engine_rule::none : engine_rule::foreign_key_to_local;
}

[[nodiscard]] constexpr engine_fault placement_fault(definition const& d, table const& t) {
    if (!t.shards.is_local() && !t.triggers.empty())
        return {.rule = engine_rule::trigger, .table = t.name, .name = t.triggers.front().name};
    if (t.shards.kind == placement::distributed) {
        std::string_view const column = t.shards.column;
        if (engine_fault f = placed_by_null(t, column); !f.is_none()) return f;
        if (engine_fault f = key_without(t, column, engine_rule::distributed_key); !f.is_none()) return f;
        if (!t.shards.with.empty()) {
            table const* const other = find_named(d.tables, t.shards.with);
            if (other == nullptr || other->shards.kind != placement::distributed ||
                !same_text(type_of_column(t, column), type_of_column(*other, other->shards.column)))
                return {.rule = engine_rule::beside_nothing, .table = t.name, .column = column, .other = t.shards.with};
        }
    }
    for (constraint const& c : t.constraints) {
        if (c.kind != constraint_kind::foreign_key) continue;
        table const* const target = find_named(d.tables, c.references);
        if (target == nullptr) continue;
        engine_rule const rule = foreign_key_rule(d, t, *target, c);
        if (rule != engine_rule::none)
            return {.rule = rule, .table = t.name, .column = t.shards.column, .other = c.references, .key = c};
    }
    return {};
}

}  // namespace sark::schema::detail

namespace sark::schema {

/// Finds the first thing in a schema that the engine of its tables would refuse; none where no table has one.
[[nodiscard]] constexpr engine_fault first_engine_fault(definition const& d) {
    bool sharded = false;
    for (table const& t : d.tables) {
        sharded = sharded || !t.shards.is_local();
        if (!t.chunks.is_one()) continue;
        if (engine_fault f = detail::hypertable_fault(d, t); !f.is_none()) return f;
    }
    if (!sharded) return {};
    for (table const& t : d.tables)
        if (engine_fault f = detail::placement_fault(d, t); !f.is_none()) return f;
    return {};
}

/// Writes what a fault is about: `primary key orders_pkey of orders lacks column tenant`.
constexpr void put_fault(sql::writer& w, engine_fault const& f) {
    auto const put_key = [&] {
        if (!f.name.empty()) {
            w.put("unique index ");
            w.put(f.name);
        } else {
            w.put(f.key.kind == constraint_kind::foreign_key   ? "foreign key "
                  : f.key.kind == constraint_kind::primary_key ? "primary key "
                                                               : "unique constraint ");
            put_constraint_name(w, f.table, f.key);
        }
        w.put(" of ");
        w.put(f.table);
    };
    auto const put_end = [&](std::string_view words, std::string_view what) {
        w.put(words);
        w.put(what);
    };
    switch (f.rule) {
        case engine_rule::hypertable_key:
        case engine_rule::distributed_key: return put_key(), put_end(" lacks column ", f.column);
        case engine_rule::foreign_key_across: return put_key(), put_end(" points to another group, of ", f.other);
        case engine_rule::foreign_key_off_column: return put_key(), put_end(" does not join by column ", f.column);
        case engine_rule::foreign_key_to_local:
            return put_key(), put_end(" points to a table placed otherwise, ", f.other);
        case engine_rule::hypertables_joined: return put_key(), put_end(" points to hypertable ", f.other);
        case engine_rule::trigger:
            w.put("trigger ");
            w.put(f.name);
            return put_end(" is on ", f.table);
        case engine_rule::nullable_column:
            w.put("column ");
            w.put(f.table);
            w.put('.');
            w.put(f.column);
            return w.put(" allows NULL or is missing");
        case engine_rule::beside_nothing: w.put(f.table); return put_end(" cannot be placed beside ", f.other);
        case engine_rule::none: break;
    }
}

}  // namespace sark::schema
