// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/assertion_sink.hpp>
#include <sark/migrate/detail/assertion_sql.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/schema/definition.hpp>

namespace sark::migrate::detail {

/// Tells whether a list has a constraint of the same name, be it one that the server chose.
constexpr bool has_constraint_name(std::vector<schema::constraint> const& list, schema::constraint const& wanted) {
    for (schema::constraint const& c : list)
        if (c.name == wanted.name &&
            (!c.name.empty() || (c.kind == wanted.kind &&
                                 (c.kind == schema::constraint_kind::primary_key || c.columns == wanted.columns))))
            return true;
    return false;
}

/// Follows a migration through its operations: what was there when it began, what is there now, and what it has
/// prepared on the way, about which nothing can be asked before it runs.
class preflight_scene {
public:
    constexpr preflight_scene(assertion_sink& to, schema::definition const& before) : sink{to}, start{before} {
        now = start;
    }

    assertion_sink& sink;
    schema::definition const& start;
    schema::definition now{};
    std::vector<std::string_view> touched{};
    bool touched_any = false;

    /// Notes what a migration changes; later migrations are not asked about it.
    constexpr void touch(std::string_view name) {
        if (std::find(touched.begin(), touched.end(), name) == touched.end()) touched.push_back(name);
    }

    /// Tells whether a relation is asked for the first time; once per migration is enough.
    constexpr bool asks_first(std::string_view relation) {
        if (sink.muted || std::find(asked_.begin(), asked_.end(), relation) != asked_.end()) return false;
        asked_.push_back(relation);
        return true;
    }

    constexpr void rows_change(std::string_view table) { changed_.push_back({table, {}}); }
    constexpr void values_change(std::string_view table, std::string_view column) {
        changed_.push_back({table, column});
    }
    constexpr void anything_changes() {
        anything_changed_ = true;
        touched_any = true;
    }

    [[nodiscard]] constexpr schema::table const* table_at_start(std::string_view name) const {
        return look_up(start.tables, name);
    }
    [[nodiscard]] constexpr schema::column const* column_at_start(std::string_view table, std::string_view name) const {
        schema::table const* const t = table_at_start(table);
        return t == nullptr ? nullptr : look_up(t->columns, name);
    }
    [[nodiscard]] constexpr bool view_at_start(std::string_view name) const {
        return look_up(start.views, name) != nullptr;
    }
    [[nodiscard]] constexpr bool relation_at_start(std::string_view name) const {
        return table_at_start(name) != nullptr || view_at_start(name);
    }
    [[nodiscard]] constexpr schema::index const* index_at_start(std::string_view relation,
                                                                std::string_view name) const {
        if (schema::table const* const t = table_at_start(relation)) return look_up(t->indexes, name);
        schema::view const* const v = look_up(start.views, relation);
        return v == nullptr ? nullptr : look_up(v->indexes, name);
    }
    [[nodiscard]] constexpr bool constraint_at_start(std::string_view table, schema::constraint const& wanted) const {
        schema::table const* const t = table_at_start(table);
        return t != nullptr && has_constraint_name(t->constraints, wanted);
    }

    /// Tells whether the rows are those that were there when the migration began.
    [[nodiscard]] constexpr bool can_ask_rows(std::string_view relation) const {
        if (anything_changed_ || !relation_at_start(relation)) return false;
        for (changed const& c : changed_)
            if (c.table == relation && c.column.empty()) return false;
        return true;
    }
    /// The same for the values of one column.
    [[nodiscard]] constexpr bool can_ask(std::string_view table, std::string_view column) const {
        return can_ask_rows(table) && (view_at_start(table) || column_at_start(table, column) != nullptr) &&
               !changes(table, column);
    }
    /// The same for a condition or an expression, which must mention none of the columns that are new or changed.
    [[nodiscard]] constexpr bool can_ask_text(std::string_view table, std::string_view text) const {
        if (!can_ask_rows(table)) return false;
        for (changed const& c : changed_)
            if (c.table == table && !c.column.empty() && mentions(text, c.column)) return false;
        return true;
    }
    template <class Columns>
    [[nodiscard]] constexpr bool can_ask_all(std::string_view table, Columns const& columns) const {
        for (std::string_view name : columns)
            if (!can_ask(table, name)) return false;
        return can_ask_rows(table);
    }

    [[nodiscard]] constexpr row_key key_of(std::string_view table) const { return row_key{table_at_start(table)}; }

private:
    struct changed {
        std::string_view table;
        std::string_view column;  ///< empty for all of the table
    };

    [[nodiscard]] constexpr bool changes(std::string_view table, std::string_view column) const {
        for (changed const& c : changed_)
            if (c.table == table && c.column == column) return true;
        return false;
    }

    std::vector<changed> changed_{};
    std::vector<std::string_view> asked_{};
    bool anything_changed_ = false;
};

}  // namespace sark::migrate::detail
