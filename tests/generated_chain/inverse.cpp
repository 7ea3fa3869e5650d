// SPDX-License-Identifier: MIT
// Compiling this file is the test: undoing each migration of a long chain gives back the schema from before it.
#include <cstddef>
#include <utility>

#include <generated_chain.hpp>
#include <sark/migrate/fold.hpp>

template <std::size_t Place>
inline constexpr bool undone = sark::migrate::down_is_the_inverse(generated::chain, Place);

template <std::size_t... Place>
consteval bool all_undone(std::index_sequence<Place...>) {
    return (undone<Place> && ...);
}
static_assert(all_undone(std::make_index_sequence<generated::count>{}));
