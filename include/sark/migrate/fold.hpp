// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/edit.hpp>

namespace sark::migrate {

/// Computes the schema that a chain builds on a server of one profile: `fold(chain, profile::timescaledb)`.
template <auto const&... Migrations>
[[nodiscard]] constexpr schema::definition fold(chain_t<Migrations...> const&, profile server,
                                                std::string_view revision = {}) {
    schema::definition built;
    bool done = false;
    auto const add = [&](auto const& m) {
        if (done) return;
        m.apply(built, server);
        done = m.id == revision;
    };
    (add(Migrations), ...);
    if (!revision.empty() && !done) throw detail::misfit{"sark: fold: the chain has no such revision."};
    return built;
}

/// Computes the schema that a chain builds, up to and including `revision` (empty for all of it), without a server.
[[nodiscard]] constexpr schema::definition fold(chain_view migrations, std::string_view revision = {}) {
    schema::definition built;
    for (migration_view const& m : migrations) {
        m.apply(built);
        if (m.id == revision) return built;
    }
    if (!revision.empty()) throw detail::misfit{"sark: fold: the chain has no such revision."};
    return built;
}

/// Compares two schemas as the server would: columns and enum labels in their order, everything else in any order.
[[nodiscard]] constexpr bool same_schema(schema::definition const& a, schema::definition const& b) {
    return detail::same_items(a.tables, b.tables, detail::same_table) &&
           detail::same_items(a.enums, b.enums, detail::equal) &&
           detail::same_items(a.views, b.views, detail::same_view) &&
           detail::same_items(a.functions, b.functions, detail::equal);
}

}  // namespace sark::migrate
