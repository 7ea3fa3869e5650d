// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <vector>

#include <sark/query/row.hpp>
#include <sark/schema/relation.hpp>

namespace sark {

namespace rules {

template <class Child, class Parent>
struct child_has_one_relation_to_its_parent {
    static constexpr bool holds = detail::child_to_parent<Child, Parent>::count == 1;
};

template <class Child, class Row>
struct children_are_loaded_once {
    static constexpr bool holds = true;
};

}  // namespace rules

namespace detail {

/// Loads children of rows; defined by <sark/relation/load.hpp>.
template <class Child>
struct child_loader;

template <class Child>
concept child_loader_is_included = requires { sizeof(child_loader<Child>); };

template <class Child>
struct children_of {
    std::vector<Child> rows;
};

}  // namespace detail

/// Is a row with its children, loaded by one more query for any number of rows.
///
/// It has the members of the row itself, and `children<Child>()` for each type that `with` was asked for; for another
/// type the call does not compile.
template <class Row, class... Children>
struct with_children : Row, detail::children_of<Children>... {
    template <class Child>
        requires(std::is_same_v<Child, Children> || ...)
    [[nodiscard]] std::vector<Child> const& children() const& {
        return static_cast<detail::children_of<Child> const&>(*this).rows;
    }
    template <class Child>
        requires(std::is_same_v<Child, Children> || ...)
    [[nodiscard]] std::vector<Child>& children() & {
        return static_cast<detail::children_of<Child>&>(*this).rows;
    }
};

template <class Child, class Row, class... Children>
struct rules::children_are_loaded_once<Child, with_children<Row, Children...>> {
    static constexpr bool holds = !(std::is_same_v<Child, Children> || ...);
};

template <class Row, class... Children>
struct row_traits<with_children<Row, Children...>> : row_traits<Row> {
    template <class Fields>
    static with_children<Row, Children...> decode(Fields const& fields) {
        return {row_traits<Row>::decode(fields), detail::children_of<Children>{}...};
    }
};

}  // namespace sark
