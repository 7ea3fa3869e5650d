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

/// Tells whether a server of this profile has the extension.
[[nodiscard]] constexpr bool has_extension(profile server, std::string_view extension) {
    return (server == profile::timescaledb && extension == "timescaledb") ||
           (server == profile::citus && extension == "citus");
}

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

/// Turns an operation round: what is dropped carries everything its creation needs, so its down is derived.
template <operation Op>
struct reversed {
    Op of;

    [[nodiscard]] constexpr std::size_t up_count() const { return migrate::down_count(of); }
    [[nodiscard]] constexpr std::size_t down_count() const { return migrate::up_count(of); }
    constexpr void up(sql::writer& w, std::size_t i) const { migrate::put_down(w, of, i); }
    constexpr void down(sql::writer& w, std::size_t i) const { migrate::put_up(w, of, i); }
    constexpr void apply(schema::definition& d) const { of.revert(d); }
    constexpr void revert(schema::definition& d) const { of.apply(d); }
    [[nodiscard]] constexpr facts up_facts() const { return of.down_facts(); }
    [[nodiscard]] constexpr facts down_facts() const { return of.up_facts(); }
};

template <operation Op>
[[nodiscard]] constexpr reversed<Op> reverse(Op const& op) {
    return {op};
}

}  // namespace sark::migrate
