// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Creates a view or a materialized view, which is filled at once; its down drops it.
struct create_view_t {
    std::string_view name;
    std::string_view query;
    bool materialized = false;

    [[nodiscard]] constexpr schema::view to_schema() const {
        return {.name = name, .query = query, .materialized = materialized};
    }
    constexpr void up(sql::writer& w) const { schema::put_create_view(w, to_schema()); }
    constexpr void down(sql::writer& w) const {
        w.put(materialized ? "DROP MATERIALIZED VIEW " : "DROP VIEW ");
        sql::put_identifier(w, name);
    }
    constexpr void apply(schema::definition& d) const { detail::add_new(d.views, to_schema()); }
    constexpr void revert(schema::definition& d) const { detail::remove_equal(d.views, to_schema()); }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = name, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }
};

[[nodiscard]] constexpr create_view_t create_view(std::string_view name, std::string_view query) {
    return {detail::checked_name(name), detail::checked_text(query), false};
}

[[nodiscard]] constexpr create_view_t create_materialized_view(std::string_view name, std::string_view query) {
    return {detail::checked_name(name), detail::checked_text(query), true};
}

/// Drops a view; takes its query, so that its down creates it again.
[[nodiscard]] constexpr reversed<create_view_t> drop_view(std::string_view name, std::string_view query) {
    return {create_view(name, query)};
}

[[nodiscard]] constexpr reversed<create_view_t> drop_materialized_view(std::string_view name, std::string_view query) {
    return {create_materialized_view(name, query)};
}

}  // namespace sark::migrate
