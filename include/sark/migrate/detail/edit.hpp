// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <sark/schema/definition.hpp>

namespace sark::migrate::detail {

/// Says that an operation does not fit the schema it is applied to; in a constant expression the throw is the error.
struct misfit : std::logic_error {
    using std::logic_error::logic_error;
};

/// Finds what has this name, or says that it is missing.
template <class T>
[[nodiscard]] constexpr T& named(std::vector<T>& items, std::string_view name, char const* complaint) {
    for (T& item : items)
        if (item.name == name) return item;
    throw misfit{complaint};
}

template <class T>
constexpr bool has_name(std::vector<T> const& items, std::string_view name) {
    for (T const& item : items)
        if (item.name == name) return true;
    return false;
}

[[nodiscard]] constexpr schema::table& table_of(schema::definition& d, std::string_view name) {
    return named(d.tables, name, "sark: a migration changes a table that does not exist at that point.");
}

[[nodiscard]] constexpr schema::column& column_of(schema::definition& d, std::string_view table,
                                                  std::string_view name) {
    return named(table_of(d, table).columns, name,
                 "sark: a migration changes a column that does not exist at that point.");
}

/// Gives the indexes of a table or of a materialized view.
[[nodiscard]] constexpr std::vector<schema::index>& indexes_of(schema::definition& d, std::string_view relation) {
    for (schema::view& v : d.views)
        if (v.name == relation && v.materialized) return v.indexes;
    return table_of(d, relation).indexes;
}

/// Appends what must not exist yet.
template <class T>
constexpr void add_new(std::vector<T>& items, T const& item) {
    if (has_name(items, item.name)) throw misfit{"sark: a migration creates a thing that exists at that point."};
    items.push_back(item);
}

/// Removes exactly this value; a different one of the same name means that the way back would not restore it.
///
/// Searches from the end, where what is undone was added: the whole chain is undone in one constant expression.
template <class T>
constexpr void remove_equal(std::vector<T>& items, T const& item) {
    for (auto i = items.size(); i-- > 0;) {
        if (items[i].name != item.name || !(items[i] == item)) continue;
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
        return;
    }
    throw misfit{"sark: a migration drops a thing that is not there, or not as the operation spells it."};
}

}  // namespace sark::migrate::detail
