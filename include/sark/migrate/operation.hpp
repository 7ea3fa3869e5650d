// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include <sark/migrate/facts.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/writer.hpp>

namespace sark::migrate {

/// An operation is a literal value with the same parts in the same order: its fields; `up` and `down`, which write one
/// statement each; `apply` and `revert`, which do the same to a schema value; `up_facts` and `down_facts`.
///
/// An operation of several statements, or of none in one direction, has `up_count` or `down_count` and takes the
/// statement's number: `up(writer, i)`. The server gets one statement per call, always.
template <class T>
concept operation = requires(T const& op, schema::definition& d) {
    op.apply(d);
    op.revert(d);
    { op.up_facts() } -> std::same_as<facts>;
    { op.down_facts() } -> std::same_as<facts>;
};

/// Names the servers a chain is folded for: a plain one, or one that has an extension.
enum class profile { plain, timescaledb, citus };

inline constexpr profile profiles[]{profile::plain, profile::timescaledb, profile::citus};

/// Names the extension that a server of this profile has; empty for the plain one.
[[nodiscard]] constexpr std::string_view extension_of(profile server) {
    return server == profile::timescaledb ? "timescaledb" : server == profile::citus ? "citus" : "";
}

/// Tells whether a server of this profile has the extension.
[[nodiscard]] constexpr bool has_extension(profile server, std::string_view extension) {
    return server != profile::plain && extension_of(server) == extension;
}

/// Tells whether an operation, a step or a migration does different things on servers of different profiles.
template <class T>
inline constexpr bool depends_on_profile = false;

/// Tells whether an operation, a step or a migration says where an engine keeps the rows of a table. From then on the
/// proof asks what the engine would refuse.
template <class T>
inline constexpr bool places_rows = false;

/// Does to a schema of one profile what an operation or a step does; only conditional operations tell profiles apart.
template <class Op>
constexpr void apply_for(Op const& op, schema::definition& d, profile server) {
    if constexpr (requires { op.apply(d, server); })
        op.apply(d, server);
    else
        op.apply(d);
}

template <class Op>
constexpr void revert_for(Op const& op, schema::definition& d, profile server) {
    if constexpr (requires { op.revert(d, server); })
        op.revert(d, server);
    else
        op.revert(d);
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Visits parts to change a schema. No lambdas: each migration would have its own for each kind of part.
struct apply_parts {
    schema::definition& built;
    profile server;

    template <class Part>
    constexpr void operator()(Part const& part) const {
        migrate::apply_for(part, built, server);
    }
};

struct revert_parts {
    schema::definition& built;
    profile server;

    template <class Part>
    constexpr void operator()(Part const& part) const {
        migrate::revert_for(part, built, server);
    }
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Counts the statements of one direction.
template <operation Op>
[[nodiscard]] constexpr std::size_t up_count(Op const& op) {
    if constexpr (requires { op.up_count(); })
        return op.up_count();
    else
        return 1;
}

template <operation Op>
[[nodiscard]] constexpr std::size_t down_count(Op const& op) {
    if constexpr (requires { op.down_count(); })
        return op.down_count();
    else
        return 1;
}

/// Writes statement `i` of one direction.
template <operation Op>
constexpr void put_up(sql::writer& w, Op const& op, std::size_t i) {
    if constexpr (requires { op.up(w, i); })
        op.up(w, i);
    else
        op.up(w);
}

template <operation Op>
constexpr void put_down(sql::writer& w, Op const& op, std::size_t i) {
    if constexpr (requires { op.down(w, i); })
        op.down(w, i);
    else
        op.down(w);
}

/// Gives the reason why an operation has no way back, empty when it has one.
template <operation Op>
[[nodiscard]] constexpr std::string_view irreversible_reason(Op const& op) {
    if constexpr (requires { op.irreversible; })
        return op.irreversible;
    else
        return {};
}

/// Tells whether an operation may change relations that its facts do not name, as renaming a table does with the keys
/// that point to it.
template <operation Op>
[[nodiscard]] constexpr bool changes_other_relations(Op const& op) {
    if constexpr (requires { op.changes_other_relations(); })
        return op.changes_other_relations();
    else
        return false;
}

/// Turns an operation round: what is dropped carries everything its creation needs, so its down is derived.
template <operation Op>
struct reversed {
    Op of;

    [[nodiscard]] constexpr std::size_t up_count() const { return migrate::down_count(of); }
    [[nodiscard]] constexpr std::size_t down_count() const { return migrate::up_count(of); }
    constexpr void up(sql::writer& w, std::size_t i) const { migrate::put_down(w, of, i); }
    constexpr void down(sql::writer& w, std::size_t i) const { migrate::put_up(w, of, i); }
    constexpr void apply(schema::definition& d, profile server = profile::plain) const {
        migrate::revert_for(of, d, server);
    }
    constexpr void revert(schema::definition& d, profile server = profile::plain) const {
        migrate::apply_for(of, d, server);
    }
    [[nodiscard]] constexpr bool changes_other_relations() const { return migrate::changes_other_relations(of); }
    [[nodiscard]] constexpr facts up_facts() const { return of.down_facts(); }
    [[nodiscard]] constexpr facts down_facts() const { return of.up_facts(); }
};

template <class Op>
inline constexpr bool depends_on_profile<reversed<Op>> = depends_on_profile<Op>;
template <class Op>
inline constexpr bool places_rows<reversed<Op>> = places_rows<Op>;

template <operation Op>
[[nodiscard]] constexpr reversed<Op> reverse(Op const& op) {
    return {op};
}

}  // namespace sark::migrate
