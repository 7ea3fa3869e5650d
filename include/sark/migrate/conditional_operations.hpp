// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/migrate/step.hpp>
#include <sark/sql/literal.hpp>

namespace sark::migrate::detail {

/// Is called, and therefore fails the constant expression, when a guarded statement could not stand in a block.
[[noreturn]] inline void a_conditional_operation_needs_a_transaction() {
    throw std::invalid_argument{"sark: what refuses transactions cannot depend on an extension"};
}

/// Writes a block that runs what `put_statement` writes where the server has, or lacks, the extension.
///
/// EXECUTE takes any statement, also one that gives rows; the marks differ from those of functions and requirements.
template <class PutStatement>
constexpr void put_guarded(sql::writer& w, std::string_view extension, bool present, PutStatement const& put) {
    w.put(present ? "DO $sark_when$ -- where " : "DO $sark_when$ -- where there is no ");
    w.put(extension);
    w.put(present ? " is installed\nBEGIN\n    IF EXISTS" : "\nBEGIN\n    IF NOT EXISTS");
    w.put(" (SELECT FROM pg_catalog.pg_extension WHERE extname = ");
    sql::put_literal(w, extension);
    w.put(") THEN\n        EXECUTE $sark_run$");
    put(w);
    w.put("$sark_run$;\n    END IF;\nEND\n$sark_when$");
}

/// Keeps the stronger lock, and adds up the costs.
constexpr void add_facts(facts& to, facts const& more) {
    if (more.lock > to.lock || to.relation.empty()) to.relation = more.relation;
    if (more.lock > to.lock) to.lock = more.lock;
    to.rewrites = to.rewrites || more.rewrites;
    to.scans = to.scans || more.scans;
    to.loses_data = to.loses_data || more.loses_data;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Holds operations that run only where the server has, or lacks, an extension. Whether it does is asked at run time,
/// in both directions; the fold asks the profile.
template <operation... Ops>
struct conditional_t {
    std::string_view extension;
    bool present;
    detail::slots<std::index_sequence_for<Ops...>, Ops...> guarded;

    [[nodiscard]] constexpr std::size_t up_count() const {
        std::size_t n = 0;
        guarded.forward([&](auto const& op) { n += migrate::up_count(op); });
        return n;
    }
    [[nodiscard]] constexpr std::size_t down_count() const {
        std::size_t n = 0;
        guarded.forward([&](auto const& op) { n += migrate::down_count(op); });
        return n;
    }
    constexpr void up(sql::writer& w, std::size_t i) const {
        std::size_t first = 0;
        guarded.forward([&](auto const& op) {
            std::size_t const count = migrate::up_count(op);
            if (i >= first && i - first < count)
                detail::put_guarded(w, extension, present,
                                    [&](sql::writer& out) { migrate::put_up(out, op, i - first); });
            first += count;
        });
    }
    constexpr void down(sql::writer& w, std::size_t i) const {
        std::size_t first = 0;
        guarded.backward([&](auto const& op) {
            std::size_t const count = migrate::down_count(op);
            if (i >= first && i - first < count)
                detail::put_guarded(w, extension, present,
                                    [&](sql::writer& out) { migrate::put_down(out, op, i - first); });
            first += count;
        });
    }
    constexpr void apply(schema::definition& d, profile server = profile::plain) const {
        if (has_extension(server, extension) == present)
            guarded.forward([&](auto const& op) { migrate::apply_for(op, d, server); });
    }
    constexpr void revert(schema::definition& d, profile server = profile::plain) const {
        if (has_extension(server, extension) == present)
            guarded.backward([&](auto const& op) { migrate::revert_for(op, d, server); });
    }
    /// Its facts name one relation, however many operations it holds.
    [[nodiscard]] constexpr bool changes_other_relations() const { return true; }
    [[nodiscard]] constexpr facts up_facts() const {
        facts all;
        guarded.forward([&](auto const& op) { detail::add_facts(all, op.up_facts()); });
        return all;
    }
    [[nodiscard]] constexpr facts down_facts() const {
        facts all;
        guarded.backward([&](auto const& op) { detail::add_facts(all, op.down_facts()); });
        return all;
    }
};

template <class... Ops>
inline constexpr bool depends_on_profile<conditional_t<Ops...>> = true;
template <class... Ops>
inline constexpr bool places_rows<conditional_t<Ops...>> = (places_rows<Ops> || ...);

}  // namespace sark::migrate

namespace sark::migrate::detail {

template <class T>
inline constexpr bool is_conditional = false;
template <class... Ops>
inline constexpr bool is_conditional<migrate::conditional_t<Ops...>> = true;

template <class... Ops>
constexpr migrate::conditional_t<Ops...> conditional(std::string_view extension, bool present, Ops const&... ops) {
    static_assert(sizeof...(Ops) > 0 && (!is_conditional<Ops> && ...),
                  "sark: when_extension and unless_extension take operations, at least one and none of their own kind. "
                  "Write them side by side. [sark-M14]");
    if (!(ops.up_facts().needs_transaction && ...) || !(ops.down_facts().needs_transaction && ...))
        a_conditional_operation_needs_a_transaction();
    return {checked_name(extension), present, {{ops}...}};
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Runs operations only where the extension is installed: `when_extension("timescaledb", data("SELECT …", …))`.
template <operation... Ops>
[[nodiscard]] constexpr auto when_extension(std::string_view extension, Ops const&... ops) {
    return detail::conditional(extension, true, ops...);
}

/// Runs operations only where the extension is not installed.
template <operation... Ops>
[[nodiscard]] constexpr auto unless_extension(std::string_view extension, Ops const&... ops) {
    return detail::conditional(extension, false, ops...);
}

}  // namespace sark::migrate
