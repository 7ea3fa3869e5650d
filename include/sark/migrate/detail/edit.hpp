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
    if (T* const found = schema::detail::find_named(items, name)) return *found;
    throw misfit{complaint};
}

template <class T>
constexpr bool has_name(std::vector<T> const& items, std::string_view name) {
    return schema::detail::find_named(items, name) != nullptr;
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
        if (v.materialized && schema::same_text(v.name, relation)) return v.indexes;
    return table_of(d, relation).indexes;
}

/// Compares constraints as to what they say of rows; whether all rows have been read for it does not matter.
[[nodiscard]] constexpr bool same_but_for_validity(schema::constraint const& a, schema::constraint const& b) {
    schema::constraint copy = a;
    copy.not_valid = b.not_valid;
    return copy == b;
}

/// Appends what must not exist yet.
template <class T>
constexpr void add_new(std::vector<T>& items, T const& item) {
    if (has_name(items, item.name)) throw misfit{"sark: a migration creates a thing that exists at that point."};
    items.push_back(item);
}

/// Compares two lists whose order means nothing to the server; equal beginnings cost one comparison per item.
template <class T, class Same>
constexpr bool same_items(std::vector<T> const& a, std::vector<T> const& b, Same const& same) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (same(a[i], b[i])) continue;
        bool found = false;
        for (std::size_t j = 0; j < b.size() && !found; ++j) found = same(a[i], b[j]);
        if (!found) return false;
    }
    return true;
}

inline constexpr auto equal = [](auto const& a, auto const& b) { return a == b; };

constexpr bool same_table(schema::table const& a, schema::table const& b) {
    return schema::same_text(a.name, b.name) && schema::same_text(a.comment, b.comment) && a.columns == b.columns &&
           same_items(a.constraints, b.constraints, equal) && same_items(a.indexes, b.indexes, equal) &&
           same_items(a.triggers, b.triggers, equal) && a.chunks == b.chunks && a.shards == b.shards;
}

constexpr bool same_view(schema::view const& a, schema::view const& b) {
    return a.materialized == b.materialized && schema::same_text(a.name, b.name) &&
           schema::same_text(a.query, b.query) && same_items(a.indexes, b.indexes, equal) &&
           a.continuous == b.continuous;
}

/// Removes exactly this value; a different one of the same name means that the way back would not restore it.
///
/// Searches from the end, where what is undone was added: the whole chain is undone in one constant expression.
template <class T, class Same = decltype(equal)>
constexpr void remove_equal(std::vector<T>& items, T const& item, Same const& same = equal) {
    for (auto i = items.size(); i-- > 0;) {
        if (!same(items[i], item)) continue;
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
        return;
    }
    throw misfit{"sark: a migration drops a thing that is not there, or not as the operation spells it."};
}

}  // namespace sark::migrate::detail
