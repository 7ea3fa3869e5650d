// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/index_parts.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Creates an index on a table or a materialized view.
struct create_index_t {
    std::string_view relation;
    index_part created;

    constexpr void up(sql::writer& w) const {
        schema::put_create_index(w, relation, created.to_schema(), created.concurrent);
    }
    constexpr void down(sql::writer& w) const {
        w.put(created.concurrent ? "DROP INDEX CONCURRENTLY " : "DROP INDEX ");
        sql::put_identifier(w, created.name);
    }
    constexpr void apply(schema::definition& d) const {
        detail::add_new(detail::indexes_of(d, relation), created.to_schema());
    }
    constexpr void revert(schema::definition& d) const {
        detail::remove_equal(detail::indexes_of(d, relation), created.to_schema());
    }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = relation,
                .lock = created.concurrent ? lock_level::share_update_exclusive : lock_level::share,
                .scans = true,
                .needs_transaction = !created.concurrent};
    }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = relation,
                .lock = created.concurrent ? lock_level::share_update_exclusive : lock_level::access_exclusive,
                .needs_transaction = !created.concurrent};
    }
};

/// Creates an index: `create_index("ix", "table", "column", descending("timestamp"), include("id"), where{"…"})`.
template <class... Parts>
[[nodiscard]] constexpr create_index_t create_index(std::string_view name, std::string_view relation,
                                                    Parts const&... parts) {
    return {detail::checked_name(relation), detail::index_of(name, false, parts...)};
}

template <class... Parts>
[[nodiscard]] constexpr create_index_t create_unique_index(std::string_view name, std::string_view relation,
                                                           Parts const&... parts) {
    return {detail::checked_name(relation), detail::index_of(name, true, parts...)};
}

/// Drops an index; takes its full definition, so that its down creates it again.
template <class... Parts>
[[nodiscard]] constexpr reversed<create_index_t> drop_index(std::string_view name, std::string_view relation,
                                                            Parts const&... parts) {
    return {create_index(name, relation, parts...)};
}

template <class... Parts>
[[nodiscard]] constexpr reversed<create_index_t> drop_unique_index(std::string_view name, std::string_view relation,
                                                                   Parts const&... parts) {
    return {create_unique_index(name, relation, parts...)};
}

}  // namespace sark::migrate
