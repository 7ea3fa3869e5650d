// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

namespace sark {

/// Lists types without having values of them.
template <class... Ts>
struct type_list {
    static constexpr std::size_t size = sizeof...(Ts);

    template <class T>
    static constexpr bool contains = (std::is_same_v<T, Ts> || ...);
};

namespace detail {

template <class... Ls>
struct join_lists {
    using type = type_list<>;
};
template <class L>
struct join_lists<L> {
    using type = L;
};
template <class... As, class... Bs, class... Rest>
struct join_lists<type_list<As...>, type_list<Bs...>, Rest...> {
    using type = typename join_lists<type_list<As..., Bs...>, Rest...>::type;
};

}  // namespace detail

/// Concatenates lists; a type may then stand in it twice.
template <class... Ls>
using joined_t = typename detail::join_lists<Ls...>::type;

}  // namespace sark
