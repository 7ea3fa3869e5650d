// SPDX-License-Identifier: MIT
#pragma once

#include <tuple>
#include <type_traits>

namespace sark::detail {

/// Stands for a value that is made when a container asks for it, in the place where it stays: nothing is moved.
///
///     rows.emplace_back(made_in_place<Row, decltype(make)>{make});
template <class T, class Make>
struct made_in_place {
    Make const& make;

    operator T() const { return make(); }  // NOLINT(google-explicit-constructor): that is what it is for
};

/// Tells whether nothing but the conversion makes a T of one of these; some types have constructors for anything.
template <class T>
inline constexpr bool can_be_made_in_place = std::is_aggregate_v<T>;
template <class A, class B, class... More>
inline constexpr bool can_be_made_in_place<std::tuple<A, B, More...>> = true;

}  // namespace sark::detail
