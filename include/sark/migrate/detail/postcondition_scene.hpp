// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/postcondition_engines.hpp>
#include <sark/migrate/detail/postcondition_sql.hpp>
#include <sark/migrate/detail/preflight_operations.hpp>

namespace sark::migrate::detail {

/// Holds what a walk through operations learns that a schema does not tell: which constraints nobody has validated, and
/// what was made anew as it had been.
class promises {
public:
    constexpr void unchecked(std::string_view table, migrate::constraint_part const& part, bool comes) {
        if (!comes) return forget(table, part);
        if (part.unchecked) unchecked_.push_back({table, part});
    }
    constexpr void forget(std::string_view table, migrate::constraint_part const& part) {
        for (auto at = unchecked_.begin(); at != unchecked_.end(); ++at)
            if (at->table == table && same(at->part.to_schema(), part.to_schema())) {
                unchecked_.erase(at);
                return;
            }
    }
    constexpr void rename(std::string_view table, migrate::constraint_part const& before,
                          migrate::constraint_part const& after) {
        for (noted& n : unchecked_)
            if (n.table == table && same(n.part.to_schema(), before.to_schema())) n.part.name = after.name;
    }
    constexpr void rename_table(std::string_view before, std::string_view after) {
        for (noted& n : unchecked_)
            if (n.table == before) n.table = after;
    }
    [[nodiscard]] constexpr bool is_validated(std::string_view table, schema::constraint const& c) const {
        for (noted const& n : unchecked_)
            if (n.table == table && same(n.part.to_schema(), c)) return false;
        return true;
    }

    constexpr void make(std::string_view table, std::string_view name) { made_.push_back({table, name}); }
    [[nodiscard]] constexpr bool makes_in(std::string_view table) const {
        for (named const& n : made_)
            if (n.table.size() == table.size() && n.table == table) return true;
        return false;
    }
    [[nodiscard]] constexpr bool makes(std::string_view table, std::string_view name) const {
        for (named const& n : made_)
            if (n.name.size() == name.size() && n.name == name && n.table == table) return true;
        return false;
    }
    constexpr void begin_migration() { made_.clear(); }

private:
    struct noted {
        std::string_view table;
        migrate::constraint_part part;
    };
    struct named {
        std::string_view table;
        std::string_view name;
    };
    static constexpr bool same(schema::constraint const& a, schema::constraint const& b) {
        return a.kind == b.kind && a.name == b.name && a.columns == b.columns && a.references == b.references;
    }

    std::vector<noted> unchecked_{};
    std::vector<named> made_{};
};

template <class Op>
constexpr void promise(promises&, Op const&, bool) {}
constexpr void promise(promises& p, migrate::add_constraint const& op, bool up) {
    p.unchecked(op.table, op.added, up);
    p.make(op.table, op.added.name);
}
/// The way back of a validation does nothing: the constraint stays valid.
constexpr void promise(promises& p, migrate::validate_constraint const& op, bool up) {
    if (up) p.forget(op.table, op.validated);
    p.make(op.table, op.validated.name);
}
constexpr void promise(promises& p, migrate::add_constraint_using_index const& op, bool) {
    p.make(op.table, op.added.name);
    p.make(op.table, op.index);
}
constexpr void promise(promises& p, migrate::rename_constraint const& op, bool up) {
    migrate::constraint_part after = op.renamed;
    after.name = op.to;
    up ? p.rename(op.table, op.renamed, after) : p.rename(op.table, after, op.renamed);
}
constexpr void promise(promises& p, migrate::rename_table const& op, bool up) {
    up ? p.rename_table(op.from, op.to) : p.rename_table(op.to, op.from);
}
constexpr void promise(promises& p, migrate::create_index_t const& op, bool) { p.make(op.relation, op.created.name); }
constexpr void promise(promises& p, migrate::add_column const& op, bool) { p.make(op.table, op.added.name); }
constexpr void promise(promises& p, migrate::set_not_null const& op, bool) { p.make(op.table, op.column); }
constexpr void promise(promises& p, migrate::set_default const& op, bool) { p.make(op.table, op.column); }
template <std::size_t Columns, std::size_t Constraints>
constexpr void promise(promises& p, migrate::create_table_t<Columns, Constraints> const& op, bool) {
    p.make({}, op.name);
}
template <std::size_t N>
constexpr void promise(promises& p, migrate::create_enum_t<N> const& op, bool) {
    p.make({}, op.name);
}
constexpr void promise(promises& p, migrate::create_view_t const& op, bool) { p.make({}, op.name); }
constexpr void promise(promises& p, migrate::create_function const& op, bool) { p.make({}, op.created.name); }
constexpr void promise(promises& p, migrate::create_trigger const& op, bool) { p.make(op.table, op.created.name); }
template <class Op>
constexpr void promise(promises& p, migrate::reversed<Op> const& op, bool up) {
    promise(p, op.of, !up);
}

/// Chooses what differs from before, or was made anew; everything when there is no before.
template <class T, class Visit>
constexpr void each_promised(std::vector<T> const* before, std::vector<T> const& after, promises const& p,
                             std::string_view table, Visit const& visit) {
    std::size_t place = 0;
    for (T const& item : after) {
        T const* const was = before == nullptr ? nullptr : look_up(*before, item.name, place);
        ++place;
        if (was == nullptr || !(*was == item) || p.makes(table, item.name)) visit(item);
    }
}

template <class T>
constexpr pointers<T> promised(std::vector<T> const* before, std::vector<T> const& after, promises const& p,
                               std::string_view table) {
    pointers<T> found;
    each_promised(before, after, p, table, [&](T const& item) { found.push_back(&item); });
    return found;
}

template <class T>
constexpr std::vector<std::string_view> gone(std::vector<T> const& before, std::vector<T> const& after) {
    std::vector<std::string_view> names;
    std::size_t place = 0;
    for (T const& item : before)
        if (look_up(after, item.name, place++) == nullptr) names.push_back(item.name);
    return names;
}

constexpr bool has_constraint(std::vector<schema::constraint> const& list, schema::constraint const& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

constexpr void assert_table_parts(assertion_sink& s, schema::table const* before, schema::table const& after,
                                  promises const& p) {
    if (before == nullptr && after.columns.empty()) assert_table(s, after.name);
    pointers<schema::column> columns;
    std::size_t place = 0;
    for (schema::column const& c : after.columns) {
        schema::column const* const was = before == nullptr ? nullptr : look_up(before->columns, c.name, place);
        ++place;
        // A primary key makes its columns NOT NULL, so a change of the key is a change of them.
        if (was == nullptr || !(*was == c) || p.makes(after.name, c.name) ||
            (c.nullable && is_in_primary_key(*before, c.name) != is_in_primary_key(after, c.name)))
            columns.push_back(&c);
    }
    assert_columns(s, after, columns);
    if (before == nullptr || !(before->chunks == after.chunks)) assert_hypertable(s, after);
    if (before == nullptr || !(before->shards == after.shards)) assert_distribution(s, after);
    std::vector<wanted_constraint> constraints;
    for (schema::constraint const& c : after.constraints)
        if (before == nullptr || !has_constraint(before->constraints, c) || p.makes(after.name, c.name))
            constraints.push_back({&c, p.is_validated(after.name, c)});
    assert_constraints(s, after, constraints);
    assert_indexes(s, after.name,
                   promised(before == nullptr ? nullptr : &before->indexes, after.indexes, p, after.name));
    assert_triggers(s, after.name,
                    promised(before == nullptr ? nullptr : &before->triggers, after.triggers, p, after.name));
}

/// Tells whether a schema has a relation of the name, or a key whose index has it.
constexpr bool has_relation_name(schema::definition const& d, std::string_view name) {
    auto const has_index = [&](std::vector<schema::index> const& indexes) { return look_up(indexes, name) != nullptr; };
    for (schema::table const& t : d.tables)
        if (t.name == name || has_index(t.indexes) || look_up(t.constraints, name) != nullptr) return true;
    for (schema::view const& v : d.views)
        if (v.name == name || has_index(v.indexes)) return true;
    return false;
}

constexpr void assert_gone_in(assertion_sink& s, schema::table const& before, schema::table const& after) {
    assert_gone(s, "columns of ", after.name, "attname",
                "pg_attribute WHERE NOT attisdropped AND attrelid = ", after.name, gone(before.columns, after.columns));
    pointers<schema::constraint> constraints;
    for (schema::constraint const& c : before.constraints)
        if (!has_constraint_name(after.constraints, c)) constraints.push_back(&c);
    assert_constraints_gone(s, after.name, constraints);
    assert_gone(s, "triggers of ", after.name, "tgname", "pg_trigger WHERE tgrelid = ", after.name,
                gone(before.triggers, after.triggers));
}

/// Asserts what was and is no more.
constexpr void assert_all_gone(assertion_sink& s, schema::definition const& before, schema::definition const& after) {
    std::vector<std::string_view> relations;
    auto const note = [&](std::string_view name) {
        if (!has_relation_name(after, name)) relations.push_back(name);
    };
    std::size_t place = 0;
    for (schema::table const& t : before.tables) {
        schema::table const* const still = look_up(after.tables, t.name, place++);
        if (still != nullptr && *still == t) continue;
        if (still == nullptr) note(t.name);
        for (schema::index const& i : t.indexes)
            if (still == nullptr || look_up(still->indexes, i.name) == nullptr) note(i.name);
        if (still != nullptr) assert_gone_in(s, t, *still);
    }
    for (schema::view const& v : before.views) {
        if (look_up(after.views, v.name) == nullptr) note(v.name);
        for (schema::index const& i : v.indexes) note(i.name);
    }
    assert_gone(s, "tables, views or indexes", {}, "relname", "pg_class WHERE relnamespace = ", {}, relations);
    assert_gone(s, "enum types", {}, "typname", "pg_type WHERE typnamespace = ", {}, gone(before.enums, after.enums));
    for (schema::function const& f : before.functions)
        if (look_up(after.functions, f.name) == nullptr) assert_function_gone(s, f);
}

/// Writes what a catalog has to hold where a schema has become another; everything of it when there is no `before`.
constexpr void write_postconditions(assertion_sink& s, schema::definition const* before,
                                    schema::definition const& after, promises const& p) {
    using definition = schema::definition;
    auto const old = [before](auto definition::*list) { return before == nullptr ? nullptr : &(before->*list); };
    each_promised(old(&definition::enums), after.enums, p, {}, [&](schema::enum_type const& e) { assert_enum(s, e); });
    std::size_t place = 0;
    for (schema::table const& t : after.tables) {
        schema::table const* const old_table = before == nullptr ? nullptr : look_up(before->tables, t.name, place);
        ++place;
        if (old_table != nullptr && !p.makes_in(t.name) && !p.makes({}, t.name) && *old_table == t) continue;
        schema::table const* const was = p.makes({}, t.name) ? nullptr : old_table;
        assert_table_parts(s, was, t, p);
    }
    each_promised(old(&definition::functions), after.functions, p, {},
                  [&](schema::function const& f) { assert_function(s, f); });
    for (schema::view const& v : after.views) {
        schema::view const* const was = before == nullptr ? nullptr : look_up(before->views, v.name);
        bool const same = was != nullptr && was->query == v.query && was->materialized == v.materialized;
        bool const anew = !same || p.makes({}, v.name);
        if (anew) assert_view(s, v);
        assert_indexes(s, v.name, promised(anew ? nullptr : &was->indexes, v.indexes, p, v.name));
    }
    if (before != nullptr) assert_all_gone(s, *before, after);
}

}  // namespace sark::migrate::detail
