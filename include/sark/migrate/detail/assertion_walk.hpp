// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/postcondition_scene.hpp>
#include <sark/migrate/detail/preflight_engines.hpp>
#include <sark/migrate/frozen.hpp>

namespace sark::migrate::detail {

using extension_span = std::span<std::string_view const>;

[[nodiscard]] constexpr bool has_extension_in(extension_span installed, std::string_view name) {
    return std::find(installed.begin(), installed.end(), name) != installed.end();
}

/// Calls `visit(op, extension, present)` for an operation, or for those that it runs under a condition.
template <class Op, class Visit>
constexpr void open_condition(Op const& op, bool up, Visit const& visit) {
    if constexpr (is_conditional<Op>) {
        auto const inner = [&](auto const& guarded) { visit(guarded, op.extension, op.present); };
        up ? op.guarded.forward(inner) : op.guarded.backward(inner);
    } else {
        visit(op, std::string_view{}, true);
    }
}

/// Follows one migration in one direction on a server with these extensions.
template <class Migration>
constexpr void follow(Migration const& m, bool up, extension_span installed, schema::definition& d, promises& p) {
    p.begin_migration();
    each_operation(m, up, [&](auto const& op, std::string_view) {
        open_condition(op, up, [&](auto const& inner, std::string_view extension, bool present) {
            if (!extension.empty() && has_extension_in(installed, extension) != present) return;
            up ? inner.apply(d) : inner.revert(d);
            promise(p, inner, up);
        });
    });
}

/// Is `follow` without the migration's type, so that a chain is followed by a loop.
template <auto const& Migration>
constexpr void follow_up(extension_span installed, schema::definition& d, promises& p) {
    follow(Migration, true, installed, d, p);
}
using follower = void (*)(extension_span, schema::definition&, promises&);

/// Lists the extensions on which operations of a migration depend.
template <class Migration>
constexpr std::vector<std::string_view> extensions_of(Migration const& m) {
    std::vector<std::string_view> names;
    each_operation(m, true, [&](auto const& op, std::string_view) {
        if constexpr (is_conditional<std::remove_cvref_t<decltype(op)>>)
            if (!has_extension_in(names, op.extension)) names.push_back(op.extension);
    });
    return names;
}

/// Writes what to ask before a migration runs, on a server with one extension or with none (empty).
///
/// What depends on an extension is asked where it is installed, everything else where none is: it is the same there.
template <class Migration>
constexpr void write_preflight_on(preflight_scene& s, Migration const& m, bool up, std::string_view extension) {
    each_operation(m, up, [&](auto const& op, std::string_view title) {
        s.sink.step = title;
        open_condition(op, up, [&](auto const& inner, std::string_view wanted, bool present) {
            bool const conditional = !wanted.empty();
            if (conditional && (wanted == extension) != present) return;
            s.sink.muted = extension.empty() ? conditional && present : !conditional || !present;
            if (conditional && present)
                s.sink.ask_where(wanted, {});
            else if (conditional)
                s.sink.ask_where({}, {wanted});
            else
                s.sink.ask_always();
            expect(s, inner, up);
            up ? inner.apply(s.now) : inner.revert(s.now);
        });
    });
}

enum class phase { before_up, after_up, before_down, after_down };

/// Folds the beginning of a chain.
struct followed_chain {
    std::span<follower const> followers;

    constexpr void fold(std::size_t count, extension_span installed, schema::definition& d, promises& p) const {
        for (follower const f : followers.first(count)) f(installed, d, p);
    }
};

/// Writes the assertions of one phase of the migration at `place`, and hands out each scene it went through.
template <class Migration, class Seen>
constexpr void write_phase(assertion_sink& sink, followed_chain chain, std::size_t place, Migration const& m, phase at,
                           Seen const& seen) {
    bool const up = at == phase::before_up || at == phase::after_up;
    bool const before = at == phase::before_up || at == phase::before_down;
    std::vector<std::string_view> const extensions = extensions_of(m);
    std::vector<std::string_view> worlds{std::string_view{}};
    worlds.insert(worlds.end(), extensions.begin(), extensions.end());
    for (std::string_view const world : worlds) {
        schema::definition start;
        promises promised_until;
        extension_span const installed = world.empty() ? extension_span{} : extension_span{&world, 1};
        chain.fold(place + (up ? 0 : 1), installed, start, promised_until);
        if (before) {
            preflight_scene scene{sink, start};
            write_preflight_on(scene, m, up, world);
            seen(scene);
        } else {
            std::vector<std::string_view> lacking;
            for (std::string_view name : extensions)
                if (name != world) lacking.push_back(name);
            sink.ask_where(world, lacking);
            schema::definition after = start;
            follow(m, up, installed, after, promised_until);
            write_postconditions(sink, &start, after, promised_until);
        }
    }
}

}  // namespace sark::migrate::detail
