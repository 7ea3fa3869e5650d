// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/meta/message.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/drift.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/inverse.hpp>
#include <sark/schema/create.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

template <class Chain>
inline constexpr bool chain_depends_on_profile = false;
template <auto const&... Migrations>
inline constexpr bool chain_depends_on_profile<chain_t<Migrations...>> =
    (depends_on_profile<std::remove_cvref_t<decltype(Migrations)>> || ...);

template <class Model>
consteval bool model_depends_on_profile() {
    if constexpr (sark::detail::is_described<Model>)
        return std::remove_cvref_t<decltype(sark::table_of<Model>)>::has_extension_parts ||
               sark::table_of<Model>.continuous.is_continuous();
    else
        return false;
}

/// Holds what each migration of a chain does on servers of one profile.
template <class Chain, profile Server>
struct steps_on;
template <auto const&... Migrations, profile Server>
struct steps_on<chain_t<Migrations...>, Server> {
    static constexpr std::array<step_on_schema, sizeof...(Migrations)> steps{
        {{Migrations.id, [](schema::definition& d) { Migrations.apply(d, Server); }}...}};
};

template <class Chain, profile Server, class... Models>
struct drift {
    static constexpr void write(sql::writer& w) {
        put_drift_on(w, steps_on<Chain, Server>::steps, schema_of<Models...>(extension_of(Server)),
                     extension_of(Server));
    }
};

enum class verdict { holds, refused, drift, broken_way_back };

/// Judges what a chain builds on servers of one profile, and the ways back from place Last to First. Not through
/// Chain::view(): that also makes the texts of all migrations, which a proof does not need.
template <class Chain, profile Server, std::size_t First, std::size_t Last, bool Compare, class... Models>
consteval verdict judge() {
    round_trip trip{.server = Server};
    trip.go_up(Chain{}, First, Last);
    if (!trip.fault.is_none()) return verdict::refused;
    if constexpr (Compare) {
        auto const stop = [](schema::item const&, auto const&, auto const&) { return false; };
        schema::definition const model = sark::detail::unordered_schema_of<Models...>(extension_of(Server));
        if (!schema::each_difference(trip.built, model, stop)) return verdict::drift;
    }
    trip.go_down(Chain{}, First, Last);
    return trip.broken.empty() ? verdict::holds : verdict::broken_way_back;
}

// Variables and not calls: Clang would run a call's own constant expressions again, as a part of the caller's.
template <class Chain, profile Server, std::size_t First, std::size_t Last, bool Compare, class... Models>
inline constexpr verdict judgement = judge<Chain, Server, First, Last, Compare, Models...>();

template <class Chain, profile Server, std::size_t First, bool Compare, class... Models>
consteval bool check_from();

template <class Chain, profile Server, std::size_t First, bool Compare, class... Models>
inline constexpr bool holds_from = check_from<Chain, Server, First, Compare, Models...>();

/// Compilers limit the steps of one constant expression: a chain of more migrations is judged in parts. A short one is
/// judged at once, because each part folds what comes before it.
inline constexpr std::size_t migrations_at_once = 10;

/// Says what an engine would refuse: one sentence per rule.
template <class Chain, profile Server, std::size_t First, std::size_t Last>
consteval void say_refused() {
    using sentence = sentence_t<sql::text<refused_by_engine<Chain, Server, First, Last>>>;
    using schema::engine_rule;
    constexpr engine_rule rule = [] {
        round_trip trip{.server = Server};
        trip.go_up(Chain{}, First, Last);
        return trip.fault.rule;
    }();
    if constexpr (rule == engine_rule::hypertable_key)
        static_assert(sentence::nothing,
                      "sark: a key of a hypertable lacks the column that places its rows in chunks, and says<...> in "
                      "this message says which. Put the column into every primary key, unique constraint and unique "
                      "index. [sark-M30]");
    else if constexpr (rule == engine_rule::distributed_key)
        static_assert(sentence::nothing,
                      "sark: a key of a distributed table lacks the column that places its rows in shards, and "
                      "says<...> in this message says which. Put the column into every primary key, unique constraint "
                      "and unique index. [sark-M31]");
    else if constexpr (rule == engine_rule::foreign_key_across)
        static_assert(sentence::nothing,
                      "sark: a foreign key joins distributed tables that are not placed beside each other, and "
                      "says<...> in this message says which. Distribute one with the other, or leave the key out where "
                      "citus is. [sark-M32]");
    else if constexpr (rule == engine_rule::foreign_key_off_column)
        static_assert(sentence::nothing,
                      "sark: a foreign key between distributed tables does not join the columns they are distributed "
                      "by, and says<...> in this message says which. Take both columns into the key, or leave it out "
                      "where citus is. [sark-M33]");
    else if constexpr (rule == engine_rule::foreign_key_to_local)
        static_assert(sentence::nothing,
                      "sark: a foreign key joins a table that is distributed, or on every node, and one that is placed "
                      "otherwise; says<...> in this message says which. Make the other one a reference table, or leave "
                      "the key out where citus is. [sark-M34]");
    else if constexpr (rule == engine_rule::trigger)
        static_assert(sentence::nothing,
                      "sark: a table with a trigger is distributed, and says<...> in this message says which. Drop the "
                      "trigger before, where citus is. [sark-M35]");
    else if constexpr (rule == engine_rule::nullable_column)
        static_assert(sentence::nothing,
                      "sark: the column that places rows in chunks or shards allows NULL, or there is none of the "
                      "name; says<...> in this message says which. Name a column that is NOT NULL. [sark-M36]");
    else if constexpr (rule == engine_rule::hypertables_joined)
        static_assert(sentence::nothing,
                      "sark: a foreign key joins two hypertables, and says<...> in this message says which. Leave it "
                      "out where timescaledb is. [sark-M37]");
    else
        static_assert(sentence::nothing,
                      "sark: a table is to be placed beside one that is not distributed, or by a column of another "
                      "type; says<...> in this message says which. Distribute the other one first, by a column of the "
                      "same type. [sark-M38]");
}

/// Says what the judgements found, if anything, from place First on.
template <class Chain, profile Server, std::size_t First, bool Compare, class... Models>
consteval bool check_from() {
    constexpr std::size_t last = First + migrations_at_once < Chain::size() ? First + migrations_at_once
                                                                            : Chain::size();
    constexpr verdict const& found = judgement<Chain, Server, First, last, Compare, Models...>;
    if constexpr (found == verdict::refused) {
        say_refused<Chain, Server, First, last>();
    } else if constexpr (found == verdict::drift) {
        using sentence = sentence_t<sql::text<drift<Chain, Server, Models...>>>;
        static_assert(sentence::nothing,
                      "sark: the migrations and the structs disagree, and says<...> in this message says where. Add a "
                      "migration or change the model. [sark-M10]");
    } else if constexpr (found == verdict::broken_way_back) {
        using sentence = sentence_t<sql::text<broken_way_back<Chain, Server, First, last>>>;
        static_assert(sentence::nothing,
                      "sark: the way back of a migration does not restore what was there, and says<...> in this "
                      "message says what. Write its down as the inverse of its up, or say that it is irreversible. "
                      "[sark-M15]");
    } else if constexpr (last < Chain::size()) {
        return holds_from<Chain, Server, last, false>;
    }
    return found == verdict::holds;
}

template <class Chain, profile Server, class... Models>
consteval bool check_on() {
    if constexpr (Chain::size() <= migrations_at_once)
        return holds_from<Chain, Server, 0, true, Models...>;
    else if constexpr (holds_from<Chain, Server, Chain::size(), true, Models...>)
        return holds_from<Chain, Server, 0, false>;
    else
        return false;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Proves that a chain builds exactly what structs describe (tables, columns, keys, checks, indexes, enums and views)
/// and that each migration's way back is one; both on plain servers, with TimescaleDB and with Citus.
///
/// It is `true`, or the build fails with one sentence that names the first difference and the migration it comes from.
/// Triggers and functions are the chain's own: structs do not describe them.
/// @code
/// static_assert(sark::migrate::builds<my_chain, Order, Customer>);
/// @endcode
template <auto const& Chain, class... Models>
consteval bool check_builds() {
    using chain = std::remove_cvref_t<decltype(Chain)>;
    // Where nothing asks for an extension, the plain server's proof is the proof for all.
    constexpr bool by_profile = detail::chain_depends_on_profile<chain> ||
                                (detail::model_depends_on_profile<Models>() || ...);
    if constexpr (detail::check_on<chain, profile::plain, Models...>() && by_profile) {
        if constexpr (detail::check_on<chain, profile::timescaledb, Models...>())
            static_cast<void>(detail::check_on<chain, profile::citus, Models...>());
    }
    return true;  // or an assertion has spoken: one mistake, one message
}

/// Proves, without structs, that no migration of a chain asks an engine for what it refuses, and that each way back is
/// one: on plain servers, with TimescaleDB and with Citus. `builds` proves that too.
template <auto const& Chain>
consteval bool check_engines() {
    using chain = std::remove_cvref_t<decltype(Chain)>;
    if constexpr (detail::holds_from<chain, profile::plain, 0, false> && detail::chain_depends_on_profile<chain>) {
        if constexpr (detail::holds_from<chain, profile::timescaledb, 0, false>)
            static_cast<void>(detail::holds_from<chain, profile::citus, 0, false>);
    }
    return true;  // or an assertion has spoken
}

template <auto const& Chain>
inline constexpr bool fits_engines = check_engines<Chain>();

template <auto const& Chain, class... Models>
inline constexpr bool builds = check_builds<Chain, Models...>();

}  // namespace sark::migrate
