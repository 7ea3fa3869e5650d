// SPDX-License-Identifier: MIT
#pragma once

// The door to Boost.PFR. Only its core: the umbrella also brings streams and functors, at twice the cost.
#include <boost/pfr/core.hpp>
#include <boost/version.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sark::detail {

// PFR counts the fields of a struct before each thing it does, in steps that begin at the number of its bits, and looks
// at each field through ten overloads: most of what reflection costs the compiler. We know the number and say it. That
// is a door inside of the library, so it is used with the releases it was tried with; others are asked in the
// documented way (docs/decisions/0003).
#if BOOST_VERSION <= 109000 && defined(BOOST_PFR_USE_CPP17) && BOOST_PFR_USE_CPP17 &&                                  \
    !(defined(BOOST_PFR_USE_CPP26) && BOOST_PFR_USE_CPP26) &&                                                          \
    !(defined(BOOST_PFR_USE_CPP26_REFLECTION) && BOOST_PFR_USE_CPP26_REFLECTION)

/// Binds the N fields of an object to references, in order.
template <std::size_t N, class T>
[[nodiscard]] constexpr auto tie_fields(T& object) noexcept {
    return boost::pfr::detail::tie_as_tuple(object, boost::pfr::detail::size_t_<N>{});
}

template <std::size_t I, class Reference>
[[nodiscard]] constexpr Reference tied(
    boost::pfr::detail::sequence_tuple::base_from_member<I, Reference> const& field) {
    return field.value;
}

/// Takes the addresses of all fields in one instantiation.
template <std::size_t... I, class... References>
[[nodiscard]] constexpr std::array<void const*, sizeof...(I)> addresses_of(
    boost::pfr::detail::sequence_tuple::tuple_base<std::index_sequence<I...>, References...> const& fields) {
    return {&detail::tied<I, References>(fields)...};
}

#else

template <std::size_t N, class T>
[[nodiscard]] constexpr auto tie_fields(T& object) noexcept {
    return boost::pfr::structure_tie(object);
}

template <std::size_t I, class... References>
[[nodiscard]] constexpr decltype(auto) tied(std::tuple<References...> const& fields) {
    return std::get<I>(fields);
}

template <class... References>
[[nodiscard]] constexpr std::array<void const*, sizeof...(References)> addresses_of(
    std::tuple<References...> const& fields) {
    return std::apply([](auto const&... field) { return std::array<void const*, sizeof...(field)>{&field...}; },
                      fields);
}

#endif

template <std::size_t I, std::size_t N, class T>
[[nodiscard]] constexpr decltype(auto) field_of(T& object) noexcept {
    return detail::tied<I>(detail::tie_fields<N>(object));
}

}  // namespace sark::detail
