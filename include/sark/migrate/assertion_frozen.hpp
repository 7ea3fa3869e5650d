// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include <sark/migrate/assertion.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/assertion_walk.hpp>

namespace sark::migrate::detail {

/// Freezes what one migration of a chain is asked in one phase, in two passes as its statements are: nobody pays for
/// it who does not ask (docs/decisions/0032-assertions-from-the-fold.md).
template <class Chain, std::size_t Place, phase Phase>
struct frozen_phase;

template <auto const&... Migrations, std::size_t Place, phase Phase>
struct frozen_phase<migrate::chain_t<Migrations...>, Place, Phase> {
    static constexpr std::array<follower, sizeof...(Migrations)> followers{&follow_up<Migrations>...};
    static constexpr auto const& migration = *std::get<Place>(std::tuple{&Migrations...});

    struct measured {
        std::size_t count = 0;
        std::size_t chars = 0;
        std::size_t touches = 0;
    };
    static constexpr measured measure = [] {
        assertion_sink sink;
        std::size_t touches = 0;
        write_phase(sink, {followers}, Place, migration, Phase,
                    [&](preflight_scene const& s) { touches += s.touched.size(); });
        return measured{sink.count(), sink.chars(), touches};
    }();

    struct stored_assertions {
        std::array<char, measure.chars + 1> chars{};
        std::array<placed_assertion, measure.count> placed{};
        std::array<std::string_view, measure.touches> touches{};
        bool touches_any = false;
    };
    static constexpr stored_assertions stored = [] {
        stored_assertions s;
        assertion_sink sink{s.chars.data(), s.placed.data()};
        std::size_t next = 0;
        write_phase(sink, {followers}, Place, migration, Phase, [&](preflight_scene const& seen) {
            for (std::string_view name : seen.touched) s.touches[next++] = name;
            s.touches_any = s.touches_any || seen.touched_any;
        });
        return s;
    }();
    static constexpr std::array<migrate::assertion_view, measure.count> views = [] {
        std::array<migrate::assertion_view, measure.count> made{};
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = stored.placed[i].view(stored.chars.data());
        return made;
    }();
};

template <class Chain, class Places>
struct frozen_assertions;

template <auto const&... Migrations, std::size_t... Places>
struct frozen_assertions<migrate::chain_t<Migrations...>, std::index_sequence<Places...>> {
    using chain = migrate::chain_t<Migrations...>;
    static constexpr std::array<migrate::migration_assertions, sizeof...(Migrations)> all{migrate::migration_assertions{
        .id = Migrations.id,
        .before_up = frozen_phase<chain, Places, phase::before_up>::views,
        .after_up = frozen_phase<chain, Places, phase::after_up>::views,
        .before_down = frozen_phase<chain, Places, phase::before_down>::views,
        .after_down = frozen_phase<chain, Places, phase::after_down>::views,
        .touches = frozen_phase<chain, Places, phase::before_up>::stored.touches,
        .touches_any = frozen_phase<chain, Places, phase::before_up>::stored.touches_any ||
                       frozen_phase<chain, Places, phase::before_down>::stored.touches_any}...};
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Gives what each migration of a chain can be asked before and after it runs, as constants, oldest migration first.
///
/// Costs compile time where it is used, more than the chain itself; `preflight` and `verify_applied` do without. Clang
/// needs `-fconstexpr-steps` for a migration of a hundred operations.
template <auto const&... Migrations>
[[nodiscard]] constexpr std::span<migration_assertions const> assertions_of(chain_t<Migrations...> const&) {
    return detail::frozen_assertions<chain_t<Migrations...>, std::index_sequence_for<decltype(Migrations)...>>::all;
}

}  // namespace sark::migrate
