// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace sark::detail {

/// Keeps one of several values; the position tells equal types apart. Without [[no_unique_address]], on which Clang 16
/// crashes here.
template <std::size_t I, class T>
struct bundled {
    T value;
};

/// Keeps values of several types, in order: what a statement needs of std::tuple. Made as `bundle<A, B>{{a}, {b}}`.
///
/// Every query of a program makes new types of these, and the constructors and comparisons of a std::tuple would be
/// most of what it costs to compile (docs/decisions/0034-compile-cost-of-queries.md). An aggregate has none at all.
template <class Positions, class... Ts>
struct bundle_at;
template <std::size_t... I, class... Ts>
struct bundle_at<std::index_sequence<I...>, Ts...> : bundled<I, Ts>... {};

template <class... Ts>
struct bundle_of {
    // GCC does not mangle an index_sequence_for of a pack in a signature, so an alias alone is not enough.
    using type = bundle_at<std::index_sequence_for<Ts...>, Ts...>;
};
template <class... Ts>
using bundle = typename bundle_of<Ts...>::type;

/// Gives the value at a position.
template <std::size_t I, class T>
[[nodiscard]] constexpr T const& value_at(bundled<I, T> const& held) {
    return held.value;
}

template <std::size_t I, class T>
std::type_identity<T> find_bundled(bundled<I, T> const*);
/// Gives the type of the value at a position.
template <std::size_t I, class Bundle>
using type_at = typename decltype(find_bundled<I>(static_cast<Bundle const*>(nullptr)))::type;

/// Gives the values and one more.
template <std::size_t... I, class... Ts, class Next>
    requires(!std::is_reference_v<Next>)
[[nodiscard]] constexpr bundle<Ts..., Next> append(bundle_at<std::index_sequence<I...>, Ts...> const& before,
                                                   Next&& next) {
    return {{static_cast<bundled<I, Ts> const&>(before).value}..., {static_cast<Next&&>(next)}};
}

template <std::size_t... I, class... Ts, class Next>
    requires(!std::is_reference_v<Next>)
[[nodiscard]] constexpr bundle<Ts..., Next> append(bundle_at<std::index_sequence<I...>, Ts...>&& before, Next&& next) {
    return {{static_cast<bundled<I, Ts>&&>(before).value}..., {static_cast<Next&&>(next)}};
}

/// Calls f with each value in order.
template <class F, std::size_t... I, class... Ts>
constexpr void for_each_value(bundle_at<std::index_sequence<I...>, Ts...> const& all, F const& f) {
    (static_cast<void>(f(static_cast<bundled<I, Ts> const&>(all).value)), ...);
}

static_assert(value_at<1>(append(bundle<int, char>{{1}, {'b'}}, 2L)) == 'b');
static_assert(std::is_same_v<type_at<2, bundle<int, char, long>>, long> && std::is_empty_v<bundle<>>);

}  // namespace sark::detail
