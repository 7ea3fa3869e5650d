// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#include <sark/schema/columns.hpp>
#include <sark/schema/parts.hpp>

namespace sark {

namespace detail {

/// Tells that the columns From of one table point to the columns To of another.
template <class From, class To>
struct link {};

template <class Child, class Parent, class Part>
struct link_in {
    using type = void;
};
template <class Child, class Parent, auto... From, auto... To>
    requires std::is_same_v<owner_of<first_of<From...>>, Child> && std::is_same_v<owner_of<first_of<To...>>, Parent>
struct link_in<Child, Parent, foreign_key<key<From...>, key<To...>>> {
    using type = link<key<From...>, key<To...>>;
};
template <class Child, class Parent, auto From, auto To>
    requires std::is_same_v<owner_of<From>, Child> && std::is_same_v<owner_of<To>, Parent>
struct link_in<Child, Parent, relation<From, To>> {
    using type = link<key<From>, key<To>>;
};

template <class Child, class Parent, class Table>
struct links_between {
    static constexpr std::size_t count = 0;
    using first = void;
};
template <class... Ls>
struct first_link {
    using type = void;
};
template <class L, class... Ls>
struct first_link<L, Ls...> {
    using type = std::conditional_t<std::is_void_v<L>, typename first_link<Ls...>::type, L>;
};
template <class Child, class Parent, class... Parts>
struct links_between<Child, Parent, table_parts<Parts...>> {
    static constexpr std::size_t count = (std::size_t{0} + ... +
                                          (std::is_void_v<typename link_in<Child, Parent, Parts>::type> ? 0U : 1U));
    using first = typename first_link<typename link_in<Child, Parent, Parts>::type...>::type;
};

template <class Child, class Parent>
using child_to_parent = links_between<Child, Parent, std::remove_cv_t<decltype(table_of<Child>)>>;

}  // namespace detail

/// The rules of relations.
namespace rules {

template <class A, class B>
struct tables_have_a_declared_relation {
    static constexpr bool holds = detail::child_to_parent<A, B>::count + detail::child_to_parent<B, A>::count > 0;
};

template <class A, class B>
struct tables_have_one_relation_only {
    static constexpr bool holds = detail::child_to_parent<A, B>::count + detail::child_to_parent<B, A>::count < 2;
};

}  // namespace rules

/// Gives the declared relation from Child to Parent (a foreign key or `relation<…>` of Child), `void` for none.
template <class Child, class Parent>
using relation_to = typename detail::child_to_parent<Child, Parent>::first;

}  // namespace sark
