// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include <sark/migrate/step.hpp>

namespace sark::migrate::detail {

template <class T>
inline constexpr bool is_step = false;
template <class... Ops>
inline constexpr bool is_step<migrate::step_t<Ops...>> = true;

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Names the migration that must have run before; the first of a chain says `root`.
struct after {
    std::string_view id;
    consteval explicit after(std::string_view parent) : id{detail::checked_text(parent)} {}
    consteval after() = default;
};
inline constexpr after root{};

/// Holds one revision of the schema: where it belongs in the chain and what it does, in order.
template <class... Parts>
struct migration_t {
    std::string_view id;
    std::string_view parent;
    std::string_view description;
    detail::slots<std::index_sequence_for<Parts...>, Parts...> parts;

    static constexpr std::size_t part_count = sizeof...(Parts);

    constexpr void apply(schema::definition& d, profile server = profile::plain) const {
        parts.forward(detail::apply_parts{d, server});
    }
    constexpr void revert(schema::definition& d, profile server = profile::plain) const {
        parts.backward(detail::revert_parts{d, server});
    }
};

template <class... Parts>
inline constexpr bool depends_on_profile<migration_t<Parts...>> = (depends_on_profile<Parts> || ...);
template <class... Parts>
inline constexpr bool places_rows<migration_t<Parts...>> = (places_rows<Parts> || ...);

/// Describes a migration: `migration("002_api_keys", after{"001_initial"}, "API keys", create_table(…), …)`.
template <class... Parts>
[[nodiscard]] constexpr auto migration(std::string_view id, after parent, std::string_view description,
                                       Parts const&... parts) {
    static_assert(((operation<Parts> || detail::is_step<Parts>)&&...),
                  "sark: a part of a migration is no operation. Write operations (create_table(…), add_column{…}, …) "
                  "or steps of them. [sark-M07]");
    return migration_t<Parts...>{id, parent.id, description, {{parts}...}};
}

/// Describes a migration whose id says enough.
template <class First, class... Parts>
    requires(!std::convertible_to<First const&, std::string_view>)
[[nodiscard]] constexpr auto migration(std::string_view id, after parent, First const& first, Parts const&... parts) {
    return migrate::migration(id, parent, std::string_view{}, first, parts...);
}

}  // namespace sark::migrate
