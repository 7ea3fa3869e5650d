// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/assertion_walk.hpp>

namespace sark::migrate::detail {

/// Holds assertions whose text is made at run time.
class rendered_assertions {
public:
    /// Calls `write(sink)` twice: to count and to store.
    template <class Write>
    explicit rendered_assertions(Write const& write) {
        assertion_sink counter;
        write(counter);
        chars_.resize(counter.chars() + 1);
        placed_.resize(counter.count());
        assertion_sink store{chars_.data(), placed_.data()};
        write(store);
    }

    [[nodiscard]] std::vector<migrate::assertion_view> views() const {
        std::vector<migrate::assertion_view> made;
        for (placed_assertion const& p : placed_) made.push_back(p.view(chars_.data()));
        return made;
    }

private:
    std::string chars_;
    std::vector<placed_assertion> placed_;
};

using seen_scene = std::function<void(preflight_scene const&)>;

/// Is `write_phase` without the migration's type.
using phase_writer = void (*)(assertion_sink&, followed_chain, std::size_t, phase, seen_scene const&);

template <auto const& Migration>
void write_migration(assertion_sink& sink, followed_chain chain, std::size_t place, phase at, seen_scene const& seen) {
    write_phase(sink, chain, place, Migration, at, seen);
}

/// Is a chain without its type: what is asked of a database is made of it in loops.
struct asked_chain {
    migrate::chain_view migrations;
    std::span<follower const> followers;
    std::span<phase_writer const> writers;
};

template <auto const&... Migrations>
struct asked_chain_of {
    static constexpr std::array<follower, sizeof...(Migrations)> followers{&follow_up<Migrations>...};
    static constexpr std::array<phase_writer, sizeof...(Migrations)> writers{&write_migration<Migrations>...};

    [[nodiscard]] static asked_chain view() { return {migrate::chain_t<Migrations...>::view(), followers, writers}; }
};

}  // namespace sark::migrate::detail
