// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <sark/migrate/frozen.hpp>

namespace sark::migrate {

/// Shows a chain: its migrations, oldest first.
using chain_view = std::span<migration_view const>;

/// Is the longest id, because ledgers of other tools keep ids in 32 characters.
inline constexpr std::size_t max_id_length = 32;

}  // namespace sark::migrate

namespace sark::migrate::detail {

struct link {
    std::string_view id;
    std::string_view parent;
};
using link_span = std::span<link const>;

constexpr bool ids_fit(link_span links) {
    for (link const& l : links)
        if (l.id.empty() || l.id.size() > migrate::max_id_length || l.id.find('\0') != std::string_view::npos)
            return false;
    return true;
}

constexpr bool ids_are_unique(link_span links) {
    for (std::size_t i = 0; i < links.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (links[i].id == links[j].id) return false;
    return true;
}

constexpr bool parents_are_unique(link_span links) {
    for (std::size_t i = 0; i < links.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (links[i].parent == links[j].parent) return false;
    return true;
}

constexpr bool parents_are_predecessors(link_span links) {
    for (std::size_t i = 0; i < links.size(); ++i)
        if (links[i].parent != (i == 0 ? std::string_view{} : links[i - 1].id)) return false;
    return true;
}

/// Asserts the shape of a chain; the first broken rule is the only one that speaks.
template <auto const&... Migrations>
struct chain_rules {
    static_assert(sizeof...(Migrations) > 0,
                  "sark: the chain has no migration. Name at least one: chain<v001>. [sark-M05]");
    static constexpr std::array<link, sizeof...(Migrations)> links{link{Migrations.id, Migrations.parent}...};
    static constexpr bool fits = ids_fit(links);
    static_assert(fits, "sark: a migration's id is empty, longer than 32 characters or contains a zero. Shorten it; "
                        "the description has room. [sark-M01]");
    static constexpr bool unique = !fits || ids_are_unique(links);
    static_assert(unique, "sark: two migrations of the chain have the same id. Rename the newer one. [sark-M02]");
    static constexpr bool one_head = !fits || !unique || parents_are_unique(links);
    static_assert(one_head, "sark: two migrations of the chain follow the same one, so it would have two heads. Put "
                            "the newer one after the other. [sark-M03]");
    static_assert(!fits || !unique || !one_head || parents_are_predecessors(links),
                  "sark: a migration does not follow the one before it in the chain. Write after{\"<its "
                  "predecessor>\"}, and root for the first one only, and list them oldest first. [sark-M04]");
    static_assert(((Migrations.part_count > 0) && ...),
                  "sark: a migration of the chain does nothing. Give it an operation or take it out. [sark-M06]");
    static constexpr bool hold = true;
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Is the type of a chain; converts to `chain_view`, which is what plan and runner take.
template <auto const&... Migrations>
struct chain_t {
    static_assert(detail::chain_rules<Migrations...>::hold);
    static constexpr std::array<migration_view, sizeof...(Migrations)> migrations{detail::frozen<Migrations>::view...};

    constexpr operator chain_view() const { return migrations; }  // NOLINT(google-explicit-constructor): a view of it
    [[nodiscard]] static constexpr chain_view view() { return migrations; }
    [[nodiscard]] static constexpr std::size_t size() { return sizeof...(Migrations); }
    [[nodiscard]] static constexpr std::string_view head() { return migrations.back().id; }
};

/// Names a chain of migrations, oldest first: `inline constexpr auto chain = sark::migrate::chain<v001, v002>;`.
template <auto const&... Migrations>
inline constexpr chain_t<Migrations...> chain{};

}  // namespace sark::migrate
