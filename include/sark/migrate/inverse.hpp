// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/migrate/drift.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/schema/difference.hpp>
#include <sark/schema/engine_rules.hpp>

namespace sark::migrate::detail {

/// Lists the relations that a migration changes; what stands beside relations (enums, functions) is not listed.
struct changed_relations {
    bool all = false;
    bool reversible = true;
    std::vector<std::string_view> names = {};

    constexpr void add(std::string_view name) {
        if (!name.empty() && !has(name)) names.push_back(name);
    }
    /// Takes an operation's part of the list, or those of the operations of a step.
    template <class Part>
    constexpr void operator()(Part const& part) {
        if constexpr (requires { part.operations; }) {
            part.operations.forward(*this);
        } else {
            all = all || migrate::changes_other_relations(part);
            reversible = reversible && migrate::irreversible_reason(part).empty();
            add(part.up_facts().relation);
            add(part.down_facts().relation);
        }
    }
    [[nodiscard]] constexpr bool has(std::string_view name) const {
        for (std::string_view known : names)
            if (schema::same_text(known, name)) return true;
        return false;
    }
};

/// Copies what a migration may change; to copy and compare the whole schema each time would make long chains dear.
[[nodiscard]] constexpr schema::definition part_of(schema::definition const& d, changed_relations const& changed) {
    schema::definition part;
    part.enums = d.enums;
    part.functions = d.functions;
    if (changed.all) {
        part.tables = d.tables;
        part.views = d.views;
        return part;
    }
    for (std::string_view name : changed.names)
        if (auto const* const table = schema::detail::find_named(d.tables, name))
            part.tables.push_back(*table);
        else if (auto const* const view = schema::detail::find_named(d.views, name))
            part.views.push_back(*view);
    return part;
}

/// Tells whether all that a migration may change is in a schema as a copy has it.
[[nodiscard]] constexpr bool holds_part(schema::definition const& d, changed_relations const& changed,
                                        schema::definition const& part) {
    if (!same_items(d.enums, part.enums, equal) || !same_items(d.functions, part.functions, equal)) return false;
    if (changed.all) return same_items(d.tables, part.tables, same_table) && same_items(d.views, part.views, same_view);
    auto const same_named = [](auto const& all, auto const& copies, std::string_view name, auto const& same) {
        auto const* const item = schema::detail::find_named(all, name);
        auto const* const copy = schema::detail::find_named(copies, name);
        return item == nullptr || copy == nullptr ? item == nullptr && copy == nullptr : same(*item, *copy);
    };
    for (std::string_view name : changed.names)
        if (!same_named(d.tables, part.tables, name, same_table) || !same_named(d.views, part.views, name, same_view))
            return false;
    return true;
}

/// Does to a schema what the operations of a migration do, and keeps the first thing that an engine would refuse: the
/// server sees each of them, not only what they come to.
struct watched_apply {
    schema::definition& built;
    profile server;
    schema::engine_fault& fault;

    template <class Part>
    constexpr void operator()(Part const& part) const {
        if constexpr (requires { part.operations; }) {
            part.operations.forward(*this);
        } else if constexpr (requires { part.guarded; }) {
            if (has_extension(server, part.extension) == part.present) part.guarded.forward(*this);
        } else {
            migrate::apply_for(part, built, server);
            if (fault.is_none()) fault = schema::first_engine_fault(built);
        }
    }
};

/// Walks up a chain, and down again to see whether each way back leads where its migration came from.
struct round_trip {
    struct stage {
        changed_relations changed = {};
        schema::definition before = {};  ///< what the migration may change; everything when there is no way back
    };

    profile server = profile::plain;
    schema::definition built = {};
    std::vector<stage> stages = {};
    bool places = false;              ///< an operation has said where rows are
    schema::engine_fault fault = {};  ///< what an engine would refuse
    std::string_view refused = {};    ///< the migration that does it
    std::string_view broken = {};     ///< the migration whose way back is none, newest first
    schema::definition after = {};    ///< what that way back leaves of what its migration may change

    template <class Migration>
    constexpr void up(Migration const& m) {
        stages.emplace_back();
        stage& s = stages.back();
        m.parts.forward(s.changed);
        if (s.changed.reversible)
            s.before = part_of(built, s.changed);
        else
            s.before = built;
        if constexpr (migrate::places_rows<Migration>) {
            places = true;
            m.parts.forward(watched_apply{built, server, fault});
        } else {
            m.apply(built, server);
            if (places && fault.is_none()) fault = schema::first_engine_fault(built);
        }
        if (!fault.is_none() && refused.empty()) refused = m.id;
    }

    template <class Migration>
    constexpr void down(Migration const& m) {
        if (!broken.empty()) return;
        stage& s = stages.back();
        if (s.changed.reversible) {
            m.revert(built, server);
            if (!holds_part(built, s.changed, s.before)) {
                after = part_of(built, s.changed);
                broken = m.id;
                return;
            }
        } else {
            built = s.before;
        }
        stages.pop_back();
    }

    /// Goes up to place `last`; the way back will lead to place `first`.
    template <auto const&... Migrations>
    constexpr void go_up(chain_t<Migrations...> const&, std::size_t first = 0,
                         std::size_t last = sizeof...(Migrations)) {
        stages.reserve(last - first);
        std::size_t place = 0;
        auto const visit = [&](auto const& m) {
            if (place >= first && place < last)
                up(m);
            else if (place < first)
                m.apply(built, server);
            if (place < first) places = places || migrate::places_rows<std::remove_cvref_t<decltype(m)>>;
            ++place;
        };
        (visit(Migrations), ...);
    }
    template <auto const&... Migrations>
    constexpr void go_down(chain_t<Migrations...> const&, std::size_t first = 0,
                           std::size_t last = sizeof...(Migrations)) {
        std::size_t place = sizeof...(Migrations);
        auto const visit = [&](auto const& m) {
            --place;
            if (place >= first && place < last) down(m);
            return 0;
        };
        // The right-hand side of an assignment is evaluated first, which turns the fold round without recursion.
        int turn = 0;
        ((visit(Migrations), turn) = ... = 0);
    }
};

/// Writes the sentence about what an engine would refuse.
template <class Chain, profile Server, std::size_t First, std::size_t Last>
struct refused_by_engine {
    static constexpr void write(sql::writer& w) {
        round_trip trip{.server = Server};
        trip.go_up(Chain{}, First, Last);
        w.put("sark: ");
        schema::put_fault(w, trip.fault);
        w.put(" in migration ");
        w.put(trip.refused);
        if (Server != profile::plain) {
            w.put(" on a server with ");
            w.put(extension_of(Server));
        }
        w.put('.');
    }
};

constexpr void put_broken_way_back(sql::writer& w, round_trip const& trip) {
    w.put("sark: the way back of migration ");
    w.put(trip.broken);
    bool named = false;
    schema::each_difference(trip.stages.back().before, trip.after,
                            [&](schema::item const& what, auto const& put_before, auto const&) {
                                bool const was_there = writes(put_before);
                                w.put(was_there ? " does not restore " : " leaves ");
                                schema::put_item(w, what);
                                if (!was_there) w.put(" behind");
                                named = true;
                                return false;
                            });
    if (!named) w.put(" restores another order of columns, or other triggers or functions");
    w.put(". Write its down as the inverse of its up, or say that it is irreversible. [sark-M15]");
}

/// Writes the sentence about the migration whose way back is none.
template <class Chain, profile Server, std::size_t First, std::size_t Last>
struct broken_way_back {
    static constexpr void write(sql::writer& w) {
        round_trip trip{.server = Server};
        trip.go_up(Chain{}, First, Last);
        trip.go_down(Chain{}, First, Last);
        if (!trip.broken.empty()) put_broken_way_back(w, trip);
    }
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Tells whether undoing migration `place` of a chain gives back exactly the schema from before it; true for one that
/// says it is irreversible.
[[nodiscard]] constexpr bool down_is_the_inverse(chain_view migrations, std::size_t place) {
    migration_view const& m = migrations[place];
    if (!m.irreversible.empty()) return true;
    schema::definition before;  // not const: GCC 12 refuses to copy a const one in a constant expression
    for (migration_view const& earlier : migrations.first(place)) earlier.apply(before);
    schema::definition changed = before;
    m.apply(changed);
    m.revert(changed);
    return same_schema(changed, before);
}

}  // namespace sark::migrate
